"""Up and down: each step back leads to where the way up was, and the last one leaves nothing."""

from itertools import pairwise

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cli.migrate import configuration
from kit.db import OWNER, engine

SCHEMAS = ("vault", "intake", "handling", "record")
QUESTIONS = (
    """select table_schema, table_name, column_name, data_type, is_nullable, column_default
       from information_schema.columns where table_schema = any(:ours)""",
    # One that does not look at rows of before is the same rule.
    """select conrelid::regclass::text, conname, replace(pg_get_constraintdef(oid), ' NOT VALID', '') from pg_constraint
       where connamespace::regnamespace::text = any(:ours)""",
    "select schemaname, tablename, indexdef from pg_indexes where schemaname = any(:ours)",
    "select schemaname, tablename, policyname, roles::text, cmd, qual, with_check from pg_policies",
    """select grantee, table_name, column_name, privilege_type from information_schema.role_column_grants
       where table_schema = any(:ours)""",
    r"""select proname, prosecdef::text, trim(regexp_replace(prosrc, '\s+', ' ', 'g')), coalesce(proacl::text, '')
       from pg_proc where pronamespace::regnamespace::text = any(:ours)""",
    """select tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) from pg_trigger
       where not tgisinternal""",
    "select schemaname, viewname, definition from pg_views where schemaname = any(:ours)",
)
KINDS = ("columns", "constraints", "indexes", "policies", "rights", "functions", "triggers", "views")


def schema():
    """Everything that a migration makes, as rows: columns, constraints, indexes, policies and rights."""
    with engine(OWNER).connect() as connection:
        return [
            sorted(str(tuple(row)) for row in connection.execute(text(question), {"ours": list(SCHEMAS)}))
            for question in QUESTIONS
        ]


def left():
    with engine(OWNER).connect() as connection:
        return set(connection.execute(text("select nspname from pg_namespace")).scalars())


def test_every_step_down_leads_to_where_the_way_up_was(empty, monkeypatch):
    """So that a step which was taken back can be taken again: what it begins with is what it began with."""
    config, scripts = configuration(), ScriptDirectory.from_config(configuration())
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: scripts)  # read once, and not by each command
    way = [script.revision for script in scripts.walk_revisions()][::-1]
    up = {}
    for revision in way:
        command.upgrade(config, revision)
        up[revision] = schema()
    assert all(up[way[-1]])
    wrong = {}
    for below, revision in reversed([*pairwise(way)]):
        command.downgrade(config, below)
        if found := differences(up[below], schema()):
            wrong[revision] = found
    assert wrong == {}
    command.downgrade(config, "base")
    assert not left() & set(SCHEMAS)


def differences(before, after):
    """What is there alone before, and alone after, of each kind."""
    found = {}
    for kind, one, other in zip(KINDS, before, after, strict=True):
        if one != other:
            found[kind] = (sorted(set(one) - set(other)), sorted(set(other) - set(one)))
    return found
