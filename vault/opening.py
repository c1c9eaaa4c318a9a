"""Opening what was sealed, by whoever holds the key."""

import json
from typing import Any

from cryptography.exceptions import InvalidTag

from people.models import SealedIdentity
from people.vault import HPKE_X25519, SUITE, SealingKey, binding, seal
from vault.keyring import KeyMissing, Keyring


class CannotBeOpened(Exception):
    """Its key is not here, or it is not what was sealed for this report."""


def opened(keyring: Keyring, sealed: SealedIdentity) -> dict[str, Any]:
    """What an envelope holds. Raises CannotBeOpened."""
    if sealed.alg != HPKE_X25519:
        raise CannotBeOpened(f"algorithm {sealed.alg} is not known")
    try:
        content = SUITE.decrypt(sealed.envelope, keyring.private(sealed.key_id), info=binding(sealed.report_id))
    except KeyMissing as missing:
        raise CannotBeOpened(f"key {sealed.key_id} is not here") from missing
    except (InvalidTag, ValueError) as wrong:
        raise CannotBeOpened("it is not what was sealed for this report") from wrong
    found: dict[str, Any] = json.loads(content)
    return found


def rewrap(keyring: Keyring, sealed: SealedIdentity, key: SealingKey) -> None:
    """Seal an envelope anew to another key. Raises CannotBeOpened, and leaves it as it was."""
    sealed.envelope = seal(key, sealed.report_id, opened(keyring, sealed))
    sealed.key_id, sealed.alg = key.id, HPKE_X25519
