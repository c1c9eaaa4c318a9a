"""Entering a year's holidays: every entry as it was made, and the dates told to reporters that waited for one (D2)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

READERS = "jz_town, jz_department, jz_district, jz_discipline, jz_intake, jz_api, jz_worker"


def upgrade() -> None:
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("irregular", sa.Text(), server_default="", nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_calendar_entry_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        schema="handling",
    )
    op.create_index("ix_calendar_entry_year", "calendar_entry", ["year"], unique=False, schema="handling")
    op.create_table(
        "provisional_date",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("roll", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "clock in ('review', 'reply', 'ask_more', 'accept')", name=op.f("ck_provisional_date_clock")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_provisional_date_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisional_date")),
        schema="intake",
    )
    op.create_index(
        "ix_provisional_date_open",
        "provisional_date",
        ["report_id"],
        unique=False,
        schema="intake",
        postgresql_where=sa.text("settled_at is null"),
    )
    op.add_column(
        "urge_order",
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="handling",
    )
    rights()


def rights() -> None:
    op.execute(f"grant select on handling.calendar_entry to {READERS}")
    op.execute("grant insert on handling.calendar_entry to jz_district")
    op.execute("grant insert, update on handling.calendar_day to jz_district")
    op.execute("grant insert, update on handling.calendar_year to jz_district")
    op.execute("grant select, insert, update on intake.provisional_date to jz_district, jz_worker")
    op.execute("grant usage on all sequences in schema handling, intake to jz_district, jz_worker")


def downgrade() -> None:
    op.execute("revoke insert, update on handling.calendar_day from jz_district")
    op.execute("revoke insert, update on handling.calendar_year from jz_district")
    op.drop_column("urge_order", "provisional", schema="handling")
    op.drop_index("ix_provisional_date_open", table_name="provisional_date", schema="intake")
    op.drop_table("provisional_date", schema="intake")
    op.drop_index("ix_calendar_entry_year", table_name="calendar_entry", schema="handling")
    op.drop_table("calendar_entry", schema="handling")
