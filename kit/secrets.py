"""Keys derived from the one secret of the installation, so that no two uses share a key."""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.settings import settings

_NONCE = 12


def derived(purpose: str) -> bytes:
    """32 bytes that belong to `purpose` alone: HMAC-SHA256 of its name under the installation's secret."""
    return derived_from(settings().secret_key.get_secret_value(), purpose)


@lru_cache(maxsize=64)
def derived_from(secret: str, purpose: str) -> bytes:
    """The same of another secret: of the one before, to open once more what it has wrapped."""
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def mark(purpose: str, *parts: bytes) -> bytes:
    """A 32-byte keyed mark of `parts`, each length-prefixed so that no two lists of parts look alike."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(derived(purpose), message, hashlib.sha256)


def seal(purpose: str, whose: str, secret: str) -> bytes:
    """A secret that must be had again, so that a dump of the database does not tell it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derived(purpose)).encrypt(nonce, secret.encode(), whose.encode())


def unseal(purpose: str, whose: str, sealed: bytes) -> str:
    """What was sealed. Bound to its owner: what was copied to somebody else's row does not open."""
    return AESGCM(derived(purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], whose.encode()).decode()
