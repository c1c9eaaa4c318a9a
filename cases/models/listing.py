"""Table of what the safety office decides about a major hazard: that it is not listed (C6, G-LIST)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

LISTING_WAIVER_STATES = ("owed", "proposed", "confirmed", "withdrawn", "not_owed")
WAITS = ("owed", "proposed")


class ListingWaiver(Base):
    """不挂牌: owed to a case from when it is graded major, proposed by one person and confirmed by another (G-LIST)."""

    __tablename__ = "listing_waiver"
    __table_args__ = (
        CheckConstraint(f"state in {LISTING_WAIVER_STATES}", name="state"),
        # Two people, by whatever way a row may come in.
        CheckConstraint(
            "state not in ('confirmed','withdrawn') or (reason <> '' and basis <> '' and decided_by <> proposed_by)",
            name="two_people",
        ),
        Index("uq_listing_waiver_waits", "case_id", unique=True, postgresql_where=text(f"state in {WAITS}")),
        Index("ix_listing_waiver_case_id", "case_id"),
        Index("ix_listing_waiver_due", "due_at", "id", postgresql_where=text(f"state in {WAITS}")),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    state: Mapped[str] = mapped_column(server_default="owed")
    version: Mapped[int] = mapped_column(server_default="1")
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until when the office decides
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))  # `due_at` waits for a calendar (D2)
    overdue_told_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    basis: Mapped[str] = mapped_column(server_default="")  # the rule, or the minutes, that it rests on
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]  # why a proposal was not agreed to, or why what was decided holds no more
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    withdrawn_at: Mapped[datetime | None]

    @property
    def org_id(self) -> int | None:
        """No body of the handlers': the safety office decides."""
        return None
