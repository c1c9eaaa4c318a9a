"""The secrets of a private installation: made once, kept in `.local/`, readable by their owner only.

The vault's private keys and the password of its login role lie in a folder of their own, and are handed to the vault
alone (cli/processes.py).
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cli.places import Places, private_folder
from cli.processes import VAULT_KEYS, VAULT_PASSWORD
from cli.refusal import CannotGoOn

OWNER_PASSWORD = "JZ_OWNER_PASSWORD"  # noqa: S105 - the name of a secret
VAULT_PUBLIC = "JZ_VAULT_PUBLIC_KEY"


def secrets_of(places: Places, *, make: bool = False) -> dict[str, str]:
    """The installation's secrets by name; empty while there are none and `make` does not ask for them."""
    path = places.local / "secrets"
    kept = _read(path)
    if kept or not make:
        return kept
    made = {
        OWNER_PASSWORD: secrets.token_hex(24),
        "JZ_SECRET_KEY": secrets.token_hex(32),
        VAULT_PUBLIC: _make_vault_key(vault_folder(places)),
    }
    private_folder(places.local)
    _write(path, "".join(f"{name}={value}\n" for name, value in made.items()), 0o600)
    return made


def vault_secrets_of(places: Places, *, make: bool = False) -> dict[str, str]:
    """What only the vault is given, by name; empty where its folder is elsewhere.

    An installation of before the vault ran gets its password when `make` asks for it.
    """
    folder = vault_folder(places)
    if not folder.is_dir():
        return {}
    path = folder / "password"
    if make and not path.exists():
        _write(path, secrets.token_hex(24), 0o400)
    return {VAULT_KEYS: str(folder)} | ({VAULT_PASSWORD: path.read_text().strip()} if path.exists() else {})


def note_public_key(places: Places, public: bytes) -> bool:
    """Let what is sealed from the next start on be sealed to this key; False where the settings are somebody else's."""
    path = places.local / "secrets"
    kept = _read(path)
    if VAULT_PUBLIC not in kept:
        return False
    _write(path, "".join(f"{name}={value}\n" for name, value in (kept | {VAULT_PUBLIC: public.hex()}).items()), 0o600)
    return True


def vault_folder(places: Places) -> Path:
    """Where the private keys of this checkout lie."""
    return places.local / "vault"


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def _make_vault_key(folder: Path) -> str:
    """The newest pair of keys that seals who reported, made if there is none; gives the public half in hexadecimal."""
    private_folder(folder)
    kept = max(folder.glob("private*.key"), key=_number, default=None)
    if kept is None:
        key = X25519PrivateKey.generate()
        _write(folder / "private.key", key.private_bytes_raw().hex(), 0o400)
    else:
        try:
            key = X25519PrivateKey.from_private_bytes(bytes.fromhex(kept.read_text()))
        except ValueError:
            raise CannotGoOn(
                f"{kept} is encrypted. Put .local/secrets, which named it, back from its backup."
            ) from None
    return key.public_key().public_bytes_raw().hex()


def _number(key: Path) -> int:
    """The number of a private key, as vault/keyring.py calls its file."""
    return int(key.stem.partition("-")[2] or 1)


def _write(path: Path, text: str, mode: int) -> None:
    """Write a whole file or none: a full disk must not leave half a secret behind."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as sink:  # noqa: PTH123 - the mode
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
    unfinished.rename(path)
