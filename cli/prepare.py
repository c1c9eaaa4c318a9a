"""`prepare`: what `up` does before our processes start: the newest schema and the demo district, in one process.

The database keeps a mark of what it was prepared by, as a comment on Alembic's table. Where the mark still holds,
nothing is loaded and nothing done, so that a second `up` takes seconds. `migrate` and `seed-demo` never ask for it.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from cli.places import Places
from cli.terminal import say
from kit import clock
from kit.clock import LOCAL_ZONE
from kit.secrets import mark
from kit.settings import settings

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cases", "cli", "geo", "kit", "migrations", "people")  # all that can have a part in it
TABLE = "migration"  # migrations/env.py
# kit.db's, which would load all of SQLAlchemy
LOGINS = ("jz_intake", "jz_api", "jz_worker", "jz_relay", "jz_beat", "jz_vault")
PATIENCE_S = 5
# A database that was put back elsewhere brings its comment along, and neither the roles nor their passwords; the roles'
# own comments tell from which secret these are (cli/logins.py).
_STATE = """
select version_num, obj_description(to_regclass('migration'), 'pg_class'),
       (select system_identifier from pg_control_system())::text,
       (select oid from pg_database where datname = current_database())::text,
       (select coalesce(string_agg(concat(rolname, shobj_description(oid, 'pg_authid')), ' ' order by rolname), '')
        from pg_roles where rolname = any(%s))
from migration
"""


def prepare() -> None:
    """Bring the database to the newest schema and load the demo district, unless this very code has done so today.

    Where JZ_DEMO says no, or offices of a real district are there already, only the schema.
    """
    if _is_done():
        say("nothing has changed since the last time.")
        return
    from cli import demo_district, migrate  # noqa: PLC0415 - half of what a second `up` would take
    from cli.backups.before_update import backed_up  # noqa: PLC0415 - likewise

    with backed_up(Places()):
        migrate.migrate()
    if settings().demo and not demo_district.is_another_district():
        demo_district.seed_demo()
    else:
        say("no demo district is loaded: " + ("this database has one of its own." if settings().demo else "JZ_DEMO=0."))
    with _connected() as connection:
        note(connection)


def _is_done() -> bool:
    try:
        with _connected() as connection:
            return is_prepared(connection)
    except psycopg.Error:  # whatever it is, those who do the work say it in a sentence
        return False


def is_prepared(connection: psycopg.Connection[tuple[str, ...]]) -> bool:
    """Whether the mark on this database is the one that this code would leave now."""
    if connection.execute("select where to_regclass(%s) is not null", (TABLE,)).fetchone() is None:
        return False
    version, said, *where = _state(connection)
    return said == _mark(version, *where)


def note(connection: psycopg.Connection[tuple[str, ...]]) -> None:
    """Leave the mark; only after everything has been committed."""
    version, _, *where = _state(connection)
    made = sql.Literal(_mark(version, *where))
    connection.execute(sql.SQL("comment on table {} is {}").format(sql.Identifier(TABLE), made))


def _state(connection: psycopg.Connection[tuple[str, ...]]) -> tuple[str, ...]:
    return connection.execute(_STATE, (list(LOGINS),)).fetchone() or ("", "", "", "", "")


def _mark(*state: str) -> str:
    """What the outcome depends on: the database as it is, the code, the secrets and the setting, and the day.

    The day, because another policy may be in force on another, and with it another department have an office.
    """
    today = clock.now().astimezone(LOCAL_ZONE).date().isoformat()
    demo, vault = str(settings().demo), settings().vault_password.get_secret_value()
    return mark("prepared", *(part.encode() for part in (*state, today, demo, vault)), fingerprint(ROOT)).hex()


def fingerprint(root: Path) -> bytes:
    """A hash over the name and content of every file that can have a part in it."""
    whole = hashlib.sha256()
    for path in _files(root):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return whole.digest()


def _files(root: Path) -> Iterator[Path]:
    found = (path for package in CODE for path in (root / package).rglob("*") if path.is_file())
    return iter(sorted(path for path in found if path.suffix != ".pyc"))


def _connected() -> psycopg.Connection[tuple[str, ...]]:
    """A connection of the owner, by libpq's own reading of the address: SQLAlchemy's takes longer than the question."""
    address = re.sub(r"^\w+(\+\w+)?:", "postgresql:", settings().database_url)
    return psycopg.connect(address, connect_timeout=PATIENCE_S)
