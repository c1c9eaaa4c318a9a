"""Tables of findings: one row for each thing found, its pictures, and each check of it at an acceptance (T15)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class Finding(Base):
    """One thing that a visit found, as its record states it."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("visit_id", "position"),
        Index("ix_finding_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("handling.visit.id"))
    position: Mapped[int]
    text: Mapped[str]


class FindingPicture(Base):
    """A picture that shows a finding."""

    __tablename__ = "finding_picture"
    __table_args__ = (Index("ix_finding_picture_case_id", "case_id"), {"schema": "handling"})

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("handling.finding.id"), primary_key=True)
    picture_id: Mapped[UUID] = mapped_column(ForeignKey("handling.picture.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    linked_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    linked_at: Mapped[datetime]


class FindingCheck(Base):
    """What an acceptance says of one finding. The newest one of a finding counts."""

    __tablename__ = "finding_check"
    __table_args__ = (
        CheckConstraint("result in ('pass','fail')", name="result"),
        Index("ix_finding_check_case_id", "case_id"),
        {"schema": "handling"},
    )

    acceptance_id: Mapped[UUID] = mapped_column(ForeignKey("handling.acceptance.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("handling.finding.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    result: Mapped[str]
    note: Mapped[str]
    checked_at: Mapped[datetime]
