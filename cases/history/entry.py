"""What an entry of a chain is, and its hash: the definition that the database's triggers follow (migration 0011).

hash = SHA-256(0x02 || chain || previous hash || subject || seq || at || recorded_at || texts || body_commit), where
chain is "r" (a report's), "c" (a case's) or "v" (the vault's own log, migration 0020); the subject is a UUID's 16
bytes; seq is 4 bytes; times are microseconds since 2000-01-01 UTC in 8 bytes; each text is its length in 4 bytes and
its UTF-8, in the order kind, actor and, of a case, name and office; body_commit = SHA-256(salt || body as written).
Numbers are big-endian. The first entry follows 32 zero bytes.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

REPORT, CASE, VAULT = "r", "c", "v"
_NAMES = {REPORT: "report", CASE: "case", VAULT: "the vault's log of"}
FIRST = bytes(32)
_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored. `salt` is None once its body was erased."""

    chain: str
    subject: UUID
    seq: int
    at: datetime
    recorded_at: datetime
    texts: tuple[str, ...]
    body: str
    salt: bytes | None
    body_commit: bytes
    prev_hash: bytes
    hash: bytes

    @property
    def name(self) -> str:
        """How people call this entry."""
        return name_of(self.chain, self.subject, self.seq)


def name_of(chain: str, subject: UUID, seq: int) -> str:
    """How people call an entry that may not be there."""
    return f"{_NAMES[chain]} {subject}, entry {seq}"


def hash_of(entry: Entry) -> bytes:
    """The hash that the entry must have."""
    texts = b"".join(_framed(text) for text in entry.texts)
    return hashlib.sha256(
        b"\x02" + entry.chain.encode() + entry.prev_hash + entry.subject.bytes + entry.seq.to_bytes(4, "big")
        + _micros(entry.at) + _micros(entry.recorded_at) + texts + entry.body_commit
    ).digest()  # fmt: skip


def commit_of(salt: bytes, body: str) -> bytes:
    """What stands for a body in its entry's hash."""
    return hashlib.sha256(salt + body.encode()).digest()


def _framed(text: str) -> bytes:
    content = text.encode()
    return len(content).to_bytes(4, "big") + content


def _micros(moment: datetime) -> bytes:
    return ((moment - _SINCE) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
