"""A re-check knows which refusal it is about and why it was drawn (R6); two more dates wait for calendars (D2)."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BEFORE = "'review', 'reply', 'ask_more', 'accept'"


def upgrade() -> None:
    # Nothing was drawn before this: the tables were empty.
    op.add_column("recheck", sa.Column("refusal_id", sa.Uuid(), nullable=False), schema="intake")
    op.add_column("recheck", sa.Column("why", sa.Text(), nullable=False), schema="intake")
    op.create_check_constraint(op.f("ck_recheck_why"), "recheck", "why in ('sample','again')", schema="intake")
    op.create_unique_constraint(op.f("uq_recheck_refusal_id"), "recheck", ["refusal_id"], schema="intake")
    op.create_foreign_key(
        op.f("fk_recheck_refusal_id"), "recheck", "refusal", ["refusal_id"], ["id"],
        source_schema="intake", referent_schema="intake",
    )  # fmt: skip
    _clocks(f"{BEFORE}, 'recheck', 'review_request'")


def downgrade() -> None:
    op.execute("delete from intake.provisional_date where clock in ('recheck', 'review_request')")
    _clocks(BEFORE)
    op.drop_column("recheck", "why", schema="intake")
    op.drop_column("recheck", "refusal_id", schema="intake")


def _clocks(words: str) -> None:
    op.drop_constraint(op.f("ck_provisional_date_clock"), "provisional_date", schema="intake")
    op.create_check_constraint(
        op.f("ck_provisional_date_clock"), "provisional_date", f"clock in ({words})", schema="intake"
    )
