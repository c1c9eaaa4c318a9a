"""Circumstances of a case that change what its category means for it: a leak, children on board, a refusal ((d))."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "case",
        sa.Column("circumstances", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        schema="handling",
    )


def downgrade() -> None:
    op.drop_column("case", "circumstances", schema="handling")
