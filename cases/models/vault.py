"""The vault's own log: what was done to which envelope or key, append-only and chained as every history is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Identity, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from cases.models.history import Chained
from kit.db import Base


class VaultEvent(Chained, Base):
    """One entry: about a report's envelope (the subject is the report), or about a key (its number as a UUID)."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("subject", "seq"), {"schema": "vault"})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    subject: Mapped[UUID]
    seq: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=sql("'{}'::json"))
