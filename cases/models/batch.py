"""Table of batches (M83): exposures that appear together, under one title and number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

BATCH_STATES = ("published", "called_back")


class ExposureBatch(Base):
    """集中曝光: its items were each reviewed by themselves, and have one moment of release."""

    __tablename__ = "exposure_batch"
    __table_args__ = (
        CheckConstraint(f"state in {BATCH_STATES}", name="state"),
        UniqueConstraint("issue_no"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    title: Mapped[str]
    issue_no: Mapped[str]  # 期号, as the district numbers them
    released_at: Mapped[datetime | None]
    published_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    published_at: Mapped[datetime]
