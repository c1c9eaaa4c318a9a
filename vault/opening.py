"""Opening what was sealed, by whoever holds the key."""

import json
from typing import Any

from cryptography.exceptions import InvalidTag

from people.models import Envelope, SealedIdentity, SealedOriginal
from people.vault import HPKE_X25519, SUITE, SealingKey, binding, binding_of_original, seal_bytes
from vault.keyring import KeyMissing, Keyring


class CannotBeOpened(Exception):
    """Its key is not here, or it is not what was sealed for this report or photo."""


def opened(keyring: Keyring, sealed: SealedIdentity) -> dict[str, Any]:
    """Who reported. Raises CannotBeOpened."""
    found: dict[str, Any] = json.loads(content_of(keyring, sealed))
    return found


def content_of(keyring: Keyring, sealed: Envelope) -> bytes:
    """What an envelope holds: of a photo, the key of its file. Raises CannotBeOpened."""
    if sealed.alg != HPKE_X25519:
        raise CannotBeOpened(f"algorithm {sealed.alg} is not known")
    try:
        return SUITE.decrypt(sealed.envelope, keyring.private(sealed.key_id), info=_binding(sealed))
    except KeyMissing as missing:
        raise CannotBeOpened(f"key {sealed.key_id} is not here") from missing
    except (InvalidTag, ValueError) as wrong:
        raise CannotBeOpened("it is not what was sealed for this") from wrong


def rewrap(keyring: Keyring, sealed: Envelope, key: SealingKey) -> None:
    """Seal an envelope anew to another key. Raises CannotBeOpened, and leaves it as it was."""
    sealed.envelope = seal_bytes(key, content_of(keyring, sealed), bound_to=_binding(sealed))
    sealed.key_id, sealed.alg = key.id, HPKE_X25519


def _binding(sealed: Envelope) -> bytes:
    match sealed:
        case SealedOriginal():
            return binding_of_original(sealed.photo_id, sealed.storage_key)
        case SealedIdentity():
            return binding(sealed.report_id)
    raise CannotBeOpened(f"{type(sealed).__name__} is not known")
