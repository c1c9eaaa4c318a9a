"""What a store of files promises, whatever stands behind it: keys, refusals, `Part` and `Store`.

Keys are ours, never a client's. Bytes go in once and are never overwritten: the same content again is a no-op,
other content is refused. What `Part.finish()` has returned survives a power cut.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from kit.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable

FREE_SHARE_AT_LEAST = 0.03  # below this share of free space nothing more is taken
CHUNK_BYTES = 256 * 1024

_SEGMENT = r"[a-z0-9][a-z0-9._-]{0,127}"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{0,7}}")
_PREFIX = re.compile(rf"(?:{_SEGMENT}/){{0,7}}(?:{_SEGMENT})?")


class StorageUnavailable(Unavailable):
    """The store cannot take or give bytes now: full, read-only, broken or away."""

    code = "storage.unavailable"
    message = "Files cannot be stored or read at the moment; keep it and try again."


class ContentTooLarge(TooLarge):
    """More bytes came than the caller allows; `limit_bytes` in `extra`."""

    code = "content.too_large"
    message = "The file is too large."


class ChecksumMismatch(Invalid):
    """What arrived is not what was promised (length or SHA-256), most often a torn transfer."""

    code = "content.checksum"
    message = "The file did not arrive as it was announced; send it again."
    retryable = True


class Occupied(Conflict):
    """Other content already stands under this key."""

    code = "storage.occupied"
    message = "Other content is already stored under this name."


class Missing(NotFound):
    """Nothing stands under this key."""

    code = "storage.missing"
    message = "There is no such file."


class BadKey(ValueError):
    """A key that we would never make: a fault in our code, not in anybody's request."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in the store: `sha256` in lower-case hex, `fresh` False if it stood there before."""

    key: str
    sha256: str
    bytes: int
    fresh: bool


class Reader(Protocol):
    """An open file to be read once, front to back; close it, or use it in a `with`."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, all of the rest if negative, empty at the end. Raises StorageUnavailable."""

    def close(self) -> None:
        """Let go of it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""


class Part(ABC):
    """A file that is arriving: write chunks, then `finish`. Leaving the `with` without it keeps nothing."""

    def __init__(self, key: str, limit_bytes: int, *, hashed: bool = True) -> None:
        self.key = checked_key(key)
        self.bytes = 0
        self._limit_bytes = limit_bytes
        self._digest = hashlib.sha256() if hashed else None

    def write(self, *chunks: bytes | bytearray) -> None:
        """Take the next bytes. Raises ContentTooLarge at the first byte over the limit, StorageUnavailable."""
        for chunk in chunks:
            self.bytes += len(chunk)
            if self.bytes > self._limit_bytes:
                raise ContentTooLarge(limit_bytes=self._limit_bytes)
            if self._digest is not None:
                self._digest.update(chunk)
        self._append(chunks)

    def finish(self, *, expect_sha256: str | None = None, expect_bytes: int | None = None) -> Stored:
        """Hold what came against what was promised, then make it durable under its key.

        Raises ChecksumMismatch, Occupied, StorageUnavailable; then nothing is kept.
        """
        sha256 = self._digest.hexdigest() if self._digest is not None else ""
        if expect_bytes not in (None, self.bytes):
            raise ChecksumMismatch(expected_bytes=expect_bytes, received_bytes=self.bytes)
        if expect_sha256 is not None and expect_sha256.lower() != sha256:
            raise ChecksumMismatch(received_sha256=sha256)
        return Stored(self.key, sha256, self.bytes, fresh=self._keep(sha256))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._drop()

    @abstractmethod
    def _append(self, chunks: Sequence[bytes | bytearray]) -> None:
        """Hold on to the bytes, not yet under the key."""

    @abstractmethod
    def _keep(self, sha256: str) -> bool:
        """Make the content durable under the key; False if the same content stood there already.

        `sha256` is empty where nobody hashed it on its way.
        """

    @abstractmethod
    def _drop(self) -> None:
        """Let go of what has not been kept; harmless afterwards and twice. Never raises."""


class Store(ABC):
    """Files under keys. Every method may raise StorageUnavailable, and BadKey for a key that we would not make."""

    def begin(self, key: str, *, limit_bytes: int, hashed: bool = True) -> Part:
        """Start taking a file of at most `limit_bytes`. Raises StorageUnavailable when hardly any space is free.

        Not `hashed`, it costs less, its hash is told as empty, and it cannot be held against an announced one.
        """
        share = self.free_share()
        if share is not None and share < FREE_SHARE_AT_LEAST:
            raise StorageUnavailable(reason="low_space")
        return self._part(checked_key(key), limit_bytes, hashed=hashed)

    def put(
        self,
        key: str,
        source: Iterable[bytes] | Reader,
        *,
        limit_bytes: int,
        expect_sha256: str | None = None,
        expect_bytes: int | None = None,
    ) -> Stored:
        """Store a whole file from chunks or a reader; durable before it returns. Refusals as in `Part`."""
        with self.begin(key, limit_bytes=limit_bytes) as part:
            for chunk in _chunks(source):
                part.write(chunk)
            return part.finish(expect_sha256=expect_sha256, expect_bytes=expect_bytes)

    @abstractmethod
    def open(self, key: str) -> Reader:
        """Read a file. Raises Missing."""

    @abstractmethod
    def size(self, key: str) -> int:
        """The number of bytes. Raises Missing."""

    def exists(self, key: str) -> bool:
        """Whether something stands under the key."""
        try:
            self.size(key)
        except Missing:
            return False
        return True

    @abstractmethod
    def delete(self, key: str) -> None:
        """Remove a file for good; a missing one is no fault."""

    @abstractmethod
    def list_keys(self, prefix: str = "", *, before: datetime | None = None) -> Iterator[str]:
        """Every key that begins with `prefix`, last written before an instant if one is given, in no promised order."""

    @abstractmethod
    def free_share(self) -> float | None:
        """The free share of space, 0…1; None where the store cannot know."""

    @abstractmethod
    def healthy(self) -> bool:
        """Whether the store would take a file now. Never raises."""

    @abstractmethod
    def sweep(self, before: datetime) -> int:
        """Remove unfinished parts last written before that instant (their process died); how many there were."""

    @abstractmethod
    def _part(self, key: str, limit_bytes: int, *, hashed: bool) -> Part:
        """A new part for a checked key."""


def checked_key(key: str) -> str:
    """The key itself, if it is one that we make: lower-case segments that start with a letter or digit."""
    if not _KEY.fullmatch(key):
        raise BadKey(repr(key))
    return key


def checked_prefix(prefix: str) -> str:
    """The prefix itself, if a key may begin so."""
    if not _PREFIX.fullmatch(prefix):
        raise BadKey(repr(prefix))
    return prefix


def digest_of(reader: Reader) -> str:
    """The SHA-256 of what is left in a reader, in lower-case hex."""
    digest = hashlib.sha256()
    for chunk in _chunks(reader):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(source: Iterable[bytes] | Reader) -> Iterable[bytes]:
    read = getattr(source, "read", None)
    return source if read is None else iter(lambda: read(CHUNK_BYTES), b"")  # type: ignore[return-value]
