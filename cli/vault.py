"""The vault as a process of `up`: it opens who reported, and nobody else can."""

from pathlib import Path

from cli.notice import tell_ready
from cli.refusal import CannotGoOn
from cli.until import until_told
from kit import confinement, logs
from kit.settings import Settings, settings
from vault.keyring import Keyring
from vault.life import run


def vault() -> None:
    """Answer on the vault's socket, and seal anew what a rotation asks for, until told to stop."""
    given = settings()
    logs.begin(given.log_level)
    confinement.keep_memory_to_oneself()
    if not given.vault_socket:
        raise CannotGoOn("JZ_VAULT_SOCKET is not given. .env.example says what it may be.")
    run(keyring_of(given), Path(given.vault_socket), keep_going=until_told(), on_ready=tell_ready)


def keyring_of(given: Settings) -> Keyring:
    """The keys that this process may hold. Raises CannotGoOn where it was given none."""
    if not given.vault_keys or not given.vault_password.get_secret_value():
        raise CannotGoOn("JZ_VAULT_KEYS and JZ_VAULT_PASSWORD are needed here. docs/vault.md says where they lie.")
    return Keyring(Path(given.vault_keys), given.vault_passphrase.get_secret_value().encode())
