"""Tickets: a word that a page carries for its reader and nobody can read or make up, good until an instant.

For pages that act for whoever holds a secret, without having the secret written on them.
"""

import base64
import binascii
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.secrets import derived

_NONCE, _INSTANT = 12, 8


def seal(purpose: str, word: str, *, until: datetime) -> str:
    """A ticket for `word`; the instant is kept to the second."""
    nonce = secrets.token_bytes(_NONCE)
    content = int(until.timestamp()).to_bytes(_INSTANT, "big") + word.encode()
    sealed = AESGCM(derived(f"ticket {purpose}")).encrypt(nonce, content, None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(purpose: str, ticket: str, *, now: datetime) -> str | None:
    """The word of a ticket of the same purpose; None where it is over, or is none."""
    try:
        raw = base64.urlsafe_b64decode(ticket)
        content = AESGCM(derived(f"ticket {purpose}")).decrypt(raw[:_NONCE], raw[_NONCE:], None)
    except (ValueError, binascii.Error, InvalidTag):
        return None
    over = int.from_bytes(content[:_INSTANT], "big") < now.timestamp()
    return None if over else content[_INSTANT:].decode()
