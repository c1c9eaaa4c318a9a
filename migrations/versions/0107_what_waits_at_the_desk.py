"""Whoever is asked for metrics counts what waits at the desk, by why, and reads nothing of it."""

from alembic import op

revision = "0107"
down_revision = "0106"

COUNTED = "state, waits_for, review_due_at"


def upgrade() -> None:
    op.execute("grant usage on schema intake to jz_relay")
    op.execute(f"grant select ({COUNTED}) on intake.report to jz_relay")


def downgrade() -> None:
    op.execute(f"revoke select ({COUNTED}) on intake.report from jz_relay")
    op.execute("revoke usage on schema intake from jz_relay")
