"""The safety office enters key periods itself (D10): the district's role may add versions, and each says by whom.

What an operator entered before names nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"

TABLES = "handling.deadline_overlay, handling.deadline_overlay_limit"


def upgrade() -> None:
    op.add_column("deadline_overlay", sa.Column("entered_by", sa.Integer(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_deadline_overlay_entered_by"), "deadline_overlay", "account", ["entered_by"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.execute(f"grant insert on {TABLES} to jz_district")


def downgrade() -> None:
    op.execute(f"revoke insert on {TABLES} from jz_district")
    op.drop_column("deadline_overlay", "entered_by", schema="handling")
