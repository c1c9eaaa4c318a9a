"""The thread with a reporter: lines of the desk and of the system, and since when a line of the reporter is unheard."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("sender in ('desk','system')", name=op.f("ck_message_sender")),
        sa.CheckConstraint("(sender = 'desk') = (sent_by is not null)", name=op.f("ck_message_somebody_sent_it")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_message_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("about_id", name=op.f("uq_message_about_id")),
        schema="intake",
    )
    op.create_index("ix_message_report_id", "message", ["report_id", "sent_at"], schema="intake")
    op.execute("grant select on intake.message to jz_intake")
    op.execute("grant select, insert on intake.message to jz_district, jz_worker")
    op.add_column("report", sa.Column("unheard_since", sa.DateTime(timezone=True), nullable=True), schema="intake")
    op.create_index(
        "ix_report_unheard", "report", ["unheard_since", "id"], schema="intake",
        postgresql_where=sa.text("unheard_since is not null"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_report_unheard", "report", schema="intake")
    op.drop_column("report", "unheard_since", schema="intake")
    op.drop_table("message", schema="intake")
