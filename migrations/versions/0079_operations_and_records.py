"""A joint operation may be called off, and go on without a member; a task knows the operation that it is for (M57).

The record of a visit names the inspected unit and the penalty that is proposed (M46); earlier records name neither.
Tasks that an operation has made are known by their words, and are noted as its own. Back below, what was called off is
closed with the reason as its summary.
"""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"

STATES = "'planned', 'running', 'closed'"
WHOSE = """update handling.task t set operation_id = o.id
    from handling.operation_case c join handling.operation o on o.id = c.operation_id
    where t.case_id = c.case_id and t.kind = 'coop' and t.goal = '联合执法：' || o.title
      and exists (select from handling.operation_member m where m.operation_id = o.id and m.org_id = t.org_id)"""


def upgrade() -> None:
    _states(f"{STATES}, 'called_off'")
    _ended("operation", "called_off_at", "called_off_by", "called_off_reason")
    op.create_check_constraint(
        op.f("ck_operation_called_off"), "operation", "(state = 'called_off') = (called_off_reason is not null)",
        schema="handling",
    )  # fmt: skip
    _ended("operation_member", "dropped_at", "dropped_by", "drop_reason")
    op.create_check_constraint(
        op.f("ck_operation_member_dropped"), "operation_member",
        "num_nonnulls(dropped_at, dropped_by, drop_reason) in (0, 3)", schema="handling",
    )  # fmt: skip
    op.add_column("operation_member", _instant("reminded_at"), schema="handling")
    op.add_column("task", sa.Column("operation_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_task_operation_id"), "task", "operation", ["operation_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.execute(WHOSE)
    for column in ("inspected_unit", "penalty"):
        op.add_column("visit", sa.Column(column, sa.Text(), nullable=True), schema="handling")


def downgrade() -> None:
    for column in ("inspected_unit", "penalty"):
        op.drop_column("visit", column, schema="handling")
    op.drop_column("task", "operation_id", schema="handling")
    op.drop_constraint(op.f("ck_operation_member_dropped"), "operation_member", schema="handling")
    for column in ("reminded_at", "dropped_at", "dropped_by", "drop_reason"):
        op.drop_column("operation_member", column, schema="handling")
    op.drop_constraint(op.f("ck_operation_called_off"), "operation", schema="handling")
    op.execute(
        """update handling.operation set state = 'closed', closed_at = called_off_at, summary = called_off_reason
        where state = 'called_off'"""
    )
    for column in ("called_off_at", "called_off_by", "called_off_reason"):
        op.drop_column("operation", column, schema="handling")
    _states(STATES)


def _states(known: str) -> None:
    op.drop_constraint(op.f("ck_operation_state"), "operation", schema="handling")
    op.create_check_constraint(op.f("ck_operation_state"), "operation", f"state in ({known})", schema="handling")


def _ended(table: str, at: str, by: str, reason: str) -> None:
    op.add_column(table, _instant(at), schema="handling")
    op.add_column(table, sa.Column(by, sa.Integer(), nullable=True), schema="handling")
    op.add_column(table, sa.Column(reason, sa.Text(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f(f"fk_{table}_{by}"), table, "account", [by], ["id"], source_schema="handling", referent_schema="handling"
    )


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
