"""Tables of rewards (C11).

What a report is worth lies with the report; what finance pays, a voucher, names neither it nor its case, and the link
between the two is on the reporter's side of the wall (X38).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

INTAKE, HANDLING = "intake", "handling"
REWARD_STATES = (
    "eligible", "proposed", "reviewed", "approved", "notified", "claimed", "paid", "forfeited", "refused", "revoked",
)  # fmt: skip
VOUCHER_STATES = ("held", "issued", "prepared", "paid", "cancelled")
WORTH = ("proposed", "reviewed", "approved", "notified", "claimed", "paid")


class Reward(Base):
    """What one report is paid for its matter. A matter is paid once, whoever else reported it."""

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint(f"state in {REWARD_STATES}", name="state"),
        CheckConstraint(f"state not in {WORTH} or (amount_fen > 0 and amount_fen % 100 = 0)", name="amount"),
        # Two persons beside the one who proposes.
        CheckConstraint("proposed_by <> reviewed_by", name="proposed_and_reviewed_by_two"),
        CheckConstraint("approved_by not in (proposed_by, reviewed_by)", name="approved_by_a_third"),
        CheckConstraint("state not in ('notified','claimed','paid','forfeited') or claim_until is not null",
                        name="claim_until"),
        Index("uq_reward_matter", "case_id", unique=True, postgresql_where=sql("state not in ('refused','revoked')")),
        Index("ix_reward_report_id", "report_id"),
        Index("ix_reward_state", "state", "opened_at", "id"),
        {"schema": INTAKE},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    case_id: Mapped[UUID] = mapped_column(deferred=True)  # what is deferred, the API that citizens speak to cannot read
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    rule: Mapped[dict[str, Any]]  # the row of policy in force on the day of the report
    opened_at: Mapped[datetime]
    kind: Mapped[str | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)  # what the amount was computed from
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    signers: Mapped[int] = mapped_column(server_default="1")
    note: Mapped[str | None] = mapped_column(deferred=True)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    reviewed_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    approved_at: Mapped[datetime | None]
    claim_until: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # who refused or revoked it
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class RewardShare(Base):
    """Which voucher pays which part of a reward. Finance never reads this."""

    __tablename__ = "reward_share"
    __table_args__ = (Index("ix_reward_share_reward_id", "reward_id"), {"schema": INTAKE})

    voucher_id: Mapped[UUID] = mapped_column(primary_key=True)
    reward_id: Mapped[UUID] = mapped_column(ForeignKey("intake.reward.id"))


class Voucher(Base):
    """An amount that is paid out to whoever brings its code: no case, no report, no day of either stands here."""

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint(f"state in {VOUCHER_STATES}", name="state"),
        CheckConstraint("amount_fen >= 0 and amount_fen % 100 = 0", name="amount"),
        CheckConstraint("paid_by <> prepared_by", name="two_people"),
        CheckConstraint("state <> 'paid' or (paid_by is not null and receipt is not null)", name="paid_on_record"),
        Index("ix_voucher_state", "state", "issued_on", "id"),
        Index("ix_voucher_payee_mark", "payee_mark", "kind", "issued_on"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    kind: Mapped[str]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    code_mark: Mapped[bytes]  # a keyed mark of the code that whoever collects it says
    payee_mark: Mapped[bytes | None]  # of the document of who collects it, where they said: for the cap of a month, too
    issued_on: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    checked_at: Mapped[datetime | None]
    check_note: Mapped[str | None]
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    prepared_at: Mapped[datetime | None]
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    paid_at: Mapped[datetime | None]
    receipt: Mapped[str | None]  # finance's own number
    cancelled_at: Mapped[datetime | None]

    @property
    def named(self) -> bool:
        """Whether the person at the counter has to show a document."""
        return self.payee_mark is not None
