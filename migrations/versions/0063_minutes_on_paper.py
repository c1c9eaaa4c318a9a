"""A paper may be the minutes of a joint meeting, and its signed copy may come back (M09)."""

from alembic import op

revision = "0063"
down_revision = "0059"

OLDER = "'acceptance', 'visit_record', 'order', 'transfer', 'closing', 'notice'"
PAPERS = f"'guidance', {OLDER}"
SCANS = f"'guidance', 'penalty', {OLDER}, 'other'"


def upgrade() -> None:
    _kinds(f"'minutes', {PAPERS}", f"'minutes', {SCANS}")


def downgrade() -> None:
    op.execute("delete from handling.paper where kind = 'minutes'")
    op.execute("update handling.scan set kind = 'other' where kind = 'minutes'")
    _kinds(PAPERS, SCANS)


def _kinds(papers: str, scans: str) -> None:
    for table, words in (("paper", papers), ("scan", scans)):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, schema="handling")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind in ({words})", schema="handling")
