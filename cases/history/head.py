"""A head of the tree: its size and root under the district's signature (a C2SP checkpoint)."""

import base64
from dataclasses import dataclass
from datetime import datetime

from kit import log_key
from kit.signed_note import Signer, opened


@dataclass(frozen=True, slots=True)
class Head:
    """What was signed: `origin` names the log, `size` counts its entries."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime


def signer() -> Signer:
    """The key of this installation's log, under the log's name."""
    return log_key.signer("log")


def signed(size: int, root: bytes, *, now: datetime) -> str:
    """The note of a head."""
    by = signer()
    return by.sign(f"{by.name}\n{size}\n{base64.b64encode(root).decode()}\n{now.isoformat()}\n")


def read(note: str, key: bytes) -> Head:
    """The head that `key` has signed. Raises ValueError (Forged) when it has not, or when it is no head."""
    origin, size, root, at = opened(note, key).splitlines()[:4]
    return Head(origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at))
