"""A scan may be of a penalty decision: closing asks for a stored copy of each that is in force (G-DOC)."""

from alembic import op

revision = "0030"
down_revision = "0029"

BEFORE = "'acceptance', 'visit_record', 'order', 'transfer', 'closing', 'notice', 'other'"


def upgrade() -> None:
    _kinds(f"'penalty', {BEFORE}")


def downgrade() -> None:
    op.execute("update handling.scan set kind = 'other' where kind = 'penalty'")
    _kinds(BEFORE)


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("ck_scan_kind"), "scan", schema="handling")
    op.create_check_constraint(op.f("ck_scan_kind"), "scan", f"kind in ({words})", schema="handling")
