"""What a reporter says of retaliation against them (Q9, F52): for the safety office and the discipline body alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

RETALIATION_STATES = ("filed", "taken_up", "concluded")
FINDINGS = ("confirmed", "not_confirmed", "handed_on")


class Retaliation(Base):
    """One such report, with its own clock; `case_id` names the case for those who look into it, and is no key."""

    __tablename__ = "retaliation"
    __table_args__ = (
        CheckConstraint(f"state in {RETALIATION_STATES}", name="state"),
        CheckConstraint(f"finding in {FINDINGS}", name="finding"),
        CheckConstraint("(state = 'concluded') = (finding is not null)", name="ends_with_a_finding"),
        Index("ix_retaliation_report_id", "report_id"),
        Index("ix_retaliation_open", "filed_at", "id", postgresql_where=sql("state <> 'concluded'")),
        {"schema": "intake"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    case_id: Mapped[UUID | None]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    text: Mapped[str]
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime]  # to be taken up, then to be concluded
    told_late_at: Mapped[datetime | None]
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    finding: Mapped[str | None]
    conclusion: Mapped[str | None]
    concluded_by: Mapped[int | None]
    concluded_at: Mapped[datetime | None]
