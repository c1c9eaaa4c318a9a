"""Photos as they came are sealed: an envelope for each file, which intake may write and only the vault reads.

Originals that lie in clear are sealed by a job, which this puts in (docs/vault.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0062"

EVERYTHING_LOST = "sealed photos cannot be opened any more by an older release: put back a backup of it instead"


def upgrade() -> None:
    op.create_table(
        "original",
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("alg", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("storage_key", name=op.f("pk_original")),
        schema="vault",
    )
    op.create_index("ix_original_key_id", "original", ["key_id"], schema="vault")
    op.create_table(
        "photo_key",
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("storage_key", name=op.f("pk_photo_key")),
        schema="intake",
    )
    op.add_column("photo", sa.Column("sealed_sha256", sa.LargeBinary(), nullable=True), schema="intake")
    op.create_index(
        "ix_photo_in_clear", "photo", ["id"], schema="intake",
        postgresql_where=sa.text("storage_key like 'originals/%'"),
    )  # fmt: skip
    _rights()
    _logged()
    op.execute(
        """insert into handling.job (step, subject, args, created_at, run_after)
        select 'seal_originals', null, '{}', now(), now()
        where exists (select from intake.photo where storage_key like 'originals/%')"""
    )


def downgrade() -> None:
    op.execute(
        f"""do $$ begin
            if exists (select from vault.original) then raise exception '{EVERYTHING_LOST}'; end if;
        end $$"""
    )
    op.execute("delete from handling.job where step in ('seal_originals', 'drop_file')")
    op.execute("revoke select on vault.key from jz_worker")
    op.drop_index("ix_photo_in_clear", "photo", schema="intake")
    op.drop_column("photo", "sealed_sha256", schema="intake")
    op.drop_table("photo_key", schema="intake")
    op.drop_table("original", schema="vault")
    op.execute("drop function vault.log_original_erasure()")


def _rights() -> None:
    op.execute("grant insert on vault.original, intake.photo_key to jz_intake")
    op.execute("grant select on vault.key to jz_worker")
    op.execute("grant insert, select (storage_key, photo_id), delete on vault.original to jz_worker")
    op.execute("grant insert, select, delete on intake.photo_key to jz_worker")
    op.execute("grant select, update (envelope, key_id, alg) on vault.original to jz_vault")


def _logged() -> None:
    """As migration 0029 does it for who reported."""
    op.execute(
        """create function vault.log_original_erasure() returns trigger language plpgsql
        security definer set search_path = pg_catalog, pg_temp as $$
        begin
            perform vault.write(old.photo_id, 'photo_erased', clock_timestamp(), 'system',
                                json_build_object('key', old.key_id, 'sealed_on', old.created_on));
            return null;
        end $$"""
    )
    op.execute(
        """create trigger logged after delete on vault.original
        for each row execute function vault.log_original_erasure()"""
    )
