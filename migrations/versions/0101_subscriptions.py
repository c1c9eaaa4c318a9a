"""Devices that want to hear that there is news of a report: sealed, and read by no role that a person takes."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("way in ('web_push')", name=op.f("ck_subscription_way")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_subscription_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("report_id", "mark", name=op.f("uq_subscription_report_id_mark")),
        schema="intake",
    )
    op.execute("grant select, insert, update, delete on intake.subscription to jz_intake, jz_worker")


def downgrade() -> None:
    op.drop_table("subscription", schema="intake")
