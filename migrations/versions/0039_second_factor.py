"""A second factor, sessions that end with whatever they were opened under, and a line for every act on an account.

A trigger ends the sessions, so that it does not matter who changed the account, or through what.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0050"

KINDS = "'suspended', 'restored', 'roles', 'factor_reset', 'password', 'enrolled', 'codes'"
READERS = "jz_district, jz_discipline"


def upgrade() -> None:
    for column in (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("staff_session", column, schema="handling")
    op.create_unique_constraint(op.f("uq_staff_session_id"), "staff_session", ["id"], schema="handling")
    tables()
    op.execute("grant select, insert, update, delete on handling.second_factor, handling.recovery_code to jz_api")
    op.execute("grant insert, select (id) on handling.account_entry to jz_api")
    # The vault asks by itself whose session a reading comes in (0022).
    op.execute("grant select (account_id, confirmed_at) on handling.second_factor to jz_vault")
    op.execute("grant select on handling.absence to jz_vault")
    op.execute(f"grant select on handling.account_entry to {READERS}")
    op.execute("grant usage on sequence handling.account_entry_id_seq to jz_api")
    op.execute("grant insert, delete on handling.account_role to jz_api")
    op.execute("grant select on handling.absence to jz_api")
    op.execute(
        """create function handling.end_sessions() returns trigger
        language plpgsql security definer set search_path = '' as
        $$ begin
            update handling.staff_session set revoked_at = now() where revoked_at is null and account_id =
                (case tg_table_name when 'account' then (to_jsonb(new) ->> 'id')::int
                 else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'account_id')::int end);
            return null;
        end $$"""
    )
    op.execute("revoke all on function handling.end_sessions() from public")
    op.execute(
        """create trigger account_ends_sessions after update of active, org_id, password_hash on handling.account
        for each row when (old.active and not new.active or old.org_id <> new.org_id
            or old.password_hash <> new.password_hash) execute function handling.end_sessions()"""
    )
    op.execute(
        """create trigger role_ends_sessions after insert or update or delete on handling.account_role
        for each row execute function handling.end_sessions()"""
    )


def tables() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_second_factor_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
        schema="handling",
    )
    op.create_table(
        "recovery_code",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_recovery_code")),
        schema="handling",
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"], schema="handling")
    op.create_table(
        "account_entry",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_account_entry_kind")),
        sa.CheckConstraint(
            "by_id <> account_id or kind in ('password', 'enrolled', 'codes')",
            name=op.f("ck_account_entry_somebody_else"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_account_entry_account_id")),
        sa.ForeignKeyConstraint(["by_id"], ["handling.account.id"], name=op.f("fk_account_entry_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_entry")),
        schema="handling",
    )
    op.create_index("ix_account_entry_account_id", "account_entry", ["account_id", "id"], schema="handling")


def downgrade() -> None:
    op.execute("drop trigger role_ends_sessions on handling.account_role")
    op.execute("drop trigger account_ends_sessions on handling.account")
    op.execute("drop function handling.end_sessions()")
    op.execute("revoke insert, delete on handling.account_role from jz_api")
    op.execute("revoke select on handling.absence from jz_api, jz_vault")
    for table in ("account_entry", "recovery_code", "second_factor"):
        op.drop_table(table, schema="handling")
    op.drop_constraint(op.f("uq_staff_session_id"), "staff_session", schema="handling")
    for column in ("limited", "confirmed_at", "id"):
        op.drop_column("staff_session", column, schema="handling")
