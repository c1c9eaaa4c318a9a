"""What became of a notice on its way out: how often it failed, of what, and whether it was given up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("tries", sa.Integer(), server_default="0", nullable=False), schema="handling")
    op.add_column("delivery", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    op.add_column("delivery", sa.Column("failure", sa.Text(), nullable=True), schema="handling")
    op.add_column("delivery", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["created_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("sent_at is null and dropped_at is null"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_open", table_name="delivery", schema="handling")
    for column in ("given_up_at", "failure", "failed_at", "tries"):
        op.drop_column("delivery", column, schema="handling")
