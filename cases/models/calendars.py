"""Tables of calendars: each entry of a year's notice, and dates told to a reporter that waited for one (D2, X09)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING, INTAKE = "handling", "intake"
CLOCKS = ("review", "reply", "ask_more", "accept", "recheck", "review_request", "re_verify")


class CalendarEntry(Base):
    """One entering of a year's notice, kept as it was entered: who, when, from which document. Never changed."""

    __tablename__ = "calendar_entry"
    __table_args__ = (Index("ix_calendar_entry_year", "year"), {"schema": HANDLING})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    year: Mapped[int]
    source: Mapped[str]
    document: Mapped[str]  # its number, such as 国办发明电〔2025〕7号
    days: Mapped[list[Any]]  # [{day, kind, name}]
    irregular: Mapped[str] = mapped_column(server_default="")  # why its sums are not the usual ones
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: by the command
    entered_at: Mapped[datetime]


class ProvisionalDate(Base):
    """What was counted from where, so that it can be counted again; settled once the calendar was known."""

    __tablename__ = "provisional_date"
    __table_args__ = (
        CheckConstraint(f"clock in {CLOCKS}", name="clock"),
        Index("ix_provisional_date_open", "report_id", postgresql_where=sql("settled_at is null")),
        {"schema": INTAKE},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    clock: Mapped[str]
    thing_id: Mapped[UUID | None]  # the question, refusal, … that has the date; None for the report itself
    started_at: Mapped[datetime]
    amount: Mapped[int]
    unit: Mapped[str]
    roll: Mapped[bool]
    due_at: Mapped[datetime]  # as it was told
    settled_at: Mapped[datetime | None]
