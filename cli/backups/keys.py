"""The keys of a private installation, kept apart from its backups: the secret, and the vault's folder.

Whoever has a backup and these has everything: so they are written to another place, and only when that was asked for.
"""

import shutil
from pathlib import Path

from cli.keys import secrets_of, vault_folder
from cli.places import Places, private_folder
from cli.refusal import CannotGoOn

SECRETS, VAULT = "secrets", "vault"


def keep(places: Places, target: Path, *, apart_from: Path) -> None:
    """Write copies of the keys to the folder `target`. Raises CannotGoOn where that lies in the backup, or has some."""
    if target.resolve().is_relative_to(apart_from.resolve()):
        raise CannotGoOn("Keys lie apart from the backup that they open. Name another folder for them.")
    if (target / SECRETS).exists():
        raise CannotGoOn(f"{target} holds keys already. Name another folder for these.")
    if not secrets_of(places):
        raise CannotGoOn("The secrets of this installation are in its settings, and not in .local. Keep those.")
    _copy(places.local / SECRETS, vault_folder(places), private_folder(target))


def put_back(places: Places, source: Path) -> None:
    """Take the keys of a backup into this checkout, which has none. Raises CannotGoOn."""
    if not (source / SECRETS).is_file():
        raise CannotGoOn(f"{source} holds no keys: a file {SECRETS} is expected, and the vault's folder.")
    if secrets_of(places):
        raise CannotGoOn("This checkout has secrets of its own in .local. Restore into a fresh one.")
    _copy(source / SECRETS, source / VAULT, private_folder(places.local))


def _copy(secrets: Path, vault: Path, to: Path) -> None:
    try:
        if vault.is_dir():
            private_folder(to / VAULT)
            for path in vault.iterdir():
                shutil.copy2(path, to / VAULT / path.name)
        shutil.copy2(secrets, to / SECRETS)
    except OSError as failure:
        raise CannotGoOn(f"The keys could not be written to {to}: {failure}.") from failure
