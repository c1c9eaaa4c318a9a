"""Who accepts has been at the place: the check-in before an acceptance, on a row of its own (T14, T15, X20)."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0070"
down_revision = "0069"

READS = "nullif(current_setting('jz.org', true), '')::int = any(readers)"


def upgrade() -> None:
    op.create_table(
        "acceptance_arrival",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("point", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("distance_reason", sa.Text(), nullable=True),
        sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_acceptance_arrival_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_acceptance_arrival_org_id")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_acceptance_arrival_account_id")),
        sa.ForeignKeyConstraint(
            ["case_id", "readers"], ["handling.case.id", "handling.case.readers"],
            name="fk_acceptance_arrival_readers", onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_arrival")),
        schema="handling",
    )  # fmt: skip
    op.create_index("ix_acceptance_arrival_case_id", "acceptance_arrival", ["case_id"], schema="handling")
    op.execute(
        """create trigger readers before insert on handling.acceptance_arrival
        for each row execute function handling.take_readers()"""
    )
    rights()
    op.add_column("acceptance", sa.Column("arrival_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_acceptance_arrival_id"), "acceptance", "acceptance_arrival", ["arrival_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip


def rights() -> None:
    """A handler writes one and changes none; whoever reads the case reads it."""
    op.execute("grant select, insert on handling.acceptance_arrival to jz_town, jz_department")
    op.execute("grant select on handling.acceptance_arrival to jz_district, jz_discipline, jz_worker")
    op.execute("alter table handling.acceptance_arrival enable row level security")
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.acceptance_arrival to {role} using ({READS})")
    for role in ("jz_district", "jz_discipline", "jz_worker"):
        op.execute(f"create policy {role} on handling.acceptance_arrival for select to {role} using (true)")


def downgrade() -> None:
    op.drop_column("acceptance", "arrival_id", schema="handling")
    op.drop_table("acceptance_arrival", schema="handling")
