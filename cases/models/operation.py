"""Tables of joint operations (M57): one operation, many cases, and a result of each member."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
OPERATION_STATES = ("planned", "running", "closed", "called_off")


class Operation(Base):
    """Several organs under one plan with one lead."""

    __tablename__ = "operation"
    __table_args__ = (
        CheckConstraint(f"state in {OPERATION_STATES}", name="state"),
        CheckConstraint("ends_on >= begins_on", name="days"),
        CheckConstraint("(state = 'called_off') = (called_off_reason is not null)", name="called_off"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    title: Mapped[str]
    plan: Mapped[str]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    lead_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    planned_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    planned_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    summary: Mapped[str | None]
    called_off_at: Mapped[datetime | None]
    called_off_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: nobody started it
    called_off_reason: Mapped[str | None]


class OperationMember(Base):
    """A body that takes part, the lead among them: that it knows of the plan (M104), and its own result."""

    __tablename__ = "operation_member"
    __table_args__ = (
        CheckConstraint("num_nonnulls(dropped_at, dropped_by, drop_reason) in (0, 3)", name="dropped"),
        Index("ix_operation_member_org", "org_id"),
        {"schema": HANDLING},
    )

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("handling.operation.id"), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), primary_key=True)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    result: Mapped[str | None]
    result_at: Mapped[datetime | None]
    result_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    dropped_at: Mapped[datetime | None]  # the operation goes on without it
    dropped_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    drop_reason: Mapped[str | None]
    reminded_at: Mapped[datetime | None]  # when it last heard that it is late


class OperationCase(Base):
    """A case that an operation deals with."""

    __tablename__ = "operation_case"
    __table_args__ = (Index("ix_operation_case_case_id", "case_id"), {"schema": HANDLING})

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("handling.operation.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"), primary_key=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    added_at: Mapped[datetime]


class OperationRecord(Base):
    """What happened in an operation, as a member wrote it down; never changed."""

    __tablename__ = "operation_record"
    __table_args__ = (Index("ix_operation_record_operation", "operation_id", "id"), {"schema": HANDLING})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("handling.operation.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    text: Mapped[str]
    written_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    written_at: Mapped[datetime]
