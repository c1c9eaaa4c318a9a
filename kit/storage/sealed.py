"""Files that are sealed while they are written, and opened piece by piece: AES-256-GCM in pieces of 64 KiB.

Each file has a key of its own. A piece is bound to the name of its file, to its place in it and to being the last, so
that pieces which were changed, moved, left out or put behind the end do not open.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Conflict
from kit.storage.contract import Part, Reader, Store

PIECE_BYTES = 64 * 1024
TAG_BYTES = 16
KEY_BYTES = 32
_WHOLE = PIECE_BYTES + TAG_BYTES
_NONCE_BYTES = 12  # the place alone: no two pieces are ever sealed with one key and one place
_FORM = b"sealed|v1|"


class DoesNotOpen(Conflict):
    """A sealed file is not what was written under its name, or this is not its key."""

    code = "storage.does_not_open"
    message = "A sealed file was changed, cut or exchanged."


def new_data_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(KEY_BYTES)


def sealed_bytes(plain: int) -> int:
    """How long a sealed file is, from the length of what is in it."""
    return plain + TAG_BYTES * max(1, -(-plain // PIECE_BYTES))


class SealedPart(Part):
    """A part whose content is sealed on its way into the store; it counts, hashes and compares what is not sealed."""

    def __init__(self, within: Part, key: bytes, limit_bytes: int) -> None:
        super().__init__(within.key, limit_bytes)
        self._within, self._cipher = within, AESGCM(key)
        self._left = b""
        self._place = 0
        self.sealed_sha256 = b""  # of the file as it lies, once it is finished; empty where that is not hashed

    def _append(self, chunks: Sequence[bytes | bytearray]) -> None:
        gathered = b"".join((self._left, *chunks))
        whole = max(0, (len(gathered) - 1) // PIECE_BYTES) * PIECE_BYTES  # what comes last is not known before the end
        view = memoryview(gathered)
        self._within.write(*(self._sealed(view[at : at + PIECE_BYTES]) for at in range(0, whole, PIECE_BYTES)))
        self._left = gathered[whole:]

    def _keep(self, sha256: str) -> bool:  # noqa: ARG002 - the contract's argument; sealed, it has another hash
        self._within.write(self._sealed(self._left, last=True))
        lies = self._within.finish()
        self.sealed_sha256 = bytes.fromhex(lies.sha256)
        return lies.fresh

    def _drop(self) -> None:
        self._within.__exit__(None, None, None)

    def _sealed(self, piece: bytes | memoryview, *, last: bool = False) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._place), piece, _bound(self.key, self._place, last=last))
        self._place += 1
        return sealed


def begin_sealed(store: Store, key: str, data_key: bytes, *, limit_bytes: int, hashed: bool = False) -> SealedPart:
    """Start taking a file that is sealed with `data_key`; `limit_bytes` is of what is not sealed. See `Store.begin`.

    `hashed` says to hash it as it lies, too.
    """
    return SealedPart(store.begin(key, limit_bytes=sealed_bytes(limit_bytes), hashed=hashed), data_key, limit_bytes)


class Opening:
    """Opens the pieces of one file, each once and in their order."""

    def __init__(self, key: str, data_key: bytes) -> None:
        self._key, self._cipher = key, AESGCM(data_key)
        self._place = 0
        self.is_over = False

    def open(self, piece: bytes, *, last: bool) -> bytes:
        """What is in the next piece. Raises DoesNotOpen."""
        try:
            if self.is_over:
                raise DoesNotOpen
            plain = self._cipher.decrypt(_nonce(self._place), piece, _bound(self._key, self._place, last=last))
        except (InvalidTag, ValueError) as wrong:
            raise DoesNotOpen from wrong
        self._place += 1
        self.is_over = last
        return plain


def pieces_of(reader: Reader) -> Iterator[tuple[bytes, bool]]:
    """The sealed pieces of a file, and whether each is its last."""
    piece = _filled(reader)
    while True:
        following = _filled(reader)
        yield piece, not following
        if not following:
            return
        piece = following


class Opened:
    """What is in a sealed file, piece by piece; `sha256` is then that of the file as it lies in the store.

    Raises DoesNotOpen; what came before that is as it was written.
    """

    def __init__(self, reader: Reader, key: str, data_key: bytes) -> None:
        self._reader, self._opening = reader, Opening(key, data_key)
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece, last in pieces_of(self._reader):
            self._digest.update(piece)
            yield self._opening.open(piece, last=last)

    @property
    def sha256(self) -> bytes:
        """Of the sealed file, as far as it was read."""
        return self._digest.digest()


def _filled(reader: Reader) -> bytes:
    """A whole piece, or what is left."""
    found = reader.read(PIECE_BYTES + TAG_BYTES)
    while (
        found and len(found) < PIECE_BYTES + TAG_BYTES and (more := reader.read(PIECE_BYTES + TAG_BYTES - len(found)))
    ):
        found += more
    return found


def _nonce(place: int) -> bytes:
    return place.to_bytes(_NONCE_BYTES, "big")


def _bound(key: str, place: int, *, last: bool) -> bytes:
    return _FORM + key.encode() + place.to_bytes(4, "big") + bytes([last])
