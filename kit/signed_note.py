"""Signed notes (C2SP signed-note, as the Go checksum database writes them): a text, and a signature in a line under it.

Ed25519. A key is written `name+hash+base64`, where hash is the first four bytes of SHA-256(name, newline, 0x01, key).
"""

import base64
import hashlib
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "


class Forged(ValueError):
    """This note does not carry a signature of that key."""


class Signer:
    """Signs under a name, which must hold no space, plus sign or newline. `seed` is 32 bytes."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self._mark = _mark(name, self.public)

    @property
    def verifier(self) -> str:
        """The public key as text, for whoever checks."""
        content = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self._mark.hex()}+{content}"

    def sign(self, text: str) -> str:
        """The note: `text`, which ends with a newline, and its signature."""
        signature = base64.b64encode(self._mark + self._key.sign(text.encode())).decode()
        return f"{text}\n{_DASH}{self.name} {signature}\n"


def public_key(verifier: str) -> tuple[str, bytes]:
    """Name and key of a verifier line. Raises ValueError when it is none."""
    name, _, rest = verifier.strip().partition("+")
    mark, _, content = rest.partition("+")
    try:
        key = base64.b64decode(content, validate=True)
    except NotBase64 as wrong:
        raise ValueError("not a verifier key") from wrong
    if not name or len(key) != 33 or key[:1] != _ED25519 or _mark(name, key[1:]).hex() != mark:  # noqa: PLR2004
        raise ValueError("not a verifier key")
    return name, key[1:]


def opened(note: str, key: bytes) -> str:
    """The text of a note that `key` has signed under the name in the text's first line. Raises Forged."""
    text, blank, under = note.partition("\n\n")
    name = text.partition("\n")[0]
    text += "\n"
    for line in under.splitlines() if blank else ():
        said, _, signature = line.removeprefix(_DASH).partition(" ")
        if line.startswith(_DASH) and said == name and _holds(name, key, text, signature):
            return text
    raise Forged("no signature of this key")


def _holds(name: str, key: bytes, text: str, signature: str) -> bool:
    try:
        content = base64.b64decode(signature, validate=True)
        if content[:4] != _mark(name, key):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(content[4:], text.encode())
    except (NotBase64, InvalidSignature):
        return False
    return True


def _mark(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:4]
