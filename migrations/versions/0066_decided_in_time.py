"""A report that waits for the desk has a time by which it is decided, with a proposal to refuse it or without (F39).

What waits already gets its time from the worker's next sweep; what was proposed has one, which becomes the report's.
Work that came once at the end of such a time is not put in any more: a sweep finds what is late, and goes on to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0064"


def upgrade() -> None:
    op.add_column("report", sa.Column("accept_due_at", sa.DateTime(timezone=True)), schema="intake")
    op.execute(
        "update intake.report set accept_due_at = refusal.due_at from intake.refusal"
        " where refusal.report_id = report.id and refusal.state = 'proposed' and report.state = 'in_review'"
    )
    op.create_index(
        "ix_report_accept", "report", ["accept_due_at"], schema="intake",
        postgresql_where=sa.text("state = 'in_review'"),
    )  # fmt: skip
    op.drop_index("ix_refusal_desk", "refusal", schema="intake")
    op.drop_column("refusal", "due_at", schema="intake")
    op.execute(
        "update handling.job set done_at = now() where done_at is null and failed_at is null"
        " and step in ('reply_due', 'decision_due', 'recheck_due')"
    )


def downgrade() -> None:
    op.add_column("refusal", sa.Column("due_at", sa.DateTime(timezone=True)), schema="intake")
    op.execute(
        "update intake.refusal set due_at = coalesce(report.accept_due_at, refusal.proposed_at)"
        " from intake.report where report.id = refusal.report_id"
    )
    op.alter_column("refusal", "due_at", nullable=False, schema="intake")
    op.create_index(
        "ix_refusal_desk", "refusal", ["due_at", "id"], schema="intake",
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.drop_index("ix_report_accept", "report", schema="intake")
    op.drop_column("report", "accept_due_at", schema="intake")
    op.execute(
        "update handling.job set done_at = now() where done_at is null and failed_at is null"
        " and step in ('urge_desk', 'find_late_at_desk')"
    )
