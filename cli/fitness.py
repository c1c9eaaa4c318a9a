"""Whether a database can carry an installation: asked before the first migration, so that none stops half-way.

The private database always can. One that DATABASE_URL names may be away, old, without PostGIS, or guarded.
"""

from __future__ import annotations

import os
from typing import Any

import psycopg
from sqlalchemy.exc import ArgumentError

from cli import before
from cli.installation import OLDEST_POSTGIS, OLDEST_POSTGRES
from cli.refusal import CannotGoOn
from kit.db import OWNER, url_for

EXTENSIONS = ("postgis", "btree_gist")
PATIENCE_S = 5
FACTS = """select current_setting('server_version_num')::int / 10000 as major,
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() or current_setting('transaction_read_only')::bool as only_reads,
    has_database_privilege(current_database(), 'create') as may_create,
    rolsuper as is_super, rolcreaterole as makes_roles, rolname as name
    from pg_roles where rolname = current_user"""
AVAILABLE = """select name, coalesce(installed_version, default_version) as version,
    installed_version is not null as is_here,
    exists (select from pg_available_extension_versions as v where v.name = known.name and v.trusted) as is_free
    from pg_available_extensions as known where name = any(%s)"""


def check_database() -> None:
    """Raises CannotGoOn with the first reason why migrations could not run in the database of DATABASE_URL."""
    before.check_settings(os.environ)
    with _connected() as connection, connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        facts = cursor.execute(FACTS).fetchone() or {}
        extensions = {row["name"]: row for row in cursor.execute(AVAILABLE, [list(EXTENSIONS)])}
    reason = unfit_server(facts, extensions) or _missing_right(facts, extensions)
    if reason:
        raise CannotGoOn(f"The database of DATABASE_URL {reason}")


def _connected() -> psycopg.Connection[tuple[Any, ...]]:
    try:
        where = url_for(OWNER)
        _, named = where.get_dialect()().create_connect_args(where)
        return psycopg.connect(**{"connect_timeout": PATIENCE_S, **named, "client_encoding": "UTF8"})
    except psycopg.OperationalError as failure:
        said = " ".join(str(failure).split())
        raise CannotGoOn(
            f"The database of DATABASE_URL does not let us in: {said}. "
            "Check that it runs, and the address, name, user and password in DATABASE_URL."
        ) from failure
    except (ArgumentError, ValueError, psycopg.ProgrammingError) as failure:  # ValueError: a port that is no number
        raise CannotGoOn("DATABASE_URL is not the address of a PostgreSQL. .env.example shows one.") from failure


def unfit_server(facts: dict[str, Any], extensions: dict[str, dict[str, Any]]) -> str:
    """Why a server with these answers to FACTS and AVAILABLE does not do; empty when it does."""
    if facts["major"] < OLDEST_POSTGRES:
        return f"runs PostgreSQL {facts['major']}; {OLDEST_POSTGRES} or newer is needed. Move it to a newer server."
    if facts["encoding"] != "UTF8":
        return f"is encoded in {facts['encoding']}. Make one in UTF8 (create database ... template template0)."
    if facts["only_reads"]:
        return "only reads (a standby, or default_transaction_read_only). Name the one that is written to."
    for name in EXTENSIONS:
        if name not in extensions:
            return f"has no {name} to offer. Install it on the server (Debian: postgresql-{facts['major']}-postgis-3)."
    version = extensions["postgis"]["version"]
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        return f"has PostGIS {version}; 3.3 or newer is needed. Update it there: alter extension postgis update"
    return ""


def _missing_right(facts: dict[str, Any], extensions: dict[str, dict[str, Any]]) -> str:
    if facts["is_super"]:
        return ""
    name = facts["name"]
    for extension in EXTENSIONS:
        if not (extensions[extension]["is_here"] or extensions[extension]["is_free"]):
            return f"needs a superuser to make its extension once: create extension {extension}"
    if not facts["may_create"]:
        return f"lets {name} make no schemas. Let it: grant create on database ... to {name}"
    if not facts["makes_roles"]:
        return f"lets {name} neither make login roles nor give them passwords. Let it: alter role {name} createrole"
    return ""
