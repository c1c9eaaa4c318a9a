"""A suspension ends by its passed review and on no day (M41); what sealing or seizure has of the law stays (F45).

The day that was written for one that still holds is kept as the first end, and is none any more.
"""

from alembic import op

revision = "0090"
down_revision = "0082"

ENDLESS = (
    "from handling.measure_type t where t.code = m.type_code and t.version = m.type_version "
    "and t.needs_acceptance and t.term_amount is null and m.state in ('in_force', 'extended', 'lift_requested')"
)


def upgrade() -> None:
    op.execute(f"update handling.measure m set ends_at = null {ENDLESS}")


def downgrade() -> None:
    op.execute(f"update handling.measure m set ends_at = m.original_ends_at {ENDLESS}")
