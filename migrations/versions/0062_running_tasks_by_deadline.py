"""A district's list by deadline follows an index: running main tasks by when they are due, and their cases."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.create_index(
        "ix_task_due", "task", ["due_at", "case_id"], schema="handling",
        postgresql_where=sa.text("state in ('open','signed') and kind in ('town','group')"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_task_due", table_name="task", schema="handling")
