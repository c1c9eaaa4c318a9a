"""Tables of joint meetings (联席会议, M09): the minutes, the bodies present, and what each item set off."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"


class JointMeeting(Base):
    """The minutes of a meeting of several bodies; never changed, known by their hash."""

    __tablename__ = "joint_meeting"
    __table_args__ = (Index("ix_joint_meeting_held", "recorded_at", "id"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))  # the body that convened it
    title: Mapped[str]
    held_on: Mapped[date]
    minutes: Mapped[str]
    decisions: Mapped[str]
    minutes_hash: Mapped[bytes]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    recorded_at: Mapped[datetime]


class MeetingBody(Base):
    """A body that was present, and who of it has signed the minutes."""

    __tablename__ = "joint_meeting_body"
    __table_args__ = (Index("ix_joint_meeting_body_org_id", "org_id"), {"schema": HANDLING})

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("handling.joint_meeting.id"), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), primary_key=True)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    signed_at: Mapped[datetime | None]


class MeetingItem(Base):
    """An action item: what a department does for a case until a day; its task has a clock of its own."""

    __tablename__ = "joint_meeting_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        Index("ix_joint_meeting_item_case_id", "case_id"),
        Index("ix_joint_meeting_item_org_id", "org_id"),
        {"schema": HANDLING},
    )

    task_id: Mapped[UUID] = mapped_column(ForeignKey("handling.task.id"), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("handling.joint_meeting.id"))
    position: Mapped[int]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    text: Mapped[str]
    due_on: Mapped[date]
