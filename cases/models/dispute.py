"""Tables of whose a case is when that is in doubt: return requests, wrong dispatches, and entries to be voided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
RETURN_STATES = ("requested", "upheld", "rejected")
VOIDING_STATES = ("proposed", "confirmed", "rejected")


class ReturnRequest(Base):
    """An office says "not ours" about its own task: asked once, decided by the safety office (T4, T5, M10)."""

    __tablename__ = "return_request"
    __table_args__ = (
        CheckConstraint(f"state in {RETURN_STATES}", name="state"),
        CheckConstraint("origin in ('office','circle')", name="origin"),
        CheckConstraint("(origin = 'office') = (reason_code is not null)", name="reason"),
        # Once arbitrated it is final: one request about the case itself, ever, and one about each department's task.
        Index("uq_return_request_case", "case_id", unique=True, postgresql_where=sql("of_main")),
        Index("uq_return_request_task", "task_id", unique=True),
        Index("ix_return_request_open", "due_at", "id", postgresql_where=sql("state = 'requested'")),
        Index("ix_return_request_org", "org_id", "proposed_org_id"),
        Index("ix_return_request_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("handling.task.id"))
    of_main: Mapped[bool]  # about the case itself, not about a department's task beside it
    origin: Mapped[str]  # office: asked by it; circle: the desk would have sent it back to where it was
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    reason_code: Mapped[str | None]
    text: Mapped[str]
    proposed_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    proposed_category: Mapped[str | None]
    duplicate_of: Mapped[str | None]  # number of the case that it is said to repeat
    circle: Mapped[bool] = mapped_column(server_default=sql("false"))  # offices point at each other (X14)
    asked_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="requested")
    version: Mapped[int] = mapped_column(server_default="1")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    new_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))


class Misdispatch(Base):
    """Time that an office had a case by mistake: charged to intake, and left out of the office's score (T5, C10 R5)."""

    __tablename__ = "misdispatch"
    __table_args__ = (
        CheckConstraint("cause in ('arbitration','desk')", name="cause"),
        CheckConstraint("charged_to = 'intake'", name="charged_to"),
        Index("ix_misdispatch_case_id", "case_id"),
        Index("ix_misdispatch_from_org_id", "from_org_id", "ended_at"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("handling.task.id"))
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.return_request.id"))
    from_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    to_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    cause: Mapped[str]
    charged_to: Mapped[str] = mapped_column(server_default="intake")
    dispatched_by: Mapped[str]  # who sent it there, as the trail names them
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class Voiding(Base):
    """An entry to be voided, as one person proposes and another confirms (T20)."""

    __tablename__ = "voiding"
    __table_args__ = (
        CheckConstraint(f"state in {VOIDING_STATES}", name="state"),
        CheckConstraint("state = 'proposed' or decided_by <> proposed_by", name="two_people"),
        CheckConstraint("(reason_code = 'exact_duplicate') = (same_as_case_id is not null)", name="same_as"),
        Index("uq_voiding_open", "case_id", unique=True, postgresql_where=sql("state = 'proposed'")),
        Index("ix_voiding_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    reason_code: Mapped[str]
    text: Mapped[str]
    same_as_case_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.case.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="proposed")
    version: Mapped[int] = mapped_column(server_default="1")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
