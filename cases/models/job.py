"""Tables of work to do: jobs with leases, and the slots of the schedule. The broker's memory is never the truth."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class Job(Base):
    """One step that must follow. Written in the transaction of its cause; done in a transaction with its effect."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "run_after", "id", postgresql_where=text("done_at is null and failed_at is null")),
        {"schema": "handling"},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    step: Mapped[str]
    subject: Mapped[UUID | None]
    args: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_at: Mapped[datetime]
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sends: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class Slot(Base):
    """One due moment of a scheduled sweep. Two beats, a restart or a clock jump cannot run it twice."""

    __tablename__ = "slot"
    __table_args__ = ({"schema": "handling"},)

    name: Mapped[str] = mapped_column(primary_key=True)
    slot_at: Mapped[datetime] = mapped_column(primary_key=True)
