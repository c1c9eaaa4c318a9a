"""Who has handed a penalty track over has investigated it, and never decides (F21, C2)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    none = sa.text("'[]'::jsonb")
    op.add_column("penalty", sa.Column("former_ids", JSONB(), server_default=none, nullable=False), schema="handling")


def downgrade() -> None:
    op.drop_column("penalty", "former_ids", schema="handling")
