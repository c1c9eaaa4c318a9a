"""Acts on many cases, by the id that makes them happen once; exports of lists, with what left the house.

Both are a person's own. Exports are read by the district, which allows them, and by the discipline body.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

HANDLERS = "jz_town, jz_department, jz_district"
PERSON = "nullif(current_setting('jz.account', true), '')::int"
STATES = "'requested', 'approved', 'refused', 'downloaded', 'expired'"


def upgrade() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_bulk_act_account_id")),
        sa.PrimaryKeyConstraint("account_id", "client_id", name=op.f("pk_bulk_act")),
        schema="handling",
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_export_state")),
        sa.CheckConstraint("decided_by <> requested_by", name=op.f("ck_export_two_people")),
        sa.CheckConstraint(
            "state <> 'downloaded' or (downloaded_at is not null and sha256 is not null)",
            name=op.f("ck_export_logged"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_export_decided_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_export_org_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["handling.account.id"], name=op.f("fk_export_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("mark", name=op.f("uq_export_mark")),
        schema="handling",
    )
    op.create_index("ix_export_requested_at", "export", ["requested_at", "id"], schema="handling")
    rights()


def downgrade() -> None:
    op.drop_table("export", schema="handling")
    op.drop_table("bulk_act", schema="handling")


def rights() -> None:
    op.execute(f"grant select, insert, update on handling.bulk_act, handling.export to {HANDLERS}")
    op.execute("grant select on handling.export to jz_discipline")
    op.execute("grant select, update on handling.export to jz_worker")
    for table in ("bulk_act", "export"):
        op.execute(f"alter table handling.{table} enable row level security")
    op.execute(f"create policy of_a_person on handling.bulk_act to {HANDLERS} using (account_id = {PERSON})")
    op.execute(
        f"create policy of_a_person on handling.export to jz_town, jz_department using (requested_by = {PERSON})"
    )
    op.execute("create policy of_the_district on handling.export to jz_district, jz_worker using (true)")
    op.execute("create policy jz_discipline on handling.export for select to jz_discipline using (true)")
