"""Tables of who stands where, when: absences, named leaders, handovers, and how an officer is reached outside."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"


class Absence(Base):
    """Somebody is away from one instant to another, and a colleague of the same office stands in."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("to_at > from_at", name="ends_after_it_begins"),
        # Nobody stands in for themselves, or the work would lie with somebody who is away.
        CheckConstraint("substitute_id <> account_id", name="somebody_else"),
        Index("ix_absence_account_id", "account_id", "from_at", postgresql_where=text("cancelled_at is null")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    reason: Mapped[str]
    entered_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    entered_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))


class Handover(Base):
    """All open work of one person went to another in one act."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("to_id <> from_id", name="somebody_else"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    reason: Mapped[str]
    tasks: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    made_at: Mapped[datetime]


class LeaderAssignment(Base):
    """Which named leader answers for a portfolio of a body, from one day to another (M05).

    A change is a new row: an ended one stays as it was, so that older cases keep the leader of their day.
    """

    __tablename__ = "leader_assignment"
    __table_args__ = (
        CheckConstraint("line in ('party','government')", name="line"),
        CheckConstraint("to_on is null or to_on >= from_on", name="ends_after_it_begins"),
        Index("uq_leader_assignment_current", "org_id", "portfolio", unique=True,
              postgresql_where=text("to_on is null")),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # who has one is told as well
    name: Mapped[str]
    title: Mapped[str]
    line: Mapped[str]
    portfolio: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None]  # the last day
    entered_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    entered_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))


class MailAddress(Base):
    """Where an officer takes mail: an office address, entered by the officer."""

    __tablename__ = "mail_address"
    __table_args__ = ({"schema": HANDLING},)

    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), primary_key=True)
    address: Mapped[str]
    entered_at: Mapped[datetime]


class GroupBot(Base):
    """The robot of an office's chat group. Its address carries a token: only the worker and the district read it."""

    __tablename__ = "group_bot"
    __table_args__ = (CheckConstraint("kind in ('dingtalk','wecom')", name="kind"), {"schema": HANDLING})

    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), primary_key=True)
    kind: Mapped[str]
    url: Mapped[str]
    entered_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    entered_at: Mapped[datetime]
