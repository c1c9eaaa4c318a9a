"""A database that could not carry an installation is refused in one sentence, before the first migration."""

import re
import socket

import pytest

from cli import fitness
from cli.refusal import CannotGoOn
from kit.settings import settings

FIT = {
    "major": 15, "encoding": "UTF8", "only_reads": False, "may_create": True, "is_super": False, "makes_roles": True,
    "name": "jz_owner",
}  # fmt: skip
THERE = {
    "postgis": {"version": "3.3.2", "is_here": True, "is_free": False},
    "btree_gist": {"version": "1.7", "is_here": False, "is_free": True},
}


@pytest.fixture
def at(server, monkeypatch):
    """Let DATABASE_URL be an address."""

    def be(address):
        monkeypatch.setenv("DATABASE_URL", address)
        for name, value in (("REDIS_URL", "redis://localhost"), ("STORAGE_URL", "file:///nowhere")):
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("JZ_SECRET_KEY", "k" * 40)
        monkeypatch.setenv("JZ_VAULT_PUBLIC_KEY", "0" * 64)
        settings.cache_clear()

    yield be
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def database(server):
    """Makes a database with one word of options, and gives the address for a user of it."""

    def make(options="", *, user="jz_owner", password=server.password):
        with server.connect() as connection:
            connection.execute("drop database if exists guest with (force)")
            connection.execute(f"create database guest {options}")
        where = server.url("guest")
        return where.replace("jz_owner:of%20the%20owner", f"{user}:{password}")

    yield make
    with server.connect() as connection:
        connection.execute("drop database if exists guest with (force)")
        connection.execute("drop role if exists tenant")


def refusal():
    with pytest.raises(CannotGoOn) as told:
        fitness.check_database()
    assert len(str(told.value).splitlines()) == 1
    return str(told.value)


def test_a_fit_one_is_taken(server, at):
    at(server.url("postgres"))

    fitness.check_database()


def test_one_that_is_away_is_told(at):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        at(f"postgresql+psycopg://owner:secret@127.0.0.1:{nobody.getsockname()[1]}/jingzhong")

        told = refusal()

    assert "does not let us in" in told
    assert "Check that it runs" in told
    assert "secret" not in told


def test_a_wrong_password_or_name_is_told(server, at):
    at(server.url("postgres").replace("of%20the%20owner", "wrong"))
    assert "password authentication failed" in refusal()

    at(server.url("none"))
    assert 'database "none" does not exist' in refusal()


@pytest.mark.parametrize("address", ["nonsense", "postgresql://u:hidden@host:port/x", "postgresql://u:hidden@/x?no=1"])
def test_what_is_no_address_is_told_and_not_repeated(at, address):
    at(address)

    told = refusal()

    assert "DATABASE_URL is not the address of a PostgreSQL. .env.example shows one." in told
    assert "hidden" not in told


def test_another_bad_setting_is_named_as_such(server, at, monkeypatch):
    at(server.url("postgres"))
    monkeypatch.setenv("JZ_SECRET_KEY", "short")

    assert refusal().startswith("JZ_SECRET_KEY is not usable")


def test_another_encoding_or_one_that_only_reads_is_told(server, at, database):
    at(database("template template0 encoding 'SQL_ASCII' locale 'C'"))
    assert "is encoded in SQL_ASCII" in refusal()

    at(database())
    with server.connect() as connection:
        connection.execute("alter database guest set default_transaction_read_only = on")
    assert "only reads" in refusal()


def test_an_owner_with_less_rights_is_told_each_one_until_it_can_do_all(server, at, database):
    with server.connect() as connection:
        connection.execute("create role tenant login password 'x'")
    at(database(user="tenant", password="x"))

    assert "needs a superuser to make its extension once: create extension postgis" in refusal()
    with server.connect("guest") as connection:
        connection.execute("create extension postgis")
    assert "grant create on database ... to tenant" in refusal()
    with server.connect() as connection:
        connection.execute("grant create on database guest to tenant")
    assert "alter role tenant createrole" in refusal()
    with server.connect() as connection:
        connection.execute("alter role tenant createrole")
    fitness.check_database()


@pytest.mark.parametrize(
    ("facts", "extensions", "sentence"),
    [
        ({}, THERE, ""),
        ({"major": 14}, THERE, "runs PostgreSQL 14; 15 or newer is needed"),
        ({"major": 17}, {}, r"has no postgis to offer.*\(Debian: postgresql-17-postgis-3\)"),
        ({}, {"postgis": THERE["postgis"]}, "has no btree_gist to offer"),
        ({}, {**THERE, "postgis": {"version": "3.2.0"}}, "has PostGIS 3.2.0; 3.3 or newer is needed"),
        ({}, {**THERE, "postgis": {"version": "3.10.1"}}, ""),
    ],
)
def test_a_server_that_is_too_old_or_lacks_postgis_is_told(facts, extensions, sentence):
    told = fitness.unfit_server({**FIT, **facts}, extensions)

    assert re.search(sentence, told) if sentence else not told
