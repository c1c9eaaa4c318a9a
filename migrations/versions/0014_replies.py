"""A reply says until when its reporter may ask for a review (R8), and whether it is enough for them (R10).

Replies given before get their rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        """
        insert into intake.reply (report_id, number, text, channel, reached, outcome, replied_at)
        select id, 1, reply, 'code', true, outcome, replied_at from intake.report
        where reply is not null and replied_at is not null and outcome is not null
        on conflict do nothing
        """
    )
    op.add_column("reply", sa.Column("review_until", sa.DateTime(timezone=True), nullable=True), schema="intake")
    # To the end of the thirtieth day in Shanghai (D1, F32).
    op.execute(
        """
        update intake.reply set review_until =
            (date_trunc('day', replied_at at time zone 'Asia/Shanghai') + interval '31 days')
            at time zone 'Asia/Shanghai'
        """
    )
    op.alter_column("reply", "review_until", nullable=False, schema="intake")
    op.add_column(
        "reply", sa.Column("enough", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="intake"
    )


def downgrade() -> None:
    op.drop_column("reply", "enough", schema="intake")
    op.drop_column("reply", "review_until", schema="intake")
