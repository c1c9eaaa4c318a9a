"""Tables of the release of who reported (C12 Q4): what was asked, who agreed, who read; and the weekly list."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

RELEASE_STATES = ("asked", "approved", "refused", "withdrawn", "read", "lapsed")
PHOTOS = "photos"  # as they came, with all that a phone writes into them
RELEASE_FIELDS = ("name", "phone", "email", "position", PHOTOS)


class Release(Base):
    """One wish to know who reported, for one report, decided by a second person and read once or never.

    It holds nothing of what it lets be read. `reader_id` is whoever asked, or the custodian who calls back instead.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint(f"state in {RELEASE_STATES}", name="state"),
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint(f"fields <@ array{list(RELEASE_FIELDS)} and cardinality(fields) > 0", name="fields"),
        CheckConstraint("state not in ('approved','read') or reader_id is not null", name="has_a_reader"),
        CheckConstraint("(state = 'read') = (read_at is not null)", name="read_is_dated"),
        Index("ix_release_report_id", "report_id"),
        Index("ix_release_waiting", "asked_at", "id", postgresql_where=sql("state in ('asked','approved')")),
        Index("ix_release_decided_at", "decided_at"),
        {"schema": "intake"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    reason_code: Mapped[str]
    words: Mapped[str]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    call_back: Mapped[bool]
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    lapses_at: Mapped[datetime]  # undecided, or unread, by then: over
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    reader_id: Mapped[int | None]
    read_at: Mapped[datetime | None]


class ReleaseList(Base):
    """What was asked and read in one week, for the discipline body: persons, reasons and towns, and no report."""

    __tablename__ = "release_list"
    __table_args__ = ({"schema": "handling"},)

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    rows: Mapped[list[Any]]
    made_at: Mapped[datetime]
