"""What reporters say of retaliation (Q9): written under the code, read by the district and the discipline body."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

KNEW = "id, report_id, state, reason_code, call_back, asked_by, asked_at, decided_by, decided_at, reader_id, read_at"


def upgrade() -> None:
    op.create_table(
        "retaliation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("concluded_by", sa.Integer(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('filed','taken_up','concluded')", name=op.f("ck_retaliation_state")),
        sa.CheckConstraint("finding in ('confirmed','not_confirmed','handed_on')", name=op.f("ck_retaliation_finding")),
        sa.CheckConstraint(
            "(state = 'concluded') = (finding is not null)", name=op.f("ck_retaliation_ends_with_a_finding")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_retaliation_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retaliation")),
        schema="intake",
    )
    op.create_index("ix_retaliation_report_id", "retaliation", ["report_id"], schema="intake")
    op.create_index(
        "ix_retaliation_open", "retaliation", ["filed_at", "id"], schema="intake",
        postgresql_where=sa.text("state <> 'concluded'"),
    )  # fmt: skip
    op.execute("grant insert on intake.retaliation to jz_intake")
    op.execute("grant select, update on intake.retaliation to jz_district, jz_worker")
    op.execute("grant usage on schema intake to jz_discipline")
    op.execute("grant select on intake.retaliation to jz_discipline")
    op.execute(f"grant select ({KNEW}) on intake.release to jz_discipline")


def downgrade() -> None:
    op.execute(f"revoke select ({KNEW}) on intake.release from jz_discipline")
    op.execute("revoke usage on schema intake from jz_discipline")
    op.drop_table("retaliation", schema="intake")
