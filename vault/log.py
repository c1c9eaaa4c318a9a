"""Writing into the vault's own log (vault.event): append-only, chained, and in the tree of all histories."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

ACTOR = "vault"


class Kind(StrEnum):
    """What the vault does by itself. Every step of a release is written by the database, as it is stored."""

    KEY_MADE = "key_made"
    KEY_DESTROYED = "key_destroyed"
    REWRAPPED = "rewrapped"


def write(session: Session, about: UUID, kind: Kind, *, now: datetime, **body: Any) -> None:
    """Add an entry about a report's envelope or a key; `body` holds nothing of what was sealed."""
    session.execute(
        text("select vault.write(:about, :kind, :now, :who, cast(:body as json))"),
        {"about": about, "kind": str(kind), "now": now, "who": ACTOR, "body": json.dumps(body)},
    )


def of_key(number: int) -> UUID:
    """Under which subject the entries about a key stand."""
    return UUID(int=number)
