"""Tables of the media's keys."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
SCOPES = ("exposures:read", "photos:hires", "embargo:read", "reports:send")


class MediaClient(Base):
    """A newsroom, with whom to call there: no account of the back office (X49)."""

    __tablename__ = "media_client"
    __table_args__ = ({"schema": HANDLING},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str]
    entered_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    entered_at: Mapped[datetime]


class MediaKey(Base):
    """One key; `id` is the part that names it, and of its secret only the hash is kept."""

    __tablename__ = "media_key"
    __table_args__ = (
        CheckConstraint("cardinality(scopes) > 0", name="opens_something"),
        CheckConstraint("expires_at <= made_at + interval '365 days'", name="ends"),
        Index("ix_media_key_client_id", "client_id"),
        {"schema": HANDLING},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("handling.media_client.id"))
    secret_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    revoked_at: Mapped[datetime | None]
    used_on: Mapped[date | None]  # the last day on which it was used
