"""Sealing a reporter's identity. Whoever holds the public key can write it and never read it (security.md §3.1.3)."""

import json
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kit.settings import settings

HPKE_X25519 = 1
KEY_ID = 1
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(report_id: UUID, identity: dict[str, Any]) -> bytes:
    """One envelope for one report: HPKE (X25519, HKDF-SHA256, AES-256-GCM), bound to the report by its id."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(settings().vault_public_key))
    content = json.dumps(identity, ensure_ascii=False, sort_keys=True).encode()
    return _SUITE.encrypt(content, key, info=binding(report_id))


def binding(report_id: UUID) -> bytes:
    """What ties an envelope to its report: moved to another, it does not open."""
    return b"identity|v1|" + report_id.bytes
