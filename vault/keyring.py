"""The private keys, as files in a folder that only the vault's user may enter.

They are called `private.key`, `private-2.key` and so on. A file holds 64 hexadecimal digits, or an encrypted PEM where
the operator gives a passphrase at the start.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from kit.errors import Misconfigured
from people.vault import FIRST_KEY

_NAMED = re.compile(r"private(?:-([1-9]\d{0,8}))?\.key")
FIRST = "private.key"


class KeyMissing(Exception):
    """The private half of this key is not in the folder."""


@dataclass
class Keyring:
    """The keys of one folder. A file that comes later is found when it is asked for."""

    folder: Path
    passphrase: bytes = b""
    _kept: dict[int, X25519PrivateKey] = field(default_factory=dict, repr=False)

    def numbers(self) -> list[int]:
        """The numbers of the keys that are here, rising. Raises Misconfigured when the folder cannot be read."""
        try:
            names = [_NAMED.fullmatch(path.name) for path in self.folder.iterdir()]
        except OSError as failure:
            raise Misconfigured(f"The vault's folder {self.folder} cannot be read: {failure.strerror}.") from failure
        return sorted(int(found[1] or FIRST_KEY) for found in names if found)

    def private(self, number: int) -> X25519PrivateKey:
        """The private half of a key. Raises KeyMissing, and Misconfigured for a file that others can read."""
        if number not in self._kept:
            self._kept[number] = self._read(number)
        return self._kept[number]

    def public(self, number: int) -> bytes:
        """The public half of a key that is here; raises as `private` does."""
        return self.private(number).public_key().public_bytes_raw()

    def pairs(self) -> Iterator[tuple[int, bytes]]:
        """Number and public half of each key that is here."""
        return ((number, self.public(number)) for number in self.numbers())

    def add(self, number: int) -> bytes:
        """Make a new key and keep it on the disk before anything is sealed to it; gives its public half."""
        self.keep(number, X25519PrivateKey.generate())
        return self.public(number)

    def keep(self, number: int, key: X25519PrivateKey) -> None:
        """Write a key down, whole or not at all. Raises FileExistsError rather than lose one that is there."""
        path = self._path(number)
        if path.exists():
            raise FileExistsError(path)
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as sink:  # noqa: PTH123 - the mode
            sink.write(self._written(key))
            sink.flush()
            os.fsync(sink.fileno())
        unfinished.rename(path)
        self._remember_names()

    def destroy(self, number: int) -> None:
        """Take a key away for good: whatever is still sealed to it is lost. Not being there is no failure."""
        self._kept.pop(number, None)
        self._path(number).unlink(missing_ok=True)
        self._remember_names()

    def _path(self, number: int) -> Path:
        return self.folder / (FIRST if number == FIRST_KEY else f"private-{number}.key")

    def _read(self, number: int) -> X25519PrivateKey:
        path = self._path(number)
        try:
            if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Misconfigured(f"Others can read {path}. Give it mode 0400.")
            content = path.read_bytes().strip()
        except OSError as failure:
            raise KeyMissing(number) from failure
        try:
            if content.startswith(b"-----BEGIN"):
                return self._from_pem(content)
            return X25519PrivateKey.from_private_bytes(bytes.fromhex(content.decode()))
        except (ValueError, TypeError) as failure:  # also a wrong passphrase, or none
            raise Misconfigured(f"{path} is not a key that can be read. Is JZ_VAULT_PASSPHRASE right?") from failure

    def _from_pem(self, content: bytes) -> X25519PrivateKey:
        key = load_pem_private_key(content, self.passphrase or None)
        if not isinstance(key, X25519PrivateKey):
            raise TypeError(type(key).__name__)
        return key

    def _written(self, key: X25519PrivateKey) -> bytes:
        if not self.passphrase:
            return key.private_bytes_raw().hex().encode()
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(self.passphrase))

    def _remember_names(self) -> None:
        """The folder's own entry goes to the disk as well."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
