"""Tables of who may use whose power: the register of delegations (M58, F19, F20)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class Delegation(Base):
    """Powers that one body has handed to another: which, from when until when, by which published document."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("kind in ('conferred','entrusted')", name="kind"),
        CheckConstraint("valid_to >= valid_from", name="term"),
        CheckConstraint("cardinality(items) > 0", name="has_items"),
        CheckConstraint("from_org_id <> to_org_id", name="two_bodies"),
        Index("ix_delegation_to", "to_org_id", "valid_to"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    kind: Mapped[str]  # conferred by a decision of the province (F19), or entrusted in writing (F20)
    from_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    to_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    items: Mapped[list[str]] = mapped_column(ARRAY(Text))  # codes of measure types
    valid_from: Mapped[date]
    valid_to: Mapped[date]  # the last day
    document: Mapped[str]
    published: Mapped[str]  # where and when it was published; without it there is no power
    version: Mapped[int] = mapped_column(server_default="1")
    registered_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    registered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    end_reason: Mapped[str | None]
