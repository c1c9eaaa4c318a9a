"""Tables of what the intake desk decided about a report other than to accept it: refused, redirected, merged.

All in schema intake: like the reports themselves, nothing here is in reach of a handler (C12).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

INTAKE = "intake"
REFUSAL_STATES = ("proposed", "confirmed", "rejected", "overtaken")


class Refusal(Base):
    """Not to accept a report, as one officer proposes and another confirms (R6). Confirmed ones are re-checked."""

    __tablename__ = "refusal"
    __table_args__ = (
        CheckConstraint(f"state in {REFUSAL_STATES}", name="state"),
        # Two people, by whatever way a row may come in (R6, C2).
        CheckConstraint("state not in ('confirmed','rejected') or decided_by <> proposed_by", name="two_people"),
        Index("uq_refusal_open", "report_id", unique=True, postgresql_where=sql("state = 'proposed'")),
        Index("ix_refusal_decided_at", "decided_at", postgresql_where=sql("state = 'confirmed'")),
        Index("ix_refusal_report_id", "report_id"),
        {"schema": INTAKE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    reason_code: Mapped[str]
    text: Mapped[str]  # what the reporter is told
    evidence: Mapped[str]  # what the second person judges by; never told
    state: Mapped[str] = mapped_column(server_default="proposed")
    version: Mapped[int] = mapped_column(server_default="1")
    proposed_by: Mapped[int]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]


class Redirection(Base):
    """A report that another body must have, and where its reporter was sent (R5)."""

    __tablename__ = "redirection"
    __table_args__ = ({"schema": INTAKE},)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    reason_code: Mapped[str]
    body: Mapped[str]
    phone: Mapped[str]
    link: Mapped[str]
    text: Mapped[str]
    decided_by: Mapped[int]
    decided_at: Mapped[datetime]
    due_at: Mapped[datetime]


class Merge(Base):
    """A report that joined another's case because a person found both to be one matter, and perhaps left it again.

    `evidence` is what the person saw; `facts` what was measured at that moment (X19).
    """

    __tablename__ = "merge"
    __table_args__ = (
        Index("uq_merge_live", "report_id", unique=True, postgresql_where=sql("separated_at is null")),
        {"schema": INTAKE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    case_id: Mapped[UUID]
    from_case_id: Mapped[UUID | None]  # its own case, when it had one already
    evidence: Mapped[str]
    facts: Mapped[dict[str, Any]]
    merged_by: Mapped[int]
    merged_at: Mapped[datetime]
    separated_by: Mapped[int | None]
    separated_at: Mapped[datetime | None]
    separated_why: Mapped[str | None]
    own_case_id: Mapped[UUID | None]  # the case that it got for itself
