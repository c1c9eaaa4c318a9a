"""What is immediate is decided in its time though its reporter was asked (R3, X33): found as what is in review is.

Reports under question that are late by this have their turn with the next sweep.
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    _index("state in ('in_review','need_more')")


def downgrade() -> None:
    _index("state = 'in_review'")


def _index(where: str) -> None:
    op.drop_index("ix_report_accept", "report", schema="intake")
    op.create_index("ix_report_accept", "report", ["accept_due_at"], schema="intake", postgresql_where=sa.text(where))
