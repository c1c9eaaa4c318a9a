"""Until when a reporter is told of a review is counted again where it waits for a calendar (D2, R8)."""

from alembic import op

revision = "0047"
down_revision = "0046"

BEFORE = "'review', 'reply', 'ask_more', 'accept', 'recheck', 'review_request'"


def upgrade() -> None:
    _clocks(f"{BEFORE}, 're_verify'")


def downgrade() -> None:
    op.execute("delete from intake.provisional_date where clock = 're_verify'")
    _clocks(BEFORE)


def _clocks(words: str) -> None:
    op.drop_constraint(op.f("ck_provisional_date_clock"), "provisional_date", schema="intake")
    op.create_check_constraint(
        op.f("ck_provisional_date_clock"), "provisional_date", f"clock in ({words})", schema="intake"
    )
