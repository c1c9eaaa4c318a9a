"""Officers' pictures and scans are sealed as they arrive (ADR 0026): the wrapped key and the hash of how each lies.

What lies in clear is sealed by the job that seals citizens' photos (docs/vault.md), which this puts in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"

TABLES = ("picture", "scan")
UNREADABLE = "sealed files cannot be read by an older release: put back a backup of it instead"


def upgrade() -> None:
    for table in TABLES:
        for name in ("wrapped", "sealed_sha256"):
            op.add_column(table, sa.Column(name, sa.LargeBinary(), nullable=True), schema="handling")
        op.create_check_constraint(
            op.f(f"ck_{table}_opens"), table, "(storage_key like 'sealed/%') = (wrapped is not null)", schema="handling"
        )
        op.create_index(
            f"ix_{table}_in_clear", table, ["id"], schema="handling",
            postgresql_where=sa.text("storage_key like 'originals/%'"),
        )  # fmt: skip
        op.execute(
            f"""insert into handling.job (step, subject, args, created_at, run_after)
            select 'seal_originals', null, '{{"of": "{table}"}}', now(), now()
            where exists (select from handling.{table} where storage_key like 'originals/%')"""
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(
            f"""do $$ begin
                if exists (select from handling.{table} where wrapped is not null) then
                    raise exception '{UNREADABLE}';
                end if;
            end $$"""
        )
        op.drop_index(f"ix_{table}_in_clear", table, schema="handling")
        op.drop_constraint(op.f(f"ck_{table}_opens"), table, schema="handling")
        for name in ("sealed_sha256", "wrapped"):
            op.drop_column(table, name, schema="handling")
    op.execute("""delete from handling.job where step = 'seal_originals' and args::jsonb ? 'of'""")
