"""History that cannot be rewritten unseen: a chain for each report and each case, and one tree over all of them.

An entry's hash covers the one before it, so that a change breaks every later entry of its chain. The body goes in
through a salted hash: it can be erased with its salt, and the chain still holds. It is kept as the text that was
hashed (`json`), since `jsonb` is written anew each time. The tree (schema record) holds hashes only, and tells nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

# The trail, whose it is, and what its entries have beside the rest.
TRAILS = (
    ("intake", "report_event", "report_id", "r", ()),
    ("handling", "case_event", "case_id", "c", ("actor_name", "org_id::text")),
)
KEPT = ("log_pending", "log_node", "log_head")
WRITERS = "jz_intake, jz_town, jz_department, jz_district, jz_worker"


def upgrade() -> None:
    _tables()
    _framed()
    for trail in TRAILS:
        _columns(*trail[:2])
        _hash(*trail)
        _chain(*trail[:3])
        _freeze(*trail[:2])
        op.execute(f"revoke update on {trail[0]}.{trail[1]} from {WRITERS}")
    op.execute("grant select on record.log_node, record.log_head to jz_public, jz_worker")
    op.execute("grant select, insert, delete on record.log_pending to jz_worker")
    op.execute("grant insert on record.log_node, record.log_head to jz_worker")


def downgrade() -> None:
    for schema, table, *_ in TRAILS[::-1]:
        op.execute(f"grant update on {schema}.{table} to jz_worker")
        for name in ("chained", "kept", "kept_whole"):
            op.execute(f"drop trigger {name} on {schema}.{table}")
        op.execute(f"drop function record.chain_{table}()")
        op.execute(f"drop function record.keep_{table}()")
        op.execute(f"drop function record.entry_hash({schema}.{table})")
        for column in ("hash", "prev_hash", "body_commit", "recorded_at", "salt"):
            op.drop_column(table, column, schema=schema)
        _body_as(schema, table, "jsonb")
    op.execute("grant update on intake.report_event to jz_intake, jz_district")
    for table in KEPT[::-1]:
        op.drop_table(table, schema="record")
    op.execute("drop function record.refuse()")
    op.execute("drop function record.framed(text)")


def _tables() -> None:
    op.create_table(
        "log_pending",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_log_pending")),
        schema="record",
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_log_node")),
        schema="record",
    )
    op.create_index(
        "uq_log_node_leaf", "log_node", ["hash"], unique=True, schema="record", postgresql_where=sa.text("level = 0")
    )
    op.create_table(
        "log_head",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_head")),
        schema="record",
    )
    op.execute(
        """create function record.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'history is kept: % of %.% is refused', tg_op, tg_table_schema, tg_table_name
           using errcode = 'insufficient_privilege'; end $$"""
    )
    for table in KEPT[1:]:
        op.execute(
            f"""create trigger kept_whole before update or delete or truncate on record.{table}
            for each statement execute function record.refuse()"""
        )


def _framed() -> None:
    """Text with its length before it, so that no two lists of texts look alike."""
    op.execute(
        """create function record.framed(part text) returns bytea language sql immutable as
        $$ select int4send(octet_length(convert_to(coalesce(part, ''), 'UTF8')))
                  || convert_to(coalesce(part, ''), 'UTF8') $$"""
    )


def _body_as(schema: str, table: str, kind: str) -> None:
    op.execute(f"alter table {schema}.{table} alter column body drop default")
    op.execute(f"alter table {schema}.{table} alter column body type {kind} using body::text::{kind}")
    op.execute(f"alter table {schema}.{table} alter column body set default '{{}}'::{kind}")


def _columns(schema: str, table: str) -> None:
    _body_as(schema, table, "json")
    op.add_column(table, sa.Column("salt", sa.LargeBinary(), nullable=True), schema=schema)
    op.add_column(table, sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True), schema=schema)
    for column in ("body_commit", "prev_hash", "hash"):
        op.add_column(table, sa.Column(column, postgresql.BYTEA(), nullable=True), schema=schema)


def _hash(schema: str, table: str, subject: str, stream: str, more: tuple[str, ...]) -> None:
    """The definition that cases/history/entry.py repeats in Python; a test holds them together."""
    beside = "".join(f" || record.framed(e.{column})" for column in more)
    op.execute(
        f"""create function record.entry_hash(e {schema}.{table}) returns bytea language sql immutable as
        $$ select sha256('\\x02'::bytea || convert_to('{stream}', 'UTF8') || e.prev_hash
            || uuid_send(e.{subject}) || int4send(e.seq) || timestamptz_send(e.at) || timestamptz_send(e.recorded_at)
            || record.framed(e.kind) || record.framed(e.actor){beside} || e.body_commit) $$"""
    )


def _chain(schema: str, table: str, subject: str) -> None:
    op.execute(
        f"""create function record.chain_{table}() returns trigger language plpgsql
        security definer set search_path = pg_catalog, pg_temp as $$
        begin
            new.prev_hash := decode(repeat('00', 32), 'hex');
            if new.seq <> 1 then
                select e.hash into new.prev_hash from {schema}.{table} e
                    where e.{subject} = new.{subject} and e.seq = new.seq - 1;
                if new.prev_hash is null then
                    raise exception 'entry % has none before it', new.seq using errcode = 'check_violation';
                end if;
            end if;
            new.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
            new.recorded_at := clock_timestamp();
            new.body_commit := sha256(new.salt || convert_to(new.body::text, 'UTF8'));
            new.hash := record.entry_hash(new);
            insert into record.log_pending (hash) values (new.hash);
            return new;
        end $$"""
    )
    _chain_what_is_there(schema, table, subject)
    for column in ("recorded_at", "body_commit", "prev_hash", "hash"):
        op.alter_column(table, column, nullable=False, schema=schema)
    op.execute(
        f"""create trigger chained before insert on {schema}.{table}
        for each row execute function record.chain_{table}()"""
    )


def _chain_what_is_there(schema: str, table: str, subject: str) -> None:
    """What was written before there were chains is put into them as it stands today."""
    op.execute(
        f"""do $$ declare e {schema}.{table}; last bytea; begin
        for e in select * from {schema}.{table} order by {subject}, seq loop
            e.prev_hash := case when e.seq = 1 then decode(repeat('00', 32), 'hex') else last end;
            e.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
            e.recorded_at := clock_timestamp();
            e.body_commit := sha256(e.salt || convert_to(e.body::text, 'UTF8'));
            e.hash := record.entry_hash(e);
            last := e.hash;
            update {schema}.{table} set prev_hash = e.prev_hash, salt = e.salt, recorded_at = e.recorded_at,
                body_commit = e.body_commit, hash = e.hash where id = e.id;
            insert into record.log_pending (hash) values (e.hash);
        end loop; end $$"""
    )


def _freeze(schema: str, table: str) -> None:
    """Nothing is changed or taken away; only a body may be erased, with its salt."""
    op.execute(
        f"""create function record.keep_{table}() returns trigger language plpgsql as $$
        declare erased {schema}.{table} := old;
        begin
            erased.salt := null;
            erased.body := '{{}}';
            if erased::text is distinct from new::text then
                raise exception 'history is kept: an entry of {schema}.{table} can only be erased'
                    using errcode = 'insufficient_privilege';
            end if;
            return new;
        end $$"""
    )
    op.execute(
        f"""create trigger kept before update on {schema}.{table}
        for each row execute function record.keep_{table}()"""
    )
    op.execute(
        f"""create trigger kept_whole before delete or truncate on {schema}.{table}
        for each statement execute function record.refuse()"""
    )
