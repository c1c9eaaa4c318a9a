"""Exports of case lists: who asked for which cases and why, who allowed it, and what left the house."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
EXPORT_STATES = ("requested", "approved", "refused", "downloaded", "expired")


class Export(Base):
    """One export, downloaded at most once; `rows` and `sha256` are of the file that was sent."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(f"state in {EXPORT_STATES}", name="state"),
        CheckConstraint("decided_by <> requested_by", name="two_people"),
        CheckConstraint("state <> 'downloaded' or (downloaded_at is not null and sha256 is not null)", name="logged"),
        Index("ix_export_requested_at", "requested_at", "id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    filter: Mapped[dict[str, Any]]
    reason: Mapped[str]
    counted: Mapped[int]  # rows when it was asked for: what a person allows
    mark: Mapped[str] = mapped_column(unique=True)  # stands in the name of the file and in every row
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    requested_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    downloaded_at: Mapped[datetime | None]
    rows: Mapped[int | None]
    sha256: Mapped[bytes | None]
