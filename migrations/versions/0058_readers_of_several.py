"""Joint operations and meetings are read by the bodies that take part in them: again by equality on the row (0057).

A plan that is known beforehand is worth money to those it is about (M104), and minutes name units and people.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

OFFICE = "nullif(current_setting('jz.org', true), '')::int"


class Gathering(NamedTuple):
    """A table whose rows have bodies: its own, and those that stand in others, which refer to it by `key`."""

    name: str
    body: str
    key: str
    named_in: tuple[str, ...]  # tables with a column `org_id`
    rows: tuple[str, ...]  # tables that are read with it


GATHERINGS = (
    Gathering("operation", "lead_org_id", "operation_id", ("operation_member",), ("operation_member", "operation_record")),
    Gathering(
        "joint_meeting", "org_id", "meeting_id", ("joint_meeting_body", "joint_meeting_item"), ("joint_meeting_body",)
    ),
)  # fmt: skip


def upgrade() -> None:
    for each in GATHERINGS:
        _readers_of(each)
        for table in each.rows:
            _copied_to(each, table)
        for table in each.named_in:
            op.execute(
                f"""create trigger readers_told after insert on handling.{table}
                for each row execute function handling.tell_readers_of_{each.name}()"""
            )
        for table in (each.name, *each.rows):
            _secure(table)


def _readers_of(each: Gathering) -> None:
    op.add_column(each.name, sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=True), schema="handling")
    named = "".join(f" union select b.org_id from handling.{t} b where b.{each.key} = asked" for t in each.named_in)
    op.execute(
        f"""create function handling.readers_of_{each.name}(asked uuid, body int) returns int[]
        language sql stable set search_path = '' as $$ select array(select body{named} order by 1) $$"""
    )
    op.execute(f"revoke all on function handling.readers_of_{each.name}(uuid, int) from public")
    op.execute(f"update handling.{each.name} set readers = handling.readers_of_{each.name}(id, {each.body})")
    op.alter_column(each.name, "readers", nullable=False, schema="handling")
    op.create_index(f"uq_{each.name}_readers", each.name, ["id", "readers"], unique=True, schema="handling")
    for name, body in {
        "keep": f"new.readers := handling.readers_of_{each.name}(new.id, new.{each.body}); return new;",
        "take": f"""select g.readers into new.readers from handling.{each.name} g where g.id = new.{each.key}
            for key share; return new;""",
        "tell": f"""update handling.{each.name} g set readers = null
            where g.id = new.{each.key} and new.org_id <> all (g.readers); return null;""",
    }.items():
        op.execute(
            f"""create function handling.{name}_readers_of_{each.name}() returns trigger language plpgsql
            security definer set search_path = '' as $$ begin {body} end $$"""
        )
        op.execute(f"revoke all on function handling.{name}_readers_of_{each.name}() from public")
    op.execute(
        f"""create trigger readers before insert or update of {each.body}, readers on handling.{each.name}
        for each row execute function handling.keep_readers_of_{each.name}()"""
    )


def _copied_to(each: Gathering, table: str) -> None:
    op.add_column(table, sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=True), schema="handling")
    op.execute(
        f"update handling.{table} x set readers = g.readers from handling.{each.name} g where g.id = x.{each.key}"
    )
    op.alter_column(table, "readers", nullable=False, schema="handling")
    op.execute(
        f"""alter table handling.{table} add constraint fk_{table}_readers foreign key ({each.key}, readers)
        references handling.{each.name} (id, readers) on update cascade"""
    )
    op.execute(
        f"""create trigger readers before insert on handling.{table}
        for each row execute function handling.take_readers_of_{each.name}()"""
    )


def _secure(table: str) -> None:
    op.execute(f"alter table handling.{table} enable row level security")
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.{table} to {role} using ({OFFICE} = any(readers))")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
    op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def downgrade() -> None:
    for each in GATHERINGS:
        for table in each.named_in:
            op.execute(f"drop trigger readers_told on handling.{table}")
        for table in (*each.rows, each.name):
            for role in ("jz_town", "jz_department", "jz_district", "jz_worker", "jz_discipline"):
                op.execute(f"drop policy {role} on handling.{table}")
            op.execute(f"alter table handling.{table} disable row level security")
            op.execute(f"drop trigger readers on handling.{table}")
            op.drop_column(table, "readers", schema="handling")
        for name in ("keep", "take", "tell"):
            op.execute(f"drop function handling.{name}_readers_of_{each.name}()")
        op.execute(f"drop function handling.readers_of_{each.name}(uuid, int)")
