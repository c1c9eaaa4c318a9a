"""Releases of who reported: asked, agreed to by another, read once by the vault; relations that officers declare.

Every change of a release is written into the vault's own log by the database, whoever makes it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

HANDLERS = "jz_town, jz_department, jz_district"
PERSON = "nullif(current_setting('jz.account', true), '')::int"
EVENT = "id, report_id, seq"
ACCOUNT = "id, org_id, name, active"


def upgrade() -> None:
    _releases()
    _relations()
    _logged()
    op.execute(
        """create function vault.is_sealed(report uuid) returns boolean
        language sql stable security definer set search_path = '' as
        $$ select exists (select from vault.identity i where i.report_id = report) $$"""
    )
    op.execute("revoke all on function vault.is_sealed(uuid) from public")
    op.execute("grant usage on schema vault to jz_district")
    op.execute("grant execute on function vault.is_sealed(uuid) to jz_district")
    op.execute("grant select, insert, update on intake.release to jz_district, jz_worker")
    op.execute("revoke insert on intake.release from jz_worker")
    op.execute("grant select on handling.release_list to jz_district, jz_discipline")
    op.execute("grant select, insert on handling.release_list to jz_worker")
    _vaults_rights()


def downgrade() -> None:
    op.execute("drop trigger logged on intake.release")
    op.execute("drop function vault.log_release()")
    op.execute("drop function vault.is_sealed(uuid)")
    op.execute("revoke usage on schema vault from jz_district")
    op.execute("revoke all on schema intake from jz_vault")
    op.execute("revoke all on intake.report, intake.report_event from jz_vault")
    op.execute(f"revoke select ({EVENT}), insert on intake.report_event from jz_vault")
    op.execute("revoke select (id), update (version) on intake.report from jz_vault")
    op.execute("revoke select on handling.staff_session, handling.account_role from jz_vault")
    op.execute(f"revoke select ({ACCOUNT}) on handling.account from jz_vault")
    op.execute("revoke insert (step, subject, args, created_at, run_after) on handling.job from jz_vault")
    for table, schema in (("declared_relation", "handling"), ("release_list", "handling"), ("release", "intake")):
        op.drop_table(table, schema=schema)


def _releases() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("call_back", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('asked','approved','refused','withdrawn','read','lapsed')", name=op.f("ck_release_state")
        ),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_release_two_people")),
        sa.CheckConstraint(
            "fields <@ array['name','phone','position'] and cardinality(fields) > 0", name=op.f("ck_release_fields")
        ),
        sa.CheckConstraint(
            "state not in ('approved','read') or reader_id is not null", name=op.f("ck_release_has_a_reader")
        ),
        sa.CheckConstraint("(state = 'read') = (read_at is not null)", name=op.f("ck_release_read_is_dated")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_release_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        schema="intake",
    )
    op.create_index("ix_release_report_id", "release", ["report_id"], schema="intake")
    op.create_index("ix_release_decided_at", "release", ["decided_at"], schema="intake")
    op.create_index(
        "ix_release_waiting", "release", ["asked_at", "id"], schema="intake",
        postgresql_where=sa.text("state in ('asked','approved')"),
    )  # fmt: skip
    op.create_table(
        "release_list",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_release_list")),
        schema="handling",
    )


def _relations() -> None:
    """An officer's own; the district reads all, to keep whoever is related away (Q10)."""
    op.create_table(
        "declared_relation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('kin','worked_there','holds_shares','other')", name=op.f("ck_declared_relation_kind")
        ),
        sa.CheckConstraint("char_length(name) >= 2", name=op.f("ck_declared_relation_says_a_name")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_declared_relation_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_relation")),
        schema="handling",
    )
    op.create_index("ix_declared_relation_account_id", "declared_relation", ["account_id"], schema="handling")
    op.execute(f"grant select, insert, update on handling.declared_relation to {HANDLERS}")
    op.execute("grant select on handling.declared_relation to jz_discipline")
    op.execute("alter table handling.declared_relation enable row level security")
    op.execute(
        f"create policy of_a_person on handling.declared_relation to jz_town, jz_department"
        f" using (account_id = {PERSON})"
    )
    op.execute(
        f"create policy jz_district on handling.declared_relation to jz_district"
        f" using (true) with check (account_id = {PERSON})"
    )
    op.execute("create policy jz_discipline on handling.declared_relation for select to jz_discipline using (true)")


def _logged() -> None:
    op.execute(
        """create function vault.log_release() returns trigger language plpgsql
        security definer set search_path = pg_catalog, pg_temp as $$
        declare who int := case new.state when 'asked' then new.asked_by when 'withdrawn' then new.asked_by
            when 'approved' then new.decided_by when 'refused' then new.decided_by when 'read' then new.reader_id end;
        begin
            if tg_op = 'UPDATE' and new.state = old.state then
                raise exception 'a release changes with its state' using errcode = 'check_violation';
            end if;
            perform vault.write(
                new.report_id, 'release_' || new.state,
                greatest(new.asked_at, new.decided_at, new.read_at), coalesce('officer:' || who, 'system'),
                json_build_object('release', new.id, 'reason', new.reason_code, 'fields', new.fields,
                                  'asked_by', new.asked_by, 'decided_by', new.decided_by, 'reader', new.reader_id));
            return null;
        end $$"""
    )
    op.execute(
        """create trigger logged after insert or update on intake.release
        for each row execute function vault.log_release()"""
    )


def _vaults_rights() -> None:
    """What it needs to see for itself who asks, and that two people agreed; nothing of what was reported."""
    op.execute("grant usage on schema intake to jz_vault")
    op.execute("grant select, update (state, version, read_at) on intake.release to jz_vault")
    op.execute("grant select (id), update (version) on intake.report to jz_vault")
    op.execute(f"grant select ({EVENT}), insert on intake.report_event to jz_vault")
    op.execute("grant insert (step, subject, args, created_at, run_after) on handling.job to jz_vault")
    op.execute("grant select on handling.staff_session, handling.account_role to jz_vault")
    op.execute(f"grant select ({ACCOUNT}) on handling.account to jz_vault")
