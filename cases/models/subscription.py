"""Where the holder of a tracking code wants to hear that there is news. No role that a person takes can read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

WAYS = ("web_push",)


class Subscription(Base):
    """One device for one report. Its address is sealed, and goes when its holder, its browser or Q11 says so."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("way in ('web_push')", name="way"),
        UniqueConstraint("report_id", "mark"),
        {"schema": "intake"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    way: Mapped[str]
    mark: Mapped[bytes]  # of the address, under a key: the same device subscribes once
    address: Mapped[bytes]
    locale: Mapped[str]
    made_at: Mapped[datetime]
    seen_seq: Mapped[int]  # the last entry of the report's trail that was looked at
