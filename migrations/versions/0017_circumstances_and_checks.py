"""Circumstances that change what a category means for a case, and a visit's answers to its typed checks ((d))."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column(
        "case",
        sa.Column("circumstances", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        schema="handling",
    )
    op.add_column(
        "visit",
        sa.Column(
            "checks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        schema="handling",
    )


def downgrade() -> None:
    op.drop_column("visit", "checks", schema="handling")
    op.drop_column("case", "circumstances", schema="handling")
