"""Papers that were printed of a case, and scanned copies that came back.

An office asks for a paper and attaches a scan; what becomes of the file is written by the worker alone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

OF_A_CASE = ("paper", "scan")
HANDLERS = ("jz_town", "jz_department", "jz_district")


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('visit_record', 'order', 'transfer', 'closing', 'notice')", name=op.f("ck_paper_kind")),
        sa.CheckConstraint("state in ('asked', 'printed', 'failed')", name=op.f("ck_paper_state")),
        sa.CheckConstraint(
            "(state = 'printed') = (storage_key is not null and sha256 is not null)", name=op.f("ck_paper_printed")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["handling.account.id"], name=op.f("fk_paper_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_paper_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_code")),
        sa.UniqueConstraint(
            "case_id", "kind", "subject_id", "edition",
            name=op.f("uq_paper_case_id_kind_subject_id_edition"), postgresql_nulls_not_distinct=True,
        ),
        schema="handling",
    )  # fmt: skip
    op.create_index(
        "uq_paper_content",
        "paper",
        ["case_id", "kind", "subject_id", "content_sha256"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state <> 'failed'"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("large_key", sa.Text(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind in ('visit_record', 'order', 'transfer', 'closing', 'notice', 'other')", name=op.f("ck_scan_kind")
        ),
        sa.CheckConstraint("media in ('image','pdf')", name=op.f("ck_scan_media")),
        sa.CheckConstraint("state in ('stored','clean','rejected')", name=op.f("ck_scan_state")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_scan_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_scan_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        schema="handling",
    )
    op.create_index("ix_scan_case_id", "scan", ["case_id"], unique=False, schema="handling")
    rights()


def rights() -> None:
    tables = ", ".join(f"handling.{name}" for name in OF_A_CASE)
    op.execute(f"grant select, insert on {tables} to {', '.join(HANDLERS)}")
    op.execute(f"grant select on {tables} to jz_discipline")
    op.execute(f"grant select, update on {tables} to jz_worker")
    for table in OF_A_CASE:
        mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
        op.execute(f"alter table handling.{table} enable row level security")
        for role in ("jz_town", "jz_department"):
            op.execute(f"create policy {role} on handling.{table} to {role} using ({mine})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
        op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def downgrade() -> None:
    for table in reversed(OF_A_CASE):
        op.drop_table(table, schema="handling")
