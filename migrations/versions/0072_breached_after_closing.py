"""A case is opened again where a suspension was breached after it was closed (M41, T18)."""

from alembic import op

revision = "0072"
down_revision = "0071"

BEFORE = "cause in ('rebound', 'review_upheld', 'new_report')"
SINCE = "cause in ('rebound', 'review_upheld', 'new_report', 'breach')"


def upgrade() -> None:
    _causes(SINCE)


def downgrade() -> None:
    # The older form knows what came back by another word; the trail keeps what it was.
    op.execute("update handling.reopening set cause = 'rebound' where cause = 'breach'")
    _causes(BEFORE)


def _causes(rule: str) -> None:
    op.drop_constraint(op.f("ck_reopening_cause"), "reopening", schema="handling")
    op.create_check_constraint(op.f("ck_reopening_cause"), "reopening", rule, schema="handling")
