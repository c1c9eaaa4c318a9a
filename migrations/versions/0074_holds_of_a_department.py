"""A department asks for a hold of its own answer, and the case goes on (T19, D6); every hold so far is a whole case's."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"

OPEN = "state in ('requested','active')"


def upgrade() -> None:
    op.add_column("hold", sa.Column("task_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_hold_task_id"), "hold", "task", ["task_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.drop_index("uq_hold_open", "hold", schema="handling")
    op.create_index(
        "uq_hold_open", "hold", ["case_id", "task_id"], unique=True, schema="handling",
        postgresql_where=sa.text(OPEN), postgresql_nulls_not_distinct=True,
    )  # fmt: skip


def downgrade() -> None:
    """A department's time runs again from here on: there is no hold left that could let it go on."""
    op.execute(
        """insert into handling.clock (case_id, task_id, org_id, kind, profile_id, amount, unit, started_at, due_at,
            original_due_at, provisional, continues_id, extended_at, overdue_noted_at)
        select c.case_id, c.task_id, c.org_id, c.kind, c.profile_id, c.amount, c.unit,
            c.started_at + (now() - p.from_at), c.due_at + (now() - p.from_at),
            c.original_due_at + (now() - p.from_at), c.provisional, c.id, c.extended_at, c.overdue_noted_at
        from handling.pause p join handling.clock c on c.id = p.clock_id join handling.hold h on h.id = p.hold_id
            join handling.task t on t.id = c.task_id
        where h.task_id is not null and p.to_at is null and t.state in ('open', 'signed')"""
    )
    op.execute(
        "update handling.clock set hold_id = null where hold_id in "
        "(select id from handling.hold where task_id is not null)"
    )
    op.execute("delete from handling.pause where hold_id in (select id from handling.hold where task_id is not null)")
    op.execute("delete from handling.hold where task_id is not null")
    op.drop_index("uq_hold_open", "hold", schema="handling")
    op.create_index("uq_hold_open", "hold", ["case_id"], unique=True, schema="handling", postgresql_where=sa.text(OPEN))
    op.drop_constraint(op.f("fk_hold_task_id"), "hold", schema="handling")
    op.drop_column("hold", "task_id", schema="handling")
