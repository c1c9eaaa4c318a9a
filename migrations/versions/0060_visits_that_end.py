"""A visit has a state, and the body for which it is made: one that nobody can complete is broken off (T6, M15)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0040"

OPEN = {"uq_visit_open": ("case_id", True), "ix_visit_open": ("officer_id", False)}
RULES = {
    "state": "state in ('open', 'completed', 'broken_off')",
    "completed": "(state = 'completed') = (completed_at is not null)",
    "broken_off": "(state = 'broken_off') = (num_nonnulls(broken_off_at, broken_off_by, broken_off_reason) = 3)",
}


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.Column("broken_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_off_by", sa.Integer(), nullable=True),
        sa.Column("broken_off_reason", sa.Text(), nullable=True),
        sa.Column("left_told_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in columns:
        op.add_column("visit", column, schema="handling")
    op.execute("update handling.visit set state = 'completed' where completed_at is not null")
    op.execute("update handling.visit v set org_id = a.org_id from handling.account a where a.id = v.officer_id")
    op.alter_column("visit", "org_id", nullable=False, schema="handling")
    for name, table in (("org_id", "org"), ("broken_off_by", "account")):
        op.create_foreign_key(
            op.f(f"fk_visit_{name}"), "visit", table, [name], ["id"],
            source_schema="handling", referent_schema="handling",
        )  # fmt: skip
    for name, rule in RULES.items():
        op.create_check_constraint(op.f(f"ck_visit_{name}"), "visit", rule, schema="handling")
    _index("state = 'open'", "uq_visit_open", "ix_visit_open")


def downgrade() -> None:
    # What was broken off has no record and never will: the older form knows only visits that will have one.
    op.execute("delete from handling.visit where state = 'broken_off'")
    _index("completed_at is null", "uq_visit_open")
    for name in RULES:
        op.drop_constraint(op.f(f"ck_visit_{name}"), "visit", schema="handling")
    for column in ("left_told_at", "broken_off_reason", "broken_off_by", "broken_off_at", "org_id", "version", "state"):
        op.drop_column("visit", column, schema="handling")


def _index(where: str, *names: str) -> None:
    """The indexes of these names on what is open, and none of the others."""
    for name in OPEN:
        op.execute(f"drop index if exists handling.{name}")
    for name in names:
        column, unique = OPEN[name]
        op.create_index(name, "visit", [column], unique=unique, schema="handling", postgresql_where=sa.text(where))
