"""The key under which this installation signs heads of its log and receipts, each under a name of its own."""

from functools import lru_cache
from urllib.parse import urlsplit

from kit.secrets import derived
from kit.settings import settings
from kit.signed_note import Signer


def signer(purpose: str) -> Signer:
    """The signer of `purpose`; its name is the host's, a slash and the purpose, so that no note passes for another."""
    return _signer(f"{urlsplit(settings().base_url).netloc}/{purpose}", derived("log-signing"))


@lru_cache(maxsize=8)
def _signer(name: str, seed: bytes) -> Signer:
    return Signer(name, seed)
