"""A request for more time lapses once nobody may grant it any more (D7, D9)."""

from alembic import op

revision = "0045"
down_revision = "0033"


def upgrade() -> None:
    _states("'requested', 'granted', 'refused', 'lapsed'")


def downgrade() -> None:
    op.execute("update handling.extension set state = 'refused' where state = 'lapsed'")
    _states("'requested', 'granted', 'refused'")


def _states(words: str) -> None:
    op.drop_constraint(op.f("ck_extension_state"), "extension", schema="handling")
    op.create_check_constraint(op.f("ck_extension_state"), "extension", f"state in ({words})", schema="handling")
