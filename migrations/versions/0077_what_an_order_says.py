"""An order says what keeps people safe until it is carried out, and by which criterion a hazard is major (T8, F85, X29)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"

# What was printed stays as it is: which criterion it was is known of newer ones alone.
CITED: dict[str, sa.types.TypeEngine[Any]] = {
    "criterion_code": sa.Text(), "criterion_version": sa.Integer(), "criterion_clause": sa.Text(),
}  # fmt: skip


def upgrade() -> None:
    for name, kind in CITED.items():
        op.add_column("verdict", sa.Column(name, kind, nullable=True), schema="handling")
    op.add_column(
        "rectify_order", sa.Column("interim_measures", sa.Text(), server_default="", nullable=False), schema="handling"
    )


def downgrade() -> None:
    op.drop_column("rectify_order", "interim_measures", schema="handling")
    for name in CITED:
        op.drop_column("verdict", name, schema="handling")
