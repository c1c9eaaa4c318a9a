"""Tables of measures (C4.4) with the reviews that lift them, and of the tags that an act puts on a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
MEASURE_STATES = (
    "proposed", "approved", "in_force", "extended", "lift_requested", "lifted", "expired", "replaced", "dropped",
)  # fmt: skip
HOLDING = ("in_force", "extended", "lift_requested")


class Measure(Base):
    """One measure of one body against somebody or something, from its proposal to its lift (C4.4, M51)."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint(f"state in {MEASURE_STATES}", name="state"),
        # Nothing holds without a person who answers for it (M17, G-MEA).
        CheckConstraint(f"state not in {HOLDING} or (owner_id is not null and begins_at is not null)", name="owned"),
        ForeignKeyConstraint(
            ["type_code", "type_version"], ["handling.measure_type.code", "handling.measure_type.version"]
        ),
        Index("ix_measure_case_id", "case_id"),
        Index("ix_measure_ends", "ends_at", postgresql_where=text("state in ('in_force','extended')")),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))  # the ordering organ
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.delegation.id"))
    type_code: Mapped[str]
    type_version: Mapped[int]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    party: Mapped[str]
    scope: Mapped[str]  # what is stopped, sealed or seized
    ground: Mapped[str]
    reasoning: Mapped[str]
    basis: Mapped[str]
    decision_ref: Mapped[str | None]  # of the county government, where the type needs one (F08)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.measure.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    approved_at: Mapped[datetime | None]
    approval_note: Mapped[str | None]
    officer_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # who put it in force
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    begins_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    original_ends_at: Mapped[datetime | None]
    extensions: Mapped[int] = mapped_column(server_default="0")
    breached_at: Mapped[datetime | None]
    lift_requested_at: Mapped[datetime | None]
    lift_request: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    end_note: Mapped[str | None]


class MeasureReview(Base):
    """The check on site before a measure is lifted, signed by its organ (M41, M42, F38)."""

    __tablename__ = "measure_review"
    __table_args__ = (
        CheckConstraint("result in ('pass','fail')", name="result"),
        Index("ix_measure_review_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("handling.measure.id"))
    arrival_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.acceptance_arrival.id"))  # None: before 0108
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    result: Mapped[str]
    findings: Mapped[list[Any]]
    note: Mapped[str]
    signed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    signed_at: Mapped[datetime]


class CaseTag(Base):
    """A mark on a case that changes how it is dealt with: 抗拒执法, 违反停产令 … ((d), reasons of kind `tag`)."""

    __tablename__ = "case_tag"
    __table_args__ = ({"schema": HANDLING},)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    facts: Mapped[str]
    tagged_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    tagged_at: Mapped[datetime]
