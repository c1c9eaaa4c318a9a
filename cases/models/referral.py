"""Tables of what is handed to another organ: referrals (T11, T12, M56) and criminal transfers (M59, F30)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.case import Case
from cases.models.handling import OUTCOMES
from kit.db import Base

REFERRAL_STATES = ("sent", "accepted", "refused", "answered", "returned", "external", "found", "concluded")
AWAITED = ("sent", "accepted", "refused", "external", "found")
CRIMINAL_STATES = ("reported", "approved", "rejected", "sent", "accepted", "not_filed")


class Referral(Base):
    """A matter, or its penalty alone, in the hands of an organ with power; watched until its result (M56, X24)."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"state in {REFERRAL_STATES}", name="state"),
        CheckConstraint("scope in ('case','penalty')", name="scope"),
        CheckConstraint("(to_org_id is null) <> (to_external is null)", name="one_receiver"),
        CheckConstraint("jsonb_array_length(materials) > 0", name="has_materials"),
        CheckConstraint(f"finding in {OUTCOMES}", name="finding"),
        # What another organ has found ends a case only where the safety office has confirmed it (T12).
        CheckConstraint(
            "state <> 'concluded' or (finding is not null and concluded_by <> result_by)", name="two_people"
        ),
        Index("ix_referral_case_id", "case_id"),
        Index("ix_referral_awaited", "from_org_id", postgresql_where=text(f"state in {AWAITED}")),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    number: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]
    from_org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    to_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    to_external: Mapped[str | None]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.task.id"))  # made for the receiver
    from_state: Mapped[str]  # where the case stood when it was handed over
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    reason: Mapped[str]
    basis: Mapped[str]
    materials: Mapped[list[Any]]
    sent_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    sent_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    slip: Mapped[str | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settlement: Mapped[str | None]
    tracked_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    result: Mapped[str | None]
    result_at: Mapped[datetime | None]
    result_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    finding: Mapped[str | None]  # what the receiver found of the whole matter, in the words of a verdict
    concluded_at: Mapped[datetime | None]
    concluded_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    conclusion: Mapped[str | None]  # what the safety office says to it

    case: Mapped[Case] = relationship(lazy="raise")

    @property
    def org_id(self) -> int:
        """The body whose turn it is: the receiver, or the sender where the receiver is outside."""
        return self.to_org_id or self.from_org_id


class CriminalTransfer(Base):
    """A suspected crime on its way to the police: two officers report, the head decides, the police sign (F30)."""

    __tablename__ = "criminal_transfer"
    __table_args__ = (
        CheckConstraint(f"state in {CRIMINAL_STATES}", name="state"),
        CheckConstraint("decided_by <> reported_by", name="two_people"),
        CheckConstraint("state <> 'accepted' or slip is not null", name="has_slip"),
        Index("ix_criminal_transfer_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    suspicion: Mapped[str]  # the article of the Criminal Law
    facts: Mapped[str]
    officer_ids: Mapped[list[Any]]
    reported_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    reported_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    reasons: Mapped[str | None]
    police_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    materials: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    slip: Mapped[str | None]
    by_police: Mapped[bool] = mapped_column(server_default=text("false"))  # they took it here; else a slip was entered
    answered_at: Mapped[datetime | None]
