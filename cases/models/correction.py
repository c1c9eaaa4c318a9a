"""Table of corrections (E9): what a published exposure is to say instead, proposed by one person, made by another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

CORRECTION_STATES = ("proposed", "made", "refused", "dropped", "lapsed")


class ExposureCorrection(Base):
    """更正: the text as it is to be, the public note that goes with it, and the text that it took the place of."""

    __tablename__ = "exposure_correction"
    __table_args__ = (
        CheckConstraint(f"state in {CORRECTION_STATES}", name="state"),
        CheckConstraint("reason <> '' and note <> ''", name="says_why"),
        # Two people, by whatever way a row may come in.
        CheckConstraint(
            "state not in ('made','refused') or (decided_by is not null and decided_by <> proposed_by)",
            name="two_people",
        ),
        CheckConstraint("(state = 'made') = (before is not null)", name="keeps_what_was"),
        Index("ix_exposure_correction_exposure_id", "exposure_id"),
        Index("uq_exposure_correction_waits", "exposure_id", unique=True, postgresql_where=text("state = 'proposed'")),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    exposure_id: Mapped[UUID] = mapped_column(ForeignKey("handling.exposure.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    after: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    reason: Mapped[str]  # for the file
    note: Mapped[str]  # for everybody
    proposed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    review: Mapped[dict[str, Any] | None]  # basis, accuracy, privacy, proportionality (E6)
    comment: Mapped[str | None]  # why it was refused or dropped
