"""What the receiver of a whole matter found ends its case, once the safety office has confirmed it (T12)."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"

BEFORE = "'sent', 'accepted', 'refused', 'answered', 'returned', 'external'"
SINCE = f"{BEFORE}, 'found', 'concluded'"
AWAITED = "'sent', 'accepted', 'refused', 'external'"
RULES = {
    "finding": "finding in ('substantiated', 'partly', 'unsubstantiated', 'unverifiable')",
    "two_people": "state <> 'concluded' or (finding is not null and concluded_by <> result_by)",
}


def upgrade() -> None:
    for name in ("result_by", "concluded_by"):
        op.add_column("referral", sa.Column(name, sa.Integer(), nullable=True), schema="handling")
        op.create_foreign_key(
            op.f(f"fk_referral_{name}"), "referral", "account", [name], ["id"],
            source_schema="handling", referent_schema="handling",
        )  # fmt: skip
    for name in ("finding", "conclusion"):
        op.add_column("referral", sa.Column(name, sa.Text(), nullable=True), schema="handling")
    op.add_column("referral", sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    _states(SINCE, awaited=f"{AWAITED}, 'found'")
    for name, rule in RULES.items():
        op.create_check_constraint(op.f(f"ck_referral_{name}"), "referral", rule, schema="handling")


def downgrade() -> None:
    for name in RULES:
        op.drop_constraint(op.f(f"ck_referral_{name}"), "referral", schema="handling")
    # The older form knows results alone: one that waits for its confirmation is given anew, one that has it was given.
    op.execute("update handling.referral set state = 'accepted' where state = 'found'")
    op.execute("update handling.referral set state = 'answered' where state = 'concluded'")
    _states(BEFORE, awaited=AWAITED)
    for column in ("conclusion", "concluded_by", "concluded_at", "finding", "result_by"):
        op.drop_column("referral", column, schema="handling")


def _states(states: str, *, awaited: str) -> None:
    op.drop_constraint(op.f("ck_referral_state"), "referral", schema="handling")
    op.create_check_constraint(op.f("ck_referral_state"), "referral", f"state in ({states})", schema="handling")
    op.drop_index("ix_referral_awaited", "referral", schema="handling")
    op.create_index(
        "ix_referral_awaited", "referral", ["from_org_id"], schema="handling",
        postgresql_where=sa.text(f"state in ({awaited})"),
    )  # fmt: skip
