"""Tables of what comes after an answer or a closing: reviews (R8), look-backs (T17), reopenings (T18), orphans (M67).

Nothing here names a report: that a reporter asked for a review is known in schema intake alone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
REVIEW_STATES = ("requested", "assigned", "upheld", "dismissed")
OPEN_REVIEW = ("requested", "assigned")
LOOK_BACK_STATES = ("due", "visiting", "confirmed", "rebound", "dropped")
OPEN_LOOK_BACK = ("due", "visiting")
REOPENING_CAUSES = ("rebound", "review_upheld", "new_report", "breach")


class Review(Base):
    """A new look at a case by people who had no hand in it (R8). One is open at a time, whoever asked (X42)."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(f"state in {REVIEW_STATES}", name="state"),
        Index("uq_review_open", "case_id", unique=True, postgresql_where=text("state in ('requested','assigned')")),
        Index("ix_review_case_id", "case_id"),
        Index("ix_review_due", "due_at", "id", postgresql_where=text("state in ('requested','assigned')")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    state: Mapped[str] = mapped_column(server_default="requested")
    version: Mapped[int] = mapped_column(server_default="1")
    grounds: Mapped[str | None]  # why, in the desk's words; the reporter's own never come here (Q2)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    assigned_at: Mapped[datetime | None]
    left_told_at: Mapped[datetime | None]  # when it was told that its person will not be there in time (M15)
    decided_at: Mapped[datetime | None]
    finding: Mapped[str | None]


class LookBack(Base):
    """One check after closing, at its time, by other people (T17, M75)."""

    __tablename__ = "look_back"
    __table_args__ = (
        CheckConstraint(f"state in {LOOK_BACK_STATES}", name="state"),
        CheckConstraint("origin in ('closing','sample')", name="origin"),
        UniqueConstraint("case_id", "round", "step"),
        Index("uq_look_back_visiting", "case_id", unique=True, postgresql_where=text("state = 'visiting'")),
        Index("ix_look_back_due", "due_at", "id", postgresql_where=text("state in ('due','visiting')")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    round: Mapped[int]  # how often the case had been reopened when it was closed
    step: Mapped[int]  # first, second
    state: Mapped[str] = mapped_column(server_default="due")
    version: Mapped[int] = mapped_column(server_default="1")
    origin: Mapped[str]
    draw_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.look_back_draw.id"))
    opens_at: Mapped[datetime]  # not before
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    assigned_at: Mapped[datetime | None]
    left_told_at: Mapped[datetime | None]  # when it was told that its person will not be there in time (M15)
    started_at: Mapped[datetime | None]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    distance_m: Mapped[float | None]
    distance_reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
    findings: Mapped[str | None]


class LookBackDraw(Base):
    """The lots of one month: which closed cases are looked at again, with all that replays the draw (M52, C5)."""

    __tablename__ = "look_back_draw"
    __table_args__ = ({"schema": HANDLING},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    period: Mapped[str] = mapped_column(unique=True)  # 2026-10
    seed: Mapped[str]
    pool: Mapped[list[Any]]
    share: Mapped[float]
    drawn: Mapped[list[Any]]
    drawn_at: Mapped[datetime]


class Reopening(Base):
    """That a case was opened again, by what, and how urgent it was before and is now (T18)."""

    __tablename__ = "reopening"
    __table_args__ = (
        CheckConstraint(f"cause in {REOPENING_CAUSES}", name="cause"),
        UniqueConstraint("case_id", "round"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    round: Mapped[int]
    cause: Mapped[str]
    evidence: Mapped[str]
    look_back_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.look_back.id"))
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.review.id"))
    other_case_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.case.id"))
    closed_at: Mapped[datetime | None]  # when it had been closed
    urgency_before: Mapped[str]
    urgency: Mapped[str]
    to_state: Mapped[str]
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    reopened_at: Mapped[datetime]


class OrphanList(Base):
    """What one night found to be in nobody's hands (M67)."""

    __tablename__ = "orphan_list"
    __table_args__ = ({"schema": HANDLING},)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    found_at: Mapped[datetime]
    items: Mapped[list[Any]]
