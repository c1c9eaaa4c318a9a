"""Login roles belong to a cluster: a second installation in it is refused before it takes the first one's passwords."""

import os
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from cli import logins, postgres
from cli.refusal import CannotGoOn
from kit import db
from kit.secrets import derived_from
from kit.settings import settings

OURS, ANOTHER = "ours-" * 8, "another-" * 5
ITS_OWN = "c0ffee" * 8


@pytest.fixture
def fresh(server):
    """A cluster in which no login role has a mark, and two databases that nothing was done to."""
    with server.connect() as connection:
        for name in ("first", "second"):
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name}")
        for login in db.LOGINS:
            connection.execute(f"drop role if exists {login}")
    return server


def make_roles(server):
    with server.connect() as connection:
        for login in db.LOGINS:
            connection.execute(f"create role {login} login")


def jz(server, *arguments, database, secret):
    surroundings = {
        **os.environ, "DATABASE_URL": server.url(database), "REDIS_URL": "redis://127.0.0.1:1",
        "STORAGE_URL": "file:///nowhere", "JZ_SECRET_KEY": secret, "JZ_VAULT_PUBLIC_KEY": "0" * 64,
        "JZ_VAULT_PASSWORD": ITS_OWN,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli", *arguments],
        env=surroundings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def as_installation(monkeypatch):
    """Let this process be the installation with a secret, on a database of a cluster."""

    def forget():
        if db._engine.cache_info().currsize:
            db.engine(db.OWNER).dispose()
        settings.cache_clear()
        db._engine.cache_clear()
        derived_from.cache_clear()

    def be(server, database, secret):
        monkeypatch.setenv("DATABASE_URL", server.url(database))
        monkeypatch.setenv("JZ_SECRET_KEY", secret)
        for name, value in (("REDIS_URL", "redis://127.0.0.1:1"), ("STORAGE_URL", "file:///nowhere")):
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("JZ_VAULT_PUBLIC_KEY", "0" * 64)
        monkeypatch.setenv("JZ_VAULT_PASSWORD", ITS_OWN)
        forget()

    forget()
    yield be
    monkeypatch.undo()
    forget()


def signs_in(database):
    """Whether the installation that this process is can sign in as each of its login roles."""
    for login in db.LOGINS:
        where = db.url_for(login).set(drivername="postgresql", database=database)
        try:
            psycopg.connect(where.render_as_string(hide_password=False)).close()
        except psycopg.OperationalError:
            return False
    return True


def schemas(server, database):
    with server.connect(database) as connection:
        asked = "select count(*) from pg_namespace where nspname in ('vault', 'intake', 'handling', 'record')"
        return connection.execute(asked).fetchone()[0]


def test_a_second_installation_is_refused_and_has_changed_nothing(fresh, as_installation):
    assert jz(fresh, "migrate", database="first", secret=OURS).returncode == 0

    refused = jz(fresh, "migrate", database="second", secret=ANOTHER)

    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), refused.stderr
    assert "give this one a cluster of its own" in refused.stderr
    assert "./jz adopt-secret" in refused.stderr
    assert schemas(fresh, "second") == 0
    as_installation(fresh, "first", OURS)
    assert signs_in("first")
    with db.engine(db.OWNER).connect() as connection:
        logins.check_whose(connection)  # one installation may come again, and have two databases


def test_a_secret_that_was_changed_on_purpose_is_adopted(fresh, as_installation):
    make_roles(fresh)
    as_installation(fresh, "first", OURS)
    logins.give_passwords()
    assert signs_in("first")

    adopted = jz(fresh, "adopt-secret", database="first", secret=ANOTHER)

    assert adopted.returncode == 0, adopted.stderr
    assert not signs_in("first")
    with pytest.raises(CannotGoOn, match="another JZ_SECRET_KEY"):
        logins.give_passwords()
    assert not signs_in("first")
    as_installation(fresh, "first", ANOTHER)
    assert signs_in("first")
    logins.give_passwords()


def test_the_mark_tells_nothing_of_the_secret_and_a_note_of_somebody_else_is_no_mark(fresh, as_installation):
    as_installation(fresh, "first", OURS)
    make_roles(fresh)
    with fresh.connect() as connection:
        for login in db.LOGINS:
            connection.execute(f"comment on role {login} is 'asked for by the city'")

    logins.give_passwords()

    assert OURS not in logins.own_mark()
    with fresh.connect() as connection:
        found = connection.execute("select shobj_description('jz_api'::regrole, 'pg_authid')").fetchone()
    assert found == (logins.own_mark(),)
    assert signs_in("first")


def test_of_two_that_come_in_the_same_moment_one_gets_the_roles(fresh, as_installation):
    as_installation(fresh, "second", ANOTHER)
    make_roles(fresh)
    refusals = []

    def come():
        try:
            logins.give_passwords()
        except CannotGoOn as refusal:
            refusals.append(str(refusal))

    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = 'second'"
    with psycopg.connect(fresh.url("first").replace("+psycopg", "")) as rival, fresh.connect() as watcher:
        rival.execute("alter role jz_intake password 'of the rival'")
        rival.execute(f"comment on role jz_intake is '{logins.SIGN}0123456789abcdef'")
        late = threading.Thread(target=come)
        late.start()
        deadline = time.monotonic() + 20
        while watcher.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        rival.commit()
        late.join(timeout=20)

    assert len(refusals) == 1
    rivals = {"host": str(fresh.sockets), "port": postgres.PORT, "user": "jz_intake", "dbname": "first"}
    psycopg.connect(**rivals, password="of the rival").close()
