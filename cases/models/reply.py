"""Tables of what a reporter was told and said to it (R7, R8, R10), and of refusals looked at again (R6)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

INTAKE = "intake"
CHANNELS = ("code", "phone", "letter", "visit")
RECHECK_STATES = ("due", "confirmed", "overturned")


class Reply(Base):
    """One reply to one report, also where nobody could be reached; the newest one counts (R7)."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction"),
        CheckConstraint("reached or unreachable <> ''", name="unreachable_says_how"),
        {"schema": INTAKE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    number: Mapped[int]
    text: Mapped[str]
    channel: Mapped[str]
    reached: Mapped[bool]
    unreachable: Mapped[str] = mapped_column(server_default="")  # what was tried
    outcome: Mapped[str]
    replied_by: Mapped[int | None]
    replied_at: Mapped[datetime]
    review_until: Mapped[datetime]  # until when its reporter may ask for a review (R8), as they were told (D2)
    satisfaction: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    enough: Mapped[bool] = mapped_column(server_default=sql("false"))  # its reporter needs nothing more (R10)


class ReviewRequest(Base):
    """That a reporter asked for a new look, once (R8), and which review does it: known on this side only."""

    __tablename__ = "review_request"
    __table_args__ = (
        CheckConstraint("result in ('upheld','dismissed')", name="result"),
        Index("ix_review_request_review_id", "review_id"),
        {"schema": INTAKE},
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    review_id: Mapped[UUID | None]
    result: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class RecheckDraw(Base):
    """The lots of one month: which refused reports the safety office looks at again, with what replays it (R6, M52)."""

    __tablename__ = "recheck_draw"
    __table_args__ = ({"schema": INTAKE},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    period: Mapped[str] = mapped_column(unique=True)
    seed: Mapped[str]
    pool: Mapped[list[Any]]
    share: Mapped[float]
    drawn: Mapped[list[Any]]
    drawn_at: Mapped[datetime]


class Recheck(Base):
    """One refused report that was drawn, and what the safety office found (R6)."""

    __tablename__ = "recheck"
    __table_args__ = (
        CheckConstraint(f"state in {RECHECK_STATES}", name="state"),
        CheckConstraint("why in ('sample','again')", name="why"),
        UniqueConstraint("draw_id", "report_id"),
        Index("ix_recheck_report_id", "report_id"),
        Index("ix_recheck_due", "due_at", "id", postgresql_where=sql("state = 'due'")),
        {"schema": INTAKE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("intake.recheck_draw.id"))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    refusal_id: Mapped[UUID] = mapped_column(ForeignKey("intake.refusal.id"), unique=True)
    why: Mapped[str]  # by the lot, or because this report had been refused wrongly before
    state: Mapped[str] = mapped_column(server_default="due")
    version: Mapped[int] = mapped_column(server_default="1")
    due_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
