"""Table of penalties (C4.5): one row for each party, from filing to execution. Money is in whole fen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

PENALTY_STATES = (
    "filed", "investigated", "notified", "hearing", "decided", "served", "executed", "not_penalised", "revoked",
)  # fmt: skip
DECIDED = ("decided", "served", "executed")


class Penalty(Base):
    """One penalty track against one party. Fines are never counted for anybody's assessment (F23, X47)."""

    __tablename__ = "penalty"
    __table_args__ = (
        CheckConstraint(f"state in {PENALTY_STATES}", name="state"),
        CheckConstraint("party_kind in ('unit','person')", name="party_kind"),
        CheckConstraint("fine_fen >= 0 and confiscated_fen >= 0", name="money"),
        # A decision says its number, day, organ, kind and party, or it is none (G-PEN).
        CheckConstraint(
            f"state not in {DECIDED} or (number is not null and decided_at is not null and cardinality(kinds) > 0)",
            name="decision_is_whole",
        ),
        CheckConstraint("reviewed_by <> waived_by", name="two_people"),
        UniqueConstraint("org_id", "number"),
        Index("ix_penalty_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))  # the organ that files and decides
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.delegation.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    party_kind: Mapped[str]
    party: Mapped[str]
    cause: Mapped[str]
    officer_ids: Mapped[list[Any]]  # at least two, with valid certificates (F21)
    former_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # who has handed it over since
    filed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    filed_at: Mapped[datetime]
    findings: Mapped[str | None]
    qualification: Mapped[str | None]
    investigated_at: Mapped[datetime | None]
    notice: Mapped[str | None]
    notified_at: Mapped[datetime | None]
    defence: Mapped[str | None]  # what the party stated (F29)
    hearing_at: Mapped[datetime | None]
    hearing_record: Mapped[str | None]
    number: Mapped[str | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    fine_fen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    confiscated_fen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    decision: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # on the organ's own public system (F12)
    published_where: Mapped[str | None]
    served_at: Mapped[datetime | None]
    served_how: Mapped[str | None]
    executed_at: Mapped[datetime | None]
    execution: Mapped[str | None]
    waiver_reason: Mapped[str | None]  # code of the reason not to penalise (F22)
    waiver_conditions: Mapped[dict[str, Any] | None]
    waiver_text: Mapped[str | None]
    education: Mapped[str | None]
    waived_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    waived_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]  # from where it was published (F25)
