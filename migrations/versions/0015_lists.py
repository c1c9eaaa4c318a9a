"""Lists of cases: an index for the newest first, and views that a person keeps or an office shares.

A person's own views are that person's alone, also for the database: the transaction says whose it is (`jz.account`).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

HANDLERS = "jz_town, jz_department, jz_district"
OFFICE = "nullif(current_setting('jz.org', true), '')::int"
PERSON = "nullif(current_setting('jz.account', true), '')::int"


def upgrade() -> None:
    op.create_index("ix_case_opened", "case", ["opened_at", "id"], schema="handling")
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_view_named")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_saved_view_org_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["handling.account.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        schema="handling",
    )
    op.create_index(
        "uq_saved_view_name",
        "saved_view",
        ["owner_id", "name"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("removed_at is null"),
    )
    op.create_index(
        "ix_saved_view_shared",
        "saved_view",
        ["org_id"],
        schema="handling",
        postgresql_where=sa.text("shared and removed_at is null"),
    )
    op.execute(f"grant select, insert, update on handling.saved_view to {HANDLERS}")
    op.execute("grant select on handling.saved_view to jz_discipline")
    op.execute("alter table handling.saved_view enable row level security")
    op.execute(
        f"create policy of_a_person on handling.saved_view to {HANDLERS}, jz_discipline"
        f" using (org_id = {OFFICE} and (owner_id = {PERSON} or shared))"
    )


def downgrade() -> None:
    op.drop_table("saved_view", schema="handling")
    op.drop_index("ix_case_opened", "case", schema="handling")
