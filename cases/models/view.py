"""Saved views: the words of a filter that somebody looks at again, for themselves or for their office."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"


class SavedView(Base):
    """A list of cases under a name. A removed one stays, out of everybody's sight: no officer's role deletes rows."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        Index("uq_saved_view_name", "owner_id", "name", unique=True, postgresql_where=text("removed_at is null")),
        Index("ix_saved_view_shared", "org_id", postgresql_where=text("shared and removed_at is null")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    owner_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    version: Mapped[int] = mapped_column(server_default="1")
    name: Mapped[str]
    filter: Mapped[dict[str, Any]]
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
