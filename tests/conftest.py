"""The tests' ground: a real PostGIS with the real migrations, one database for each worker, savepoints around tests."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
VAULT_PUBLIC_KEY = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture(scope="session")
def cluster() -> URL:
    """The owner's address of the test cluster, database postgres; `./jz test` starts one and names it."""
    given = os.environ.get("JZ_TEST_DATABASE_URL")
    if not given:
        pytest.exit("JZ_TEST_DATABASE_URL is not set: run the tests with ./jz test", returncode=4)
    return make_url(given).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def database_url(cluster: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's address of this worker's own database, at the head of the migrations, with the default policy."""
    name = f"jz_{secrets.token_hex(6)}"
    admin = cluster.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    url = cluster.set(database=name).render_as_string(hide_password=False)
    os.environ |= {
        "DATABASE_URL": url,
        "REDIS_URL": os.environ["JZ_TEST_REDIS_URL"],
        "STORAGE_URL": f"file://{tmp_path_factory.mktemp('media')}",
        # One secret for the whole run: the login roles belong to the cluster that all workers share.
        "JZ_SECRET_KEY": "tests-tests-tests-tests-tests-tests-tests",
        "JZ_VAULT_PUBLIC_KEY": VAULT_PUBLIC_KEY,
        "JZ_SCRATCH": str(tmp_path_factory.mktemp("scratch")),
    }
    from cli.migrate import migrate  # noqa: PLC0415 - settings are read when these are first used

    migrate()
    yield url
    from kit.db import engine  # noqa: PLC0415

    for login in ("owner", "jz_intake", "jz_api", "jz_worker"):
        engine(login).dispose()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture(scope="session")
def owner_engine(database_url: str) -> Iterator[Engine]:
    """One engine for all tests of a worker, so that a statement is compiled once and not in every test."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(owner_engine: Engine) -> Iterator[Session]:
    """A session as the owner inside an outer transaction that is rolled back: a test may commit, and nothing stays."""
    with owner_engine.connect() as connection, connection.begin() as outer:
        factory = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        with factory() as opened:
            yield opened
        outer.rollback()


@pytest.fixture
def committing(database_url: str) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    """Transactions as the owner that do commit, for tests of several at once; all but the policy is emptied after."""
    from cases.models import policy  # noqa: PLC0415 - settings are read when these are first used
    from kit.db import OWNER, Base, unit_of_work  # noqa: PLC0415

    yield lambda: unit_of_work(OWNER)
    kept = {row.__tablename__ for row in vars(policy).values() if hasattr(row, "__tablename__")}
    with unit_of_work(OWNER) as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                session.execute(table.delete())
