"""How an order to rectify reached the unit that it binds: the receipt of its delivery (送达回证)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "order_delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column(
            "witnesses", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("filmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how in ('direct', 'left', 'post', 'public')", name=op.f("ck_order_delivery_how")),
        sa.CheckConstraint(
            "how <> 'left' or filmed or jsonb_array_length(witnesses) > 0", name=op.f("ck_order_delivery_seen")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_order_delivery_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["handling.rectify_order.id"], name=op.f("fk_order_delivery_order_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["handling.account.id"], name=op.f("fk_order_delivery_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_delivery")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_delivery_order_id")),
        schema="handling",
    )
    op.create_index(op.f("ix_order_delivery_case_id"), "order_delivery", ["case_id"], unique=False, schema="handling")
    rights()


def rights() -> None:
    """A handler writes one and changes none; whoever sees the case reads it."""
    op.execute("grant select, insert on handling.order_delivery to jz_town, jz_department")
    op.execute("grant select on handling.order_delivery to jz_district, jz_discipline, jz_worker")
    op.execute("alter table handling.order_delivery enable row level security")
    mine = 'exists (select from handling."case" c where c.id = order_delivery.case_id)'
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.order_delivery to {role} using ({mine})")
    for role in ("jz_district", "jz_discipline", "jz_worker"):
        op.execute(f"create policy {role} on handling.order_delivery for select to {role} using (true)")


def downgrade() -> None:
    op.drop_table("order_delivery", schema="handling")
