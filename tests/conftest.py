"""The tests' ground: a real PostGIS with the real migrations, one database for each worker, savepoints around tests."""

import gc
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import psycopg
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from tests.emptying import empty

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
VAULT_PASSWORD = "c0ffee" * 8
VAULT_PUBLIC_KEY = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"


def pytest_collection_finish() -> None:
    """What stands now stands to the end: no collection need look at it again, and they may come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture(scope="session", autouse=True)
def slow_passwords() -> Iterator[tuple[PasswordHash, str]]:
    """Let passwords be hashed at hardly any cost in this process.

    Gives what the product hashes them with, and its hash of nobody's.
    """
    from people import sign_in  # noqa: PLC0415 - settings are read when these are first used

    slow, nobody = sign_in._PASSWORDS, sign_in._NOBODY
    sign_in._PASSWORDS = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    sign_in._NOBODY = sign_in.hashed(secrets.token_hex())
    yield slow, nobody
    sign_in._PASSWORDS, sign_in._NOBODY = slow, nobody


@pytest.fixture(scope="session")
def cluster() -> URL:
    """The owner's address of the test cluster, database postgres; `./jz test` starts one and names it."""
    given = os.environ.get("JZ_TEST_DATABASE_URL")
    if not given:
        pytest.exit("JZ_TEST_DATABASE_URL is not set: run the tests with ./jz test", returncode=4)
    return make_url(given).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def databases(cluster: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The owner's addresses of this worker's two databases, both migrated, with the default policy: usual and spare."""
    name = f"jz_{secrets.token_hex(6)}"
    admin = cluster.set(drivername="postgresql").render_as_string(hide_password=False)
    url, spare = (cluster.set(database=each).render_as_string(hide_password=False) for each in (name, f"{name}_spare"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    os.environ |= {
        "REDIS_URL": os.environ["JZ_TEST_REDIS_URL"],
        "STORAGE_URL": f"file://{tmp_path_factory.mktemp('media')}",
        # One secret for the whole run: the login roles belong to the cluster that all workers share.
        "JZ_SECRET_KEY": "tests-tests-tests-tests-tests-tests-tests",
        "JZ_VAULT_PUBLIC_KEY": VAULT_PUBLIC_KEY,
        "JZ_VAULT_PASSWORD": VAULT_PASSWORD,
        "JZ_VAULT_SOCKET": str(tmp_path_factory.mktemp("vault") / "socket"),
        "JZ_SCRATCH": str(tmp_path_factory.mktemp("scratch")),
    }
    _use(url)
    from cli.migrate import migrate  # noqa: PLC0415 - settings are read when these are first used

    with psycopg.connect(admin, autocommit=True) as connection:
        # Roles are of the cluster, and two databases that give them rights at once would disturb each other.
        connection.execute("select pg_advisory_lock(hashtext('jingzhong tests'))")
        migrate()
        _let_go()
        connection.execute(f'create database "{name}_spare" template "{name}"')
    yield url, spare
    _let_go()
    with psycopg.connect(admin, autocommit=True) as connection:
        for each in (name, f"{name}_spare"):
            connection.execute(f'drop database if exists "{each}" with (force)')


@pytest.fixture(scope="session")
def database_url(databases: tuple[str, str]) -> str:
    """The owner's address of this worker's own database, at the head of the migrations, with the default policy."""
    return databases[0]


def _use(url: str) -> None:
    """Let this process work on a database of the tests, whatever was read from the environment before."""
    from kit.settings import settings  # noqa: PLC0415

    os.environ["DATABASE_URL"] = url
    settings.cache_clear()
    _let_go()


def _let_go() -> None:
    from kit.db import LOGINS, OWNER, _engine, engine, sessions  # noqa: PLC0415

    if _engine.cache_info().currsize:
        for login in (OWNER, *LOGINS):
            engine(login).dispose()
    _engine.cache_clear()
    sessions.cache_clear()


@pytest.fixture(scope="session")
def owner_engine(database_url: str) -> Iterator[Engine]:
    """One engine for all tests of a worker, so that a statement is compiled once and not in every test."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


# Whether tests that commit for real have left something here.
LEFT = """select exists (select from handling.org) or exists (select from handling.unit)
    or exists (select from intake.report) or exists (select from intake.photo) or exists (select from handling.job)"""


@pytest.fixture
def session(owner_engine: Engine) -> Iterator[Session]:
    """A session as the owner inside an outer transaction that is rolled back: a test may commit, and nothing stays.

    It begins with policy alone: what tests that commit for real have left in this database is out of its sight.
    """
    with owner_engine.connect() as connection, connection.begin() as outer:
        factory = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        with factory() as opened:
            if opened.scalar(text(LEFT)):
                _empty(opened)
            yield opened
        outer.rollback()


@pytest.fixture
def committing(databases: tuple[str, str]) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    """Transactions as the owner that do commit, for tests of several at once. They have the spare database to
    themselves, and all of it but the policy is emptied after each.
    """
    from kit.db import OWNER, unit_of_work  # noqa: PLC0415 - settings are read when these are first used

    usual, spare = databases
    _use(spare)
    yield lambda: unit_of_work(OWNER)
    with unit_of_work(OWNER) as session:
        assert session.scalar(text("select current_database()")) == make_url(spare).database
        _empty(session)
    _use(usual)


def _empty(session: Session) -> None:
    """Take everything away but the policy and the rules of zones, which `migrate` has put in."""
    from cases.models import policy  # noqa: PLC0415 - settings are read when these are first used
    from kit.db import Base  # noqa: PLC0415

    kept = {row.__tablename__ for row in vars(policy).values() if hasattr(row, "__tablename__")} | {"zone_rule"}
    empty(session, [table for table in Base.metadata.sorted_tables if table.name not in kept])
