"""Changes of the public record are told in the order of their writers, which are counted beyond two thousand million.

Numbers that newsrooms and phones have kept stay what they are: each names a change that is still there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0095"


def upgrade() -> None:
    op.alter_column("change", "xid", type_=sa.BigInteger(), schema="record")
    op.create_index("ix_change_order", "change", ["xid", "seq"], schema="record")


def downgrade() -> None:
    op.drop_index("ix_change_order", "change", schema="record")
    op.alter_column("change", "xid", type_=sa.Integer(), schema="record")
