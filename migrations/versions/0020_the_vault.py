"""The vault: keys with numbers, an append-only log of its own, and the one role that reads what is sealed.

The log is chained as the trails of migration 0011 are, under "v", and goes into the same tree. Its entries are written
through one function, so that no two get the same number, whoever writes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

POLICY = "handling.policy_value, handling.reason_code, handling.org"


def upgrade() -> None:
    _role()
    _tables()
    _chain()
    _write()
    op.create_index("ix_identity_key_id", "identity", ["key_id"], schema="vault")
    op.execute("grant usage on schema vault, handling to jz_vault")
    op.execute("grant select on vault.key to jz_intake")
    op.execute("grant select, insert, update (mark, retired_at) on vault.key to jz_vault")
    op.execute("grant select, update (envelope, key_id, alg) on vault.identity to jz_vault")
    op.execute("grant select on vault.event to jz_vault")
    op.execute(f"grant select on {POLICY} to jz_vault")
    op.execute("alter table intake.report add column sent_from text")
    op.execute(
        "alter table intake.report add constraint ck_report_sent_from"
        " check (sent_from in ('under_100m','under_1km','far'))"
    )


def downgrade() -> None:
    op.execute("alter table intake.report drop column sent_from")
    op.execute(f"revoke select on {POLICY} from jz_vault")
    op.execute("revoke all on vault.identity from jz_vault")
    op.drop_index("ix_identity_key_id", "identity", schema="vault")
    op.execute("drop function vault.write(uuid, text, timestamptz, text, json)")
    for name in ("chained", "kept", "kept_whole"):
        op.execute(f"drop trigger {name} on vault.event")
    op.execute("drop function record.chain_event(), record.keep_event(), record.entry_hash(vault.event)")
    op.drop_table("event", schema="vault")
    op.drop_table("key", schema="vault")
    op.execute("revoke all on schema vault, handling from jz_vault")


def _role() -> None:
    op.execute(
        """do $$ begin
            create role jz_vault login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
        exception when duplicate_object or unique_violation then null;
        end $$"""
    )


def _tables() -> None:
    op.create_table(
        "key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key")),
        sa.UniqueConstraint("public", name=op.f("uq_key_public")),
        schema="vault",
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSON(), server_default=sa.text("'{}'::json"), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_commit", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("subject", "seq", name=op.f("uq_event_subject_seq")),
        schema="vault",
    )


def _chain() -> None:
    """As migration 0011 does it for a trail; cases/history/entry.py repeats the hash in Python."""
    op.execute(
        """create function record.entry_hash(e vault.event) returns bytea language sql immutable as
        $$ select sha256('\\x02'::bytea || convert_to('v', 'UTF8') || e.prev_hash
            || uuid_send(e.subject) || int4send(e.seq) || timestamptz_send(e.at) || timestamptz_send(e.recorded_at)
            || record.framed(e.kind) || record.framed(e.actor) || e.body_commit) $$"""
    )
    op.execute(
        """create function record.chain_event() returns trigger language plpgsql
        security definer set search_path = pg_catalog, pg_temp as $$
        begin
            new.prev_hash := decode(repeat('00', 32), 'hex');
            if new.seq <> 1 then
                select e.hash into new.prev_hash from vault.event e
                    where e.subject = new.subject and e.seq = new.seq - 1;
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
    op.execute(
        """create function record.keep_event() returns trigger language plpgsql as $$
        declare erased vault.event := old;
        begin
            erased.salt := null;
            erased.body := '{}';
            if erased::text is distinct from new::text then
                raise exception 'history is kept: an entry of vault.event can only be erased'
                    using errcode = 'insufficient_privilege';
            end if;
            return new;
        end $$"""
    )
    op.execute(
        """create trigger chained before insert on vault.event
        for each row execute function record.chain_event()"""
    )
    op.execute(
        """create trigger kept before update on vault.event
        for each row execute function record.keep_event()"""
    )
    op.execute(
        """create trigger kept_whole before delete or truncate on vault.event
        for each statement execute function record.refuse()"""
    )


def _write() -> None:
    """The only way to add an entry: one after the other for each subject."""
    op.execute(
        """create function vault.write(about uuid, what text, moment timestamptz, who text, said json)
        returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
        begin
            perform pg_advisory_xact_lock(hashtextextended('vault.event ' || about::text, 0));
            insert into vault.event (subject, seq, kind, at, actor, body)
            select about, coalesce(max(e.seq), 0) + 1, what, moment, who, said
            from vault.event e where e.subject = about;
        end $$"""
    )
    op.execute("revoke all on function vault.write(uuid, text, timestamptz, text, json) from public")
    op.execute("grant execute on function vault.write(uuid, text, timestamptz, text, json) to jz_vault")
