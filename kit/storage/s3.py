"""A bucket as a store: any S3-compatible service that knows `If-None-Match` on PUT.

A file is spooled to the scratch folder and hashed first, so that only what was promised ever leaves the machine; then
it is put under a condition that the key is free, with its SHA-256, and looked at again before the answer.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import TYPE_CHECKING, Self

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from kit.storage.contract import (
    Missing,
    Occupied,
    Part,
    Reader,
    StorageUnavailable,
    Store,
    checked_key,
    checked_prefix,
    digest_of,
)

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

LISTED_AT_ONCE = 1000
_IN_MEMORY_BYTES = 1024 * 1024
_KEY_TAKEN = {409, 412}
_NO_SUCH_KEY = {"NoSuchKey", "404"}  # HEAD has no body and says 404 only


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the objects stand: a bucket, a prefix of ours ("" or ending in "/"), and where files are spooled."""

    client: S3Client
    name: str
    prefix: str
    scratch: Path

    def object_name(self, key: str) -> str:
        """The object's name for a key."""
        return self.prefix + checked_key(key)

    def head(self, key: str) -> HeadObjectOutputTypeDef:
        """What the service knows of an object. Raises Missing."""
        with _trouble():
            return self.client.head_object(Bucket=self.name, Key=self.object_name(key))

    def read(self, key: str) -> Reader:
        """An object's content. Raises Missing."""
        with _trouble():
            return _Body(self.client.get_object(Bucket=self.name, Key=self.object_name(key))["Body"])


class S3Store(Store):
    """Files in a bucket. Its client is safe to share among threads."""

    def __init__(self, bucket: Bucket) -> None:
        self._at = bucket

    def open(self, key: str) -> Reader:
        """Read a file. Raises Missing."""
        return self._at.read(key)

    def size(self, key: str) -> int:
        """The number of bytes. Raises Missing."""
        return self._at.head(key)["ContentLength"]

    def delete(self, key: str) -> None:
        """Remove a file for good; a missing one is no fault."""
        with suppress(Missing), _trouble():
            self._at.client.delete_object(Bucket=self._at.name, Key=self._at.object_name(key))

    def list_keys(self, prefix: str = "", *, before: datetime | None = None) -> Iterator[str]:
        """Every key that begins with `prefix`, last written before an instant if one is given, in no promised order."""
        under = self._at.prefix + checked_prefix(prefix)
        with _trouble():
            lists = self._at.client.get_paginator("list_objects_v2")
            pages = lists.paginate(Bucket=self._at.name, Prefix=under, PaginationConfig={"PageSize": LISTED_AT_ONCE})
            for page in pages:
                yield from (
                    entry["Key"].removeprefix(self._at.prefix)
                    for entry in page.get("Contents", [])
                    if before is None or entry["LastModified"] < before
                )

    def free_share(self) -> None:
        """Unknown: a bucket does not say."""
        return

    def healthy(self) -> bool:
        """Whether the bucket answers."""
        try:
            with _trouble():
                self._at.client.head_bucket(Bucket=self._at.name)
        except (Missing, StorageUnavailable):
            return False
        return True

    def sweep(self, before: datetime) -> int:  # noqa: ARG002 - the contract's argument
        """Nothing to do: a spool has no name and ends with its process."""
        return 0

    def _part(self, key: str, limit_bytes: int, *, hashed: bool) -> Part:
        return _S3Part(self._at, key, limit_bytes, hashed=hashed)


class _S3Part(Part):
    def __init__(self, bucket: Bucket, key: str, limit_bytes: int, *, hashed: bool) -> None:
        super().__init__(key, limit_bytes, hashed=hashed)
        self._at = bucket
        self._spool = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, dir=str(bucket.scratch))  # noqa: SIM115 - _drop closes it

    def _append(self, chunks: Sequence[bytes | bytearray]) -> None:
        with _trouble():
            self._spool.writelines(chunks)

    def _keep(self, sha256: str) -> bool:
        sha256 = sha256 or self._digest_of_spool()  # the service is told what it must have received
        fresh = not self._stands(sha256) and self._sent(sha256)
        if not self._stands(sha256):
            raise StorageUnavailable(reason="not_there_after_put")
        return fresh

    def _sent(self, sha256: str) -> bool:
        """Put it if the key is free; False if somebody else was first."""
        with _trouble():
            self._spool.seek(0)
            try:
                self._at.client.put_object(
                    Bucket=self._at.name,
                    Key=self._at.object_name(self.key),
                    Body=self._spool,
                    ContentLength=self.bytes,
                    ContentType="application/octet-stream",
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                    Metadata={"sha256": sha256},
                    IfNoneMatch="*",
                )
            except ClientError as refused:
                if _status(refused) in _KEY_TAKEN:
                    return False
                raise
        return True

    def _stands(self, sha256: str) -> bool:
        """Whether this content stands under the key. Raises Occupied if other content does."""
        try:
            found = self._at.head(self.key)
        except Missing:
            return False
        present = found["Metadata"].get("sha256") or self._digest_there()
        if present != sha256 or found["ContentLength"] != self.bytes:
            raise Occupied
        return True

    def _digest_of_spool(self) -> str:
        with _trouble():
            self._spool.seek(0)
            return digest_of(self._spool)

    def _digest_there(self) -> str:
        """The digest of an object that was copied here without its metadata."""
        with self._at.read(self.key) as present:
            return digest_of(present)

    def _drop(self) -> None:
        with suppress(OSError):
            self._spool.close()


class _Body:
    """An answer's body, whose failures are told in our words."""

    def __init__(self, body: StreamingBody) -> None:
        self._body = body

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; all of the rest if negative. Raises StorageUnavailable."""
        with _trouble():
            return self._body.read(None if size < 0 else size)

    def close(self) -> None:
        """Give the connection back."""
        self._body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def s3_client(endpoint: str | None, region: str, access_key: str, secret_key: str) -> S3Client:
    """A client that gives up in seconds: a caller waits for it with a phone in the hand."""
    return Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=3,
            read_timeout=20,
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=32,
            # Other makers' services refuse checksums that they do not know; ours goes with each PUT anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except ClientError as refused:
        code = refused.response["Error"].get("Code", "refused")
        if code in _NO_SUCH_KEY:
            raise Missing from refused
        raise StorageUnavailable(reason=code) from refused
    except (BotoCoreError, HTTPClientError, OSError) as away:
        raise StorageUnavailable(reason=type(away).__name__) from away


def _status(refused: ClientError) -> int:
    return refused.response["ResponseMetadata"]["HTTPStatusCode"]
