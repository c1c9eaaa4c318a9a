"""Files that several may open: each sealed with a key of its own, which the installation's secret wraps (ADR 0027).

The wrapped key lies in the row that names the file: whoever may read the row may open it, and whoever has the store, or
a backup of it, or the database as well, may not.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.secrets import derived, derived_from
from kit.storage.contract import CHUNK_BYTES, Reader, Store
from kit.storage.sealed import Opened, begin_sealed, new_data_key

_PURPOSE = "key of a file"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed file: `sha256` and `bytes` of what is in it, `sealed_sha256` of how it lies."""

    key: str
    wrapped: bytes
    sealed_sha256: bytes
    sha256: bytes
    bytes: int


def wrap(key: str, data_key: bytes) -> bytes:
    """The key of a file as it is kept; it opens for this file alone."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(derived(_PURPOSE)).encrypt(nonce, data_key, key.encode())


def wrap_anew(key: str, wrapped: bytes, *, before: str) -> bytes:
    """The same under the secret of now. Raises InvalidTag where it was not wrapped under the one `before`."""
    return wrap(key, _unwrapped(derived_from(before, _PURPOSE), key, wrapped))


def is_shut(key: str, wrapped: bytes) -> bool:
    """Whether the secret of now does not open it."""
    try:
        _unwrapped(derived(_PURPOSE), key, wrapped)
    except InvalidTag:
        return True
    return False


def put_kept(store: Store, key: str, chunks: Iterable[bytes], *, limit_bytes: int, expect: bytes | None = None) -> Kept:
    """Seal a file into the store, durably. Raises ChecksumMismatch, ContentTooLarge, StorageUnavailable."""
    data_key = new_data_key()
    with begin_sealed(store, key, data_key, limit_bytes=limit_bytes, hashed=True) as part:
        for chunk in chunks:
            part.write(chunk)
        stored = part.finish(expect_sha256=expect.hex() if expect is not None else None)
    return Kept(key, wrap(key, data_key), part.sealed_sha256, bytes.fromhex(stored.sha256), stored.bytes)


def open_kept(store: Store, key: str, wrapped: bytes | None) -> Iterator[bytes]:
    """What is in a file, piece by piece; one without a wrapped key lies in clear. Raises Missing before the first.

    Raises DoesNotOpen where it was changed, and InvalidTag where it is another's key.
    """
    if wrapped is None:
        return _in_clear(store.open(key))
    data_key = _unwrapped(derived(_PURPOSE), key, wrapped)
    return _opened(store.open(key), key, data_key)


def _opened(file: Reader, key: str, data_key: bytes) -> Iterator[bytes]:
    with file:
        yield from Opened(file, key, data_key)


def _in_clear(file: Reader) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _unwrapped(by: bytes, key: str, wrapped: bytes) -> bytes:
    return AESGCM(by).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key.encode())
