"""What a phone says of itself, for a day, and what that makes doubtful: for the desk alone (security.md 3.7, C12)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0052"


def upgrade() -> None:
    op.create_table(
        "origin",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("device_mark", sa.LargeBinary(), nullable=True),
        sa.Column("mock", sa.Boolean(), nullable=False),
        sa.Column("other_zone", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_origin_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_origin")),
        schema="intake",
    )
    op.create_index(op.f("ix_origin_received_at"), "origin", ["received_at"], schema="intake")
    op.create_table(
        "doubt",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_doubt_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_doubt")),
        schema="intake",
    )
    # Marks of devices are written at intake and read by the worker; no role that a person takes can read them.
    op.execute("grant insert on intake.origin to jz_intake")
    op.execute("grant select, delete on intake.origin to jz_worker")
    op.execute("grant select, insert, update, delete on intake.doubt to jz_worker")
    op.execute("grant select on intake.doubt to jz_district")


def downgrade() -> None:
    op.drop_table("doubt", schema="intake")
    op.drop_table("origin", schema="intake")
