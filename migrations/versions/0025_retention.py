"""The worker may take away who reported, when it was kept long enough; it still reads no envelope (Q11)."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("grant usage on schema vault to jz_worker")
    op.execute("grant select (report_id), delete on vault.identity to jz_worker")


def downgrade() -> None:
    op.execute("revoke delete on vault.identity from jz_worker")
    op.execute("revoke select (report_id) on vault.identity from jz_worker")
    op.execute("revoke usage on schema vault from jz_worker")
