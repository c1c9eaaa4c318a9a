"""That an envelope was taken away stands in the vault's own log, whoever took it (security.md 3.1.3)."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.execute(
        """create function vault.log_erasure() returns trigger language plpgsql
        security definer set search_path = pg_catalog, pg_temp as $$
        begin
            perform vault.write(old.report_id, 'erased', clock_timestamp(), 'system',
                                json_build_object('key', old.key_id, 'sealed_on', old.created_on));
            return null;
        end $$"""
    )
    op.execute(
        """create trigger logged after delete on vault.identity
        for each row execute function vault.log_erasure()"""
    )


def downgrade() -> None:
    op.execute("drop trigger logged on vault.identity")
    op.execute("drop function vault.log_erasure()")
