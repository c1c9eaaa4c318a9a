"""The desk's side of the thread with a reporter; the reporter's lines are `intake.answer` (R3, C12 Q4)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

SENDERS = ("desk", "system")


class Message(Base):
    """A line to a reporter, under the code. From an officer, whom it does not name, or from the system itself."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(f"sender in {SENDERS}", name="sender"),
        CheckConstraint("(sender = 'desk') = (sent_by is not null)", name="somebody_sent_it"),
        Index("ix_message_report_id", "report_id", "sent_at"),
        {"schema": "intake"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    sender: Mapped[str]
    text: Mapped[str]
    sent_by: Mapped[int | None]
    sent_at: Mapped[datetime]
    about_id: Mapped[UUID | None] = mapped_column(unique=True)  # of what the system tells, so that it tells it once
