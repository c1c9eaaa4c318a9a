"""Rewards lie with the report; vouchers, which name neither report nor case, are what finance pays (C11, X38)."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"

STATES = (
    "'eligible', 'proposed', 'reviewed', 'approved', 'notified', 'claimed', 'paid', 'forfeited', 'refused', 'revoked'"
)
WORTH = "'proposed', 'reviewed', 'approved', 'notified', 'claimed', 'paid'"
VOUCHER_STATES = "'held', 'issued', 'prepared', 'paid', 'cancelled'"
# Which case it is about, and what was found there, is not for the API that citizens speak to.
TOLD = (
    "id, report_id, state, version, rule, opened_at, kind, amount_fen, signers, proposed_by, proposed_at, reviewed_by, "
    "reviewed_at, approved_by, approved_at, claim_until, reminded_at, claimed_at, ended_by, ended_at, reason"
)
ACCOUNTS = ("proposed_by", "reviewed_by", "approved_by", "ended_by")
PAYERS = ("checked_by", "prepared_by", "paid_by")


def upgrade() -> None:
    op.create_table(
        "reward",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("signers", sa.Integer(), server_default="1", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        *_who_and_when("proposed", "reviewed", "approved"),
        sa.Column("claim_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        *_who_and_when("ended"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_reward_state")),
        sa.CheckConstraint(
            f"state not in ({WORTH}) or (amount_fen > 0 and amount_fen % 100 = 0)", name=op.f("ck_reward_amount")
        ),
        sa.CheckConstraint("proposed_by <> reviewed_by", name=op.f("ck_reward_proposed_and_reviewed_by_two")),
        sa.CheckConstraint("approved_by not in (proposed_by, reviewed_by)", name=op.f("ck_reward_approved_by_a_third")),
        sa.CheckConstraint(
            "state not in ('notified','claimed','paid','forfeited') or claim_until is not null",
            name=op.f("ck_reward_claim_until"),
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_reward_report_id")),
        *(_account("reward", column) for column in ACCOUNTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        schema="intake",
    )
    op.create_index(
        "uq_reward_matter", "reward", ["case_id"], unique=True, schema="intake",
        postgresql_where=sa.text("state not in ('refused','revoked')"),
    )  # fmt: skip
    op.create_index("ix_reward_report_id", "reward", ["report_id"], schema="intake")
    op.create_index("ix_reward_state", "reward", ["state", "opened_at", "id"], schema="intake")
    op.create_table(
        "reward_share",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("reward_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["reward_id"], ["intake.reward.id"], name=op.f("fk_reward_share_reward_id")),
        sa.PrimaryKeyConstraint("voucher_id", name=op.f("pk_reward_share")),
        schema="intake",
    )
    op.create_index("ix_reward_share_reward_id", "reward_share", ["reward_id"], schema="intake")
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("code_mark", sa.LargeBinary(), nullable=False),
        sa.Column("payee_mark", sa.LargeBinary(), nullable=True),
        sa.Column("issued_on", sa.DateTime(timezone=True), nullable=False),
        *_who_and_when("checked"),
        sa.Column("check_note", sa.Text(), nullable=True),
        *_who_and_when("prepared", "paid"),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state in ({VOUCHER_STATES})", name=op.f("ck_voucher_state")),
        sa.CheckConstraint("amount_fen >= 0 and amount_fen % 100 = 0", name=op.f("ck_voucher_amount")),
        sa.CheckConstraint("paid_by <> prepared_by", name=op.f("ck_voucher_two_people")),
        sa.CheckConstraint(
            "state <> 'paid' or (paid_by is not null and receipt is not null)", name=op.f("ck_voucher_paid_on_record")
        ),
        *(_account("voucher", column) for column in PAYERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("number", name=op.f("uq_voucher_number")),
        schema="handling",
    )
    op.create_index("ix_voucher_state", "voucher", ["state", "issued_on", "id"], schema="handling")
    op.create_index("ix_voucher_payee_mark", "voucher", ["payee_mark", "kind", "issued_on"], schema="handling")
    op.execute(f"grant select ({TOLD}), update (state, version, claimed_at) on intake.reward to jz_intake")
    op.execute("grant select, insert, update on intake.reward to jz_district, jz_worker")
    op.execute("grant select, insert on intake.reward_share to jz_intake, jz_district, jz_worker")
    op.execute("grant select, insert, update on handling.voucher to jz_intake")
    op.execute("grant select, update on handling.voucher to jz_district, jz_worker")


def downgrade() -> None:
    op.drop_table("voucher", schema="handling")
    op.drop_table("reward_share", schema="intake")
    op.drop_table("reward", schema="intake")


def _who_and_when(*acts: str) -> list[sa.Column[Any]]:
    columns = [
        (sa.Column(f"{act}_by", sa.Integer()), sa.Column(f"{act}_at", sa.DateTime(timezone=True))) for act in acts
    ]
    return [column for pair in columns for column in pair]


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["handling.account.id"], name=op.f(f"fk_{table}_{column}"))
