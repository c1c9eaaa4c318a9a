"""A verdict of a case that a second look has sent back before is always looked at again (X21)."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _reasons("'sample','immediate','returned'")


def downgrade() -> None:
    op.execute("update handling.second_look set why = 'immediate' where why = 'returned'")
    _reasons("'sample','immediate'")


def _reasons(allowed: str) -> None:
    op.drop_constraint(op.f("ck_second_look_why"), "second_look", schema="handling", type_="check")
    op.create_check_constraint(op.f("ck_second_look_why"), "second_look", f"why in ({allowed})", schema="handling")
