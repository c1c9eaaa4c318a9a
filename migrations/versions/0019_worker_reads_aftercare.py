"""The worker plans and drops look-backs and sees to reopenings: it reads the rows that it may write already."""

from alembic import op

revision = "0019"
down_revision = "0018"

TABLES = "handling.look_back, handling.review, handling.reopening"


def upgrade() -> None:
    op.execute(f"grant select on {TABLES} to jz_worker")


def downgrade() -> None:
    op.execute(f"revoke select on {TABLES} from jz_worker")
