"""The secrets of a private installation: made once, kept in `.local/`, readable by their owner only.

The vault's private key is never handed to a process. It lies in a folder of its own, from where an operator moves it
to the custodian's machine.
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cli.places import Places, private_folder

OWNER_PASSWORD = "JZ_OWNER_PASSWORD"  # noqa: S105 - the name of a secret


def secrets_of(places: Places, *, make: bool = False) -> dict[str, str]:
    """The installation's secrets by name; empty while there are none and `make` does not ask for them."""
    path = places.local / "secrets"
    kept = _read(path)
    if kept or not make:
        return kept
    made = {
        OWNER_PASSWORD: secrets.token_hex(24),
        "JZ_SECRET_KEY": secrets.token_hex(32),
        "JZ_VAULT_PUBLIC_KEY": _make_vault_key(places.local / "vault"),
    }
    private_folder(places.local)
    _write(path, "".join(f"{name}={value}\n" for name, value in made.items()), 0o600)
    return made


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def _make_vault_key(folder: Path) -> str:
    """Make the pair of keys that seals who reported; give the public half, 64 hexadecimal digits."""
    private_folder(folder)
    kept = folder / "private.key"
    if kept.exists():
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(kept.read_text()))
    else:
        key = X25519PrivateKey.generate()
        _write(kept, key.private_bytes_raw().hex(), 0o400)
    return key.public_key().public_bytes_raw().hex()


def _write(path: Path, text: str, mode: int) -> None:
    """Write a whole file or none: a full disk must not leave half a secret behind."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as sink:  # noqa: PTH123 - the mode
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
    unfinished.rename(path)
