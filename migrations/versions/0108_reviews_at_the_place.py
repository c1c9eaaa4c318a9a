"""A measure is reviewed at the place (M41): who reviews checks in first, as who accepts does, and the review says which.

Check-ins that are there belong to acceptances; reviews that are there rest on none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"


def upgrade() -> None:
    op.add_column("acceptance_arrival", sa.Column("measure_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_acceptance_arrival_measure_id"), "acceptance_arrival", "measure", ["measure_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.add_column("measure_review", sa.Column("arrival_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_measure_review_arrival_id"), "measure_review", "acceptance_arrival", ["arrival_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("measure_review", "arrival_id", schema="handling")
    op.execute("delete from handling.acceptance_arrival where measure_id is not null")  # or an acceptance would use it
    op.drop_column("acceptance_arrival", "measure_id", schema="handling")
