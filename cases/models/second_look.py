"""Tables of the second look at what was not found (T9), and of the decision after a failed acceptance (M40)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

SECOND_LOOK_STATES = ("not_drawn", "waiting", "confirmed", "returned")
DECISION_STATES = ("open", "decided")


class SecondLook(Base):
    """Whether a verdict of 不属实 or 无法核实 was drawn for the safety office, with what replays the draw (X21)."""

    __tablename__ = "second_look"
    __table_args__ = (
        CheckConstraint(f"state in {SECOND_LOOK_STATES}", name="state"),
        CheckConstraint("why in ('sample','immediate','returned')", name="why"),
        Index("ix_second_look_case_id", "case_id"),
        Index("ix_second_look_waiting", "drawn_at", postgresql_where=text("state = 'waiting'")),
        {"schema": "handling"},
    )

    verdict_id: Mapped[UUID] = mapped_column(ForeignKey("handling.verdict.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    why: Mapped[str]
    pool: Mapped[str]  # the month whose non-findings are drawn from together
    seed: Mapped[str]
    ticket: Mapped[str]  # what the seed is mixed with: the case's number and the verdict's
    score: Mapped[float]
    share: Mapped[float]
    drawn_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]

    @property
    def id(self) -> UUID:
        """The verdict that is looked at again."""
        return self.verdict_id

    @property
    def org_id(self) -> int | None:
        """No body of the handlers': the safety office looks."""
        return None


class DecisionTask(Base):
    """What must be decided when a hazard is still there after its time: suspend, ask to close, or refer (M40)."""

    __tablename__ = "decision_task"
    __table_args__ = (
        CheckConstraint(f"state in {DECISION_STATES}", name="state"),
        CheckConstraint("why in ('second_failure','after_deadline')", name="why"),
        CheckConstraint("choice in ('suspend','close','refer')", name="choice"),
        Index("uq_decision_task_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_decision_task_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    acceptance_id: Mapped[UUID] = mapped_column(ForeignKey("handling.acceptance.id"))
    state: Mapped[str] = mapped_column(server_default="open")
    version: Mapped[int] = mapped_column(server_default="1")
    why: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    choice: Mapped[str | None]
    ground: Mapped[str | None]  # of a suspension or closure, from the list of grounds (M49)
    basis: Mapped[str | None]  # the article that the choice rests on
    reason: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]

    @property
    def org_id(self) -> int | None:
        """Any leader whose body has the case may decide it."""
        return None
