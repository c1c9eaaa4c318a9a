"""What a phone says of itself, for a day, and what that makes doubtful: for the desk, never for a handler (C12)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class Origin(Base):
    """Of a report whose phone said something of itself; gone after a day. No role that a person takes can read it."""

    __tablename__ = "origin"
    __table_args__ = ({"schema": "intake"},)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    device_mark: Mapped[bytes | None]  # under a key of the day
    mock: Mapped[bool]
    other_zone: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(index=True)


class Doubt(Base):
    """What speaks against the place that a report gives, as signals. What they weigh is policy, when they are read."""

    __tablename__ = "doubt"
    __table_args__ = ({"schema": "intake"},)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    signals: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=sql("'{}'"))
