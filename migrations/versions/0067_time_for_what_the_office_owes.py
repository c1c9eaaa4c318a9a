"""A planned interview and what has come up for the bulletin have a date, and who owes them is told once (M74, M77)."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0065"

BEGAN = {"interview": "planned_at", "bulletin_entry": "listed_at"}


def upgrade() -> None:
    for table, began in BEGAN.items():
        for column in ("due_at", "overdue_told_at"):
            op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True), schema="handling")
        # A week is the longest that the working days of either can last without a holiday.
        op.execute(f"update handling.{table} set due_at = {began} + interval '7 days'")
        op.alter_column(table, "due_at", nullable=False, schema="handling")
        op.add_column(
            table, sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
            schema="handling",
        )  # fmt: skip


def downgrade() -> None:
    for table in BEGAN:
        for column in ("overdue_told_at", "provisional", "due_at"):
            op.drop_column(table, column, schema="handling")
