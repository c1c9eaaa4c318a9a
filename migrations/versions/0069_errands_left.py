"""That the safety office was told of a look-back or a review whose person will not be there in time (M15, T17, R8)."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0066"

TABLES = ("look_back", "review")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("left_told_at", sa.DateTime(timezone=True), nullable=True), schema="handling")


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "left_told_at", schema="handling")
