"""Which posted notice brought a report, to be counted for the safety office (M18). What came before says none."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"


def upgrade() -> None:
    op.add_column("report", sa.Column("notice_code", sa.Text(), nullable=True), schema="intake")
    op.create_index(
        "ix_report_notice_code", "report", ["notice_code"], schema="intake",
        postgresql_where=sa.text("notice_code is not null"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("report", "notice_code", schema="intake")
