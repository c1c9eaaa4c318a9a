"""Keys derived from the one secret of the installation, so that no two uses share a key."""

import hashlib
import hmac
from functools import lru_cache

from kit.settings import settings


def derived(purpose: str) -> bytes:
    """32 bytes that belong to `purpose` alone: HMAC-SHA256 of its name under the installation's secret."""
    return _derived(settings().secret_key.get_secret_value(), purpose)


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def mark(purpose: str, *parts: bytes) -> bytes:
    """A 32-byte keyed mark of `parts`, each length-prefixed so that no two lists of parts look alike."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(derived(purpose), message, hashlib.sha256)
