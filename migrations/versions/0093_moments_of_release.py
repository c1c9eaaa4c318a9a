"""Exposures that are published for a later moment (C7): the clock releases them, and nobody reads them before.

What was published before was there at once, and says so by having no moment of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"

READ_ONLY = "jz_public, jz_intake, jz_town, jz_department, jz_discipline"
KEEP = ("jz_district", "jz_worker")
TABLES = ("exposure", "change")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("exposure", sa.Column("released_at", moment, nullable=True), schema="handling")
    for table in TABLES:
        op.add_column(table, sa.Column("released_at", moment, nullable=True), schema="record")
        _secure(table)
    op.create_index(
        "ix_change_released", "change", ["released_at", "seq"], schema="record",
        postgresql_where=sa.text("released_at is not null"),
    )  # fmt: skip
    op.create_index(
        "ix_public_exposure_expires", "exposure", ["expires_at"], schema="record",
        postgresql_where=sa.text("status in ('usable','corrected')"),
    )  # fmt: skip
    # Everything that was ever released at a moment comes after those that are there: there is none yet.
    op.add_column(
        "webhook", sa.Column("told_released_at", moment, server_default=sa.func.now(), nullable=False),
        schema="handling",
    )  # fmt: skip
    op.add_column(
        "webhook", sa.Column("told_release", sa.Integer(), server_default="0", nullable=False), schema="handling"
    )


def _secure(table: str) -> None:
    """Who only reads reads what is released; who keeps the record may take out of it what is not."""
    op.execute(f"alter table record.{table} enable row level security")
    op.execute(f"create policy at_once on record.{table} for select to {READ_ONLY} using (released_at is null)")
    op.execute(f"create policy in_time on record.{table} for select to {READ_ONLY} using (released_at <= now())")
    op.execute(f"grant delete on record.{table} to {', '.join(KEEP)}")
    for role in KEEP:
        op.execute(f"create policy {role} on record.{table} for select to {role} using (true)")
        op.execute(f"create policy {role}_adds on record.{table} for insert to {role} with check (true)")
        op.execute(f"create policy {role}_changes on record.{table} for update to {role} using (true)")
        op.execute(
            f"create policy {role}_calls_back on record.{table} for delete to {role} using (released_at > now())"
        )


def downgrade() -> None:
    """What waits for its moment would be public at once: it is approved again, as if it had been called back."""
    op.drop_column("webhook", "told_release", schema="handling")
    op.drop_column("webhook", "told_released_at", schema="handling")
    op.execute(
        """update handling.exposure set state = 'approved', published_by = null, published_at = null, expires_at = null
        where state = 'published' and released_at > now()"""
    )
    op.drop_index("ix_public_exposure_expires", table_name="exposure", schema="record")
    op.drop_index("ix_change_released", table_name="change", schema="record")
    for table in TABLES:
        op.execute(f"delete from record.{table} where released_at > now()")
        for role in KEEP:
            for name in (role, f"{role}_adds", f"{role}_changes", f"{role}_calls_back"):
                op.execute(f"drop policy {name} on record.{table}")
        op.execute(f"drop policy in_time on record.{table}")
        op.execute(f"drop policy at_once on record.{table}")
        op.execute(f"alter table record.{table} disable row level security")
        op.execute(f"revoke delete on record.{table} from {', '.join(KEEP)}")
        op.drop_column(table, "released_at", schema="record")
    op.drop_column("exposure", "released_at", schema="handling")
