"""A paper may be the notice that guides a party which is not penalised, and its signed copy may come back (M69)."""

from alembic import op

revision = "0032"
down_revision = "0031"

PAPERS = "'acceptance', 'visit_record', 'order', 'transfer', 'closing', 'notice'"
SCANS = f"'penalty', {PAPERS}, 'other'"


def upgrade() -> None:
    _kinds(f"'guidance', {PAPERS}", f"'guidance', {SCANS}")


def downgrade() -> None:
    op.execute("delete from handling.paper where kind = 'guidance'")
    op.execute("update handling.scan set kind = 'other' where kind = 'guidance'")
    _kinds(PAPERS, SCANS)


def _kinds(papers: str, scans: str) -> None:
    for table, words in (("paper", papers), ("scan", scans)):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, schema="handling")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind in ({words})", schema="handling")
