"""An order whose time is over goes to acceptance although nobody has stated anything (T13)."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.alter_column("completion", "stated_by", nullable=True, schema="handling")


def downgrade() -> None:
    # Somebody has to have stated what nobody did: whoever issued the order.
    op.execute(
        "update handling.completion c set stated_by = o.issued_by from handling.rectify_order o "
        "where c.order_id = o.id and c.stated_by is null"
    )
    op.alter_column("completion", "stated_by", nullable=False, schema="handling")
