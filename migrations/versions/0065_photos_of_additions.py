"""What a reporter adds may have photos (R3)."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0063"


def upgrade() -> None:
    op.add_column("answer", sa.Column("photos", sa.SmallInteger(), server_default="0", nullable=False), schema="intake")


def downgrade() -> None:
    op.drop_column("answer", "photos", schema="intake")
