"""Key periods and campaigns shorten limits (D10); a clock says by which, and what it would have had without it.

Clocks that run keep their ends: none of them was shortened.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075"
down_revision = "0074"

CLOCKS = (
    "'sign', 'arbitrate', 'first_arrival', 'relay', 'cordon', 'verify_start', 'verify', 'verdict_review', "
    "'stop_work', 'rectify', 'rectify_major', 'acceptance', 'referral_accept', 'close', 'total'"
)
UNITS = "'clock_min', 'clock_h', 'work_h', 'work_d', 'cal_d'"
TEXTS, NUMBERS = ("overlay_code", "full_unit"), ("overlay_version", "full_amount")
TOGETHER = "num_nulls(overlay_code, overlay_version, full_amount, full_unit) in (0, 4)"


def upgrade() -> None:
    op.create_table(
        "deadline_overlay",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("category_codes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("unit_codes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_deadline_overlay_version")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_deadline_overlay_period")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_deadline_overlay")),
        schema="handling",
    )
    op.create_table(
        "deadline_overlay_limit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.CheckConstraint(f"clock in ({CLOCKS})", name=op.f("ck_deadline_overlay_limit_clock")),
        sa.CheckConstraint(f"unit in ({UNITS})", name=op.f("ck_deadline_overlay_limit_unit")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_deadline_overlay_limit_amount")),
        sa.ForeignKeyConstraint(
            ["code", "version"], ["handling.deadline_overlay.code", "handling.deadline_overlay.version"],
            name=op.f("fk_deadline_overlay_limit_code_version"),
        ),
        sa.PrimaryKeyConstraint("code", "version", "clock", name=op.f("pk_deadline_overlay_limit")),
        schema="handling",
    )  # fmt: skip
    op.execute(
        "grant select on handling.deadline_overlay, handling.deadline_overlay_limit "
        "to jz_town, jz_department, jz_district, jz_discipline, jz_worker"
    )
    for name in TEXTS:
        op.add_column("clock", sa.Column(name, sa.Text(), nullable=True), schema="handling")
    for name in NUMBERS:
        op.add_column("clock", sa.Column(name, sa.Integer(), nullable=True), schema="handling")
    op.create_check_constraint(op.f("ck_clock_overlay"), "clock", TOGETHER, schema="handling")
    op.create_foreign_key(
        op.f("fk_clock_overlay_code_overlay_version"), "clock", "deadline_overlay",
        ["overlay_code", "overlay_version"], ["code", "version"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip


def downgrade() -> None:
    """What was shortened stays as short: its end was shown."""
    for name in (*TEXTS, *NUMBERS):
        op.drop_column("clock", name, schema="handling")
    op.drop_table("deadline_overlay_limit", schema="handling")
    op.drop_table("deadline_overlay", schema="handling")
