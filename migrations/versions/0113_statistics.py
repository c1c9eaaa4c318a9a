"""What is published of a month: written once by a worker, read by everybody, and never changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0113"
down_revision = "0108"

MONTHS, LINES = "statistic_month", "statistic_line"
COUNTS = ("opened", "closed", "upheld", "refuted", "late")
READERS = "jz_public, jz_town, jz_department, jz_district, jz_discipline"


def upgrade() -> None:
    op.create_table(
        MONTHS,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=True),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_statistic_month_first_day")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_statistic_month")),
        schema="record",
    )
    op.create_table(
        LINES,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False) for name in ("codes", "zh", "en")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in COUNTS),
        sa.Column("median_days", sa.Numeric(6, 1), nullable=True),
        sa.CheckConstraint("subject in ('district', 'town', 'category')", name=op.f("ck_statistic_line_subject")),
        sa.ForeignKeyConstraint(["month"], [f"record.{MONTHS}.month"], name=op.f("fk_statistic_line_month")),
        sa.PrimaryKeyConstraint("month", "subject", "position", name=op.f("pk_statistic_line")),
        schema="record",
    )
    op.execute(f"grant select on record.{MONTHS}, record.{LINES} to {READERS}")
    op.execute(f"grant select, insert on record.{MONTHS}, record.{LINES} to jz_worker")


def downgrade() -> None:
    op.drop_table(LINES, schema="record")
    op.drop_table(MONTHS, schema="record")
