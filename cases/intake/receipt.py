"""A receipt that the district has signed: the reporter alone can prove later that this report was received, and when.

commit = SHA-256(salt || content), where content is the SHA-256 of the report as sent (its photos go in by the hashes of
its manifest). The first entry of the report's chain holds the commit; the note signs commit and entry. The salt is
derived, so that a retry gets the same receipt, and goes to the reporter only: nobody else can try contents out.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.log_key import signer
from kit.secrets import mark
from kit.signed_note import opened


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """What the reporter keeps: 32 bytes each, and the note."""

    content: bytes
    salt: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a note says."""

    reference: str
    received_at: datetime
    commit: bytes
    entry: bytes


def salt_of(report_client_id: UUID) -> bytes:
    """The salt of a report's receipt."""
    return mark("receipt-salt", report_client_id.bytes)


def commit_to(content: bytes, salt: bytes) -> bytes:
    """What stands for the content in the chain."""
    return hashlib.sha256(salt + content).digest()


def signed(content: bytes, salt: bytes, *, reference: str, received_at: datetime, entry: bytes) -> SignedReceipt:
    """The receipt of a stored report, which has this `salt_of` and whose first entry has the hash `entry`."""
    by = signer("receipt")
    text = f"{by.name}\n{reference}\n{received_at.isoformat()}\n{commit_to(content, salt).hex()}\n{entry.hex()}\n"
    return SignedReceipt(content, salt, by.sign(text))


def check(receipt: SignedReceipt, key: bytes) -> Said:
    """What the district has signed about this content. Raises ValueError when it has not."""
    _, reference, received_at, commit, entry = opened(receipt.note, key).splitlines()
    said = Said(reference, datetime.fromisoformat(received_at), bytes.fromhex(commit), bytes.fromhex(entry))
    if said.commit != commit_to(receipt.content, receipt.salt):
        raise ValueError("the note is about another content")
    return said
