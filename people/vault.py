"""Sealing who a reporter is, and the keys of their photos (security.md §3.1.3).

Whoever holds the public key can write it and never read it. The private halves are held by the process `vault` alone
(vault/keyring.py).
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.secrets import derived, mark
from kit.settings import settings
from people.models import VaultKey

HPKE_X25519 = 1
FIRST_KEY = 1
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_FOR_WORKER = "photo-for-worker"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A public key and the number under which the vault knows its private half."""

    id: int
    public: bytes


def key_in_force(session: Session) -> SealingKey:
    """The newest key of the vault that bears this installation's mark; the configured one before the vault first ran.

    A row that somebody put into the table without the installation's secret is passed over: it would open to them.
    """
    live = select(VaultKey).where(VaultKey.retired_at.is_(None)).order_by(VaultKey.id.desc())
    for key in session.scalars(live):
        if key.mark == mark_of_key(key.id, key.public):
            return SealingKey(key.id, key.public)
    configured = configured_public()
    number = session.scalar(select(VaultKey.id).where(VaultKey.public == configured))
    return SealingKey(number or FIRST_KEY, configured)


def configured_public() -> bytes:
    """The public key that the settings name."""
    return bytes.fromhex(settings().vault_public_key)


def mark_of_key(key_id: int, public: bytes) -> bytes:
    """What shows that a key was entered by somebody who has the installation's secret."""
    return mark("vault-key", key_id.to_bytes(4, "big"), public)


def seal(key: SealingKey, report_id: UUID, identity: dict[str, Any]) -> bytes:
    """One envelope for one report: HPKE (X25519, HKDF-SHA256, AES-256-GCM), bound to the report by its id."""
    content = json.dumps(identity, ensure_ascii=False, sort_keys=True).encode()
    return seal_bytes(key, content, bound_to=binding(report_id))


def seal_data_key(key: SealingKey, photo_id: UUID, storage_key: str, data_key: bytes) -> bytes:
    """The envelope of a photo as it came: the key of its file, bound to both the photo and the file."""
    return seal_bytes(key, data_key, bound_to=binding_of_original(photo_id, storage_key))


def seal_bytes(key: SealingKey, content: bytes, *, bound_to: bytes) -> bytes:
    """An envelope of anything, which opens only where it is told of the same binding."""
    return SUITE.encrypt(content, X25519PublicKey.from_public_bytes(key.public), info=bound_to)


def binding(report_id: UUID) -> bytes:
    """What ties an envelope to its report: moved to another, it does not open."""
    return b"identity|v1|" + report_id.bytes


def binding_of_original(photo_id: UUID, storage_key: str) -> bytes:
    """What ties an envelope to its photo and to its file."""
    return b"original|v1|" + photo_id.bytes + storage_key.encode()


def keep_for_worker(storage_key: str, data_key: bytes) -> bytes:
    """The key of a file for the worker, which has to look at the photo once: wrapped by the installation's secret."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(derived(_FOR_WORKER)).encrypt(nonce, data_key, storage_key.encode())


def kept_for_worker(storage_key: str, wrapped: bytes) -> bytes:
    """What `keep_for_worker` has wrapped for this file. Raises InvalidTag for another's."""
    nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    return AESGCM(derived(_FOR_WORKER)).decrypt(nonce, sealed, storage_key.encode())
