"""Table of what a party was told before it is exposed (E6, F70), what it said to that, and what it was answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

EXPOSURE_NOTICE_STATES = ("told", "agreed", "objected", "dismissed", "upheld")
NOTICE_WAYS = ("direct", "left", "post", "electronic", "public")


class ExposureNotice(Base):
    """公开前告知: of the text as it was approved; another approval needs another notice."""

    __tablename__ = "exposure_notice"
    __table_args__ = (
        CheckConstraint(f"state in {EXPOSURE_NOTICE_STATES}", name="state"),
        CheckConstraint(f"how in {NOTICE_WAYS}", name="how"),
        CheckConstraint("(state in ('told','agreed')) = (objection is null)", name="objection"),
        CheckConstraint("(state in ('dismissed','upheld')) = (answer is not null)", name="answer"),
        Index("ix_exposure_notice_exposure_id", "exposure_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    exposure_id: Mapped[UUID] = mapped_column(ForeignKey("handling.exposure.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    how: Mapped[str]
    recipient: Mapped[str]
    told_at: Mapped[datetime]
    object_until: Mapped[datetime]
    told_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    written_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]  # when the party agreed or objected
    objection: Mapped[str | None]
    answer_due_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    answered_at: Mapped[datetime | None]
