"""The database: engine, base class, naming of constraints, and `unit_of_work()`, the only place that commits.

Processes sign in under a login role of their own (`LOGINS`); its password is derived from the installation's secret,
but for the vault's.
A transaction may then take a narrower role for its actor (`acting_as`), which row-level security reads.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, ClassVar

import psycopg
from sqlalchemy import URL, DateTime, Engine, LargeBinary, MetaData, Text, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from kit.errors import Unavailable
from kit.secrets import derived
from kit.settings import settings

OWNER = "owner"
VAULT = "jz_vault"
LOGINS = ("jz_intake", "jz_api", "jz_worker", "jz_relay", "jz_beat", VAULT)
TRUSTED_S = 2.0
KEPT_CONNECTIONS, MOST_CONNECTIONS = 8, 16
_MAKING = Lock()


class Base(DeclarativeBase):
    """The base of every table, with one naming rule for constraints, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        bytes: LargeBinary(),
    }


def password_for(login: str) -> str:
    """The password of a process's login role, derived from the installation's secret.

    The vault has one of its own, which only it and the migration are given; "" for every other process.
    """
    if login == VAULT:
        return settings().vault_password.get_secret_value()
    return derived(f"db-role:{login}").hex()


def url_for(login: str) -> URL:
    """The address of the database for a login role; `OWNER` gives the address as it was configured."""
    url = make_url(settings().database_url).set(drivername="postgresql+psycopg")
    return url if login == OWNER else url.set(username=login, password=password_for(login))


def engine(login: str) -> Engine:
    """One pool for each login role of this process."""
    with _MAKING:  # a cache alone lets two threads that come first make two pools, and loses one
        return _engine(login)


@lru_cache(maxsize=len(LOGINS) + 1)
def _engine(login: str) -> Engine:
    made = create_engine(
        url_for(login),
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
        pool_timeout=10,
        hide_parameters=True,  # an error's words may be logged or told, and values are what people sent (X48)
        connect_args={"prepare_threshold": 2, "options": "-c timezone=UTC -c jit=off"},
    )
    event.listen(made, "checkin", _rested)
    event.listen(made, "checkout", _ask_whether_alive)
    return made


def _rested(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rested_at"] = time.monotonic()


def _ask_whether_alive(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ping a connection that has rested a while; one that has just worked is taken as it is."""
    if time.monotonic() - record.info.get("rested_at", 0.0) < TRUSTED_S:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except (psycopg.OperationalError, psycopg.InterfaceError) as dead:
        raise DisconnectionError from dead  # the pool throws away what is older than now and connects anew


@lru_cache(maxsize=len(LOGINS) + 1)
def sessions(login: str) -> sessionmaker[Session]:
    """The session factory of a login role. Tests replace this one function's product, nothing else."""
    return sessionmaker(engine(login), expire_on_commit=False)


@contextmanager
def unit_of_work(login: str, *, role: str | None = None, **facts: str) -> Iterator[Session]:
    """One transaction: it commits when the block ends, and rolls back when the block raises.

    `role` is taken for this transaction only; `facts` are readable by row-level security as `jz.<name>`.
    Raises Unavailable when the database is away.
    """
    session = sessions(login)()
    try:
        if role or facts:
            take_role(session, role, facts)
        yield session
        session.commit()
    except (OperationalError, InterfaceError) as away:
        session.rollback()
        if away.connection_invalidated or _is_connection_failure(away):
            raise Unavailable from away
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def take_role(session: Session, role: str | None, facts: Mapping[str, str]) -> None:
    """Narrow this transaction to `role` and its `facts`; both end with the transaction."""
    names = ["role"] * bool(role) + [f"jz.{name}" for name in facts]
    values = [role] * bool(role) + list(facts.values())
    calls = ", ".join(f"set_config(:n{i}, :v{i}, true)" for i in range(len(names)))
    pairs = {f"n{i}": name for i, name in enumerate(names)} | {f"v{i}": value for i, value in enumerate(values)}
    session.execute(text(f"select {calls}"), pairs)


def _is_connection_failure(failure: OperationalError | InterfaceError) -> bool:
    state = getattr(failure.orig, "sqlstate", None)
    return state is None or state[:2] in {"08", "57", "53"}
