"""Tables of what moves a deadline: holds with the intervals they took (T19, D6), and extensions (D7)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HOLD_STATES = ("requested", "active", "refused", "ended")
EXTENSION_STATES = ("requested", "granted", "refused", "lapsed")


class Hold(Base):
    """A case set aside for a stated reason until a review date, with what keeps people safe meanwhile (T19).

    With a task it is that department's alone: the time of its answer stands still, and the case goes on.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(f"state in {HOLD_STATES}", name="state"),
        Index("uq_hold_open", "case_id", "task_id", unique=True, postgresql_nulls_not_distinct=True,
              postgresql_where=text("state in ('requested','active')")),
        Index("ix_hold_review", "review_at", postgresql_where=text("state = 'active'")),
        Index("ix_hold_case_id", "case_id"),
        {"schema": "handling"},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.task.id"))  # None: the whole case
    state: Mapped[str] = mapped_column(server_default="requested")
    version: Mapped[int] = mapped_column(server_default="1")
    reason_code: Mapped[str]
    note: Mapped[str]
    interim_measures: Mapped[str]
    review_at: Mapped[datetime]
    from_state: Mapped[str | None]  # where the case was, and goes back to
    requested_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    renewals: Mapped[int] = mapped_column(server_default="0")
    told_at: Mapped[datetime | None]  # that its review date is near, once for each date
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    ended_at: Mapped[datetime | None]
    end_note: Mapped[str | None]

    @property
    def org_id(self) -> int | None:
        """No body of the handlers': the safety office decides."""
        return None


class Pause(Base):
    """One clock's interval in a hold: from when to when no time ran, and its deadline before and after (D6)."""

    __tablename__ = "pause"
    __table_args__ = (Index("ix_pause_case_id", "case_id"), {"schema": "handling"})

    clock_id: Mapped[int] = mapped_column(ForeignKey("handling.clock.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    hold_id: Mapped[UUID] = mapped_column(ForeignKey("handling.hold.id"))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    due_before: Mapped[datetime]
    due_after: Mapped[datetime | None]


class Extension(Base):
    """A later deadline, asked for and decided; the old one is kept beside it (D7, X15)."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint(f"state in {EXTENSION_STATES}", name="state"),
        Index("uq_extension_open", "clock_id", unique=True, postgresql_where=text("state = 'requested'")),
        Index("ix_extension_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    clock_id: Mapped[int] = mapped_column(ForeignKey("handling.clock.id"))
    state: Mapped[str] = mapped_column(server_default="requested")
    version: Mapped[int] = mapped_column(server_default="1")
    reason: Mapped[str]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    requested_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    requested_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    by_leader: Mapped[bool]  # asked for by a leader: the level above is the safety office
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]

    @property
    def org_id(self) -> int:
        """The body that asked."""
        return self.requested_org_id
