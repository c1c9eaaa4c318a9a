"""Four schemas, so that a leak needs more than one mistake, and the roles that may touch them.

Roles belong to the whole cluster, so they are made only where they are missing and are not dropped on the way down:
another database of the same cluster may still use them. `cli migrate` gives the login roles their passwords.
"""

from alembic import op

revision = "0001"
down_revision = None

SCHEMAS = ("vault", "intake", "handling", "record")
LOGINS = ("jz_intake", "jz_api", "jz_worker")
ACTING = ("jz_public", "jz_town", "jz_department", "jz_district", "jz_discipline")


def upgrade() -> None:
    op.execute("create extension if not exists postgis")
    op.execute("create extension if not exists btree_gist")
    for schema in SCHEMAS:
        op.execute(f"create schema {schema}")
    for role in LOGINS:
        _create_role(role, "login noinherit")
    for role in ACTING:
        _create_role(role, "nologin")
        op.execute(f"grant {role} to jz_api")


def downgrade() -> None:
    for schema in reversed(SCHEMAS):
        op.execute(f"drop schema {schema} cascade")
    op.execute("drop extension btree_gist")
    op.execute("drop extension postgis cascade")


def _create_role(role: str, kind: str) -> None:
    op.execute(
        f"""do $$ begin
            create role {role} {kind} nosuperuser nocreatedb nocreaterole nobypassrls;
        exception when duplicate_object or unique_violation then null;
        end $$"""
    )
