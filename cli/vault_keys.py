"""`rotate-vault-key` and `keep-vault-key`: what an operator does with the vault's keys, beside the vault's folder."""

import sys
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cli.keys import note_public_key
from cli.places import Places
from cli.refusal import CannotGoOn
from cli.terminal import say
from cli.vault import keyring_of
from kit import clock
from kit.db import VAULT, unit_of_work
from kit.settings import settings
from kit.wire import NobodyAnswers, ask
from people.vault import FIRST_KEY, SealingKey
from vault import rotation

TICK_S = 0.5


def rotate_vault_key(
    *, wait: Annotated[bool, typer.Option(help="Wait until everything is sealed to the new key.")] = True
) -> None:
    """Make a new key for the vault; the running vault then seals everything to it, and may be stopped meanwhile.

    Raises CannotGoOn while an earlier rotation is not finished, or where the vault's folder is not.
    """
    given = settings()
    keyring = keyring_of(given)
    try:
        with unit_of_work(VAULT) as session:
            rotation.register(session, keyring, now=clock.now())
            key = rotation.begin(session, keyring, now=clock.now())
    except rotation.NotFinished:
        raise CannotGoOn(
            "An earlier rotation is not finished: ./jz alive vault tells whether the vault runs."
        ) from None
    say(f"key {key.id} is in force. What arrives is sealed to it within seconds.")
    if not note_public_key(Places(), key.public):
        say(f"put this into .env on every machine: JZ_VAULT_PUBLIC_KEY={key.public.hex()}")
    say("back up the vault's folder now. The old key is destroyed some time after Jingzhong was started again.")
    if wait:
        _wait_for(key, given.vault_socket)


def _wait_for(key: SealingKey, socket: str) -> None:
    while True:
        with unit_of_work(VAULT) as session:
            left = rotation.waiting(session, key)
        if not left:
            say("everything is sealed to the new key.")
            return
        try:
            ask(socket, {"ask": "alive"})
        except NobodyAnswers:
            raise CannotGoOn(
                f"The vault does not run; {left} envelopes wait for it. It goes on when it runs."
            ) from None
        clock.sleep(TICK_S)


def keep_vault_key() -> None:
    """Take the first private key, 64 hexadecimal digits, from standard input into the vault's folder.

    Raises CannotGoOn for one that does not belong to JZ_VAULT_PUBLIC_KEY, and where there is one already.
    """
    given = settings()
    try:
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(sys.stdin.read(4096).split(":")[-1].strip()))
    except ValueError:
        raise CannotGoOn("That is no private key: 64 hexadecimal digits are expected.") from None
    if key.public_key().public_bytes_raw().hex() != given.vault_public_key:
        raise CannotGoOn("This private key does not belong to JZ_VAULT_PUBLIC_KEY.")
    try:
        keyring_of(given).keep(FIRST_KEY, key)
    except FileExistsError:
        raise CannotGoOn("There is a key in the vault's folder already.") from None
    say("the vault has its key.")
