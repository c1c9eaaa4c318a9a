"""`prepare` does nothing where nothing has changed, and everything where anything has."""

import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from cli import prepare
from cli.refusal import CannotGoOn
from kit import clock
from kit.db import LOGINS
from kit.settings import settings
from people.models import Org


@pytest.fixture
def connection(database_url):
    """The owner's connection to a migrated database; what the test does there is undone."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def prepared(connection):
    prepare.note(connection)
    assert prepare.is_prepared(connection)
    return connection


def test_a_database_that_nobody_has_prepared_is_not(connection):
    assert not prepare.is_prepared(connection)


def test_an_empty_database_is_not_prepared(connection):
    connection.execute("drop table migration")

    assert not prepare.is_prepared(connection)


def test_another_revision_of_the_schema_is_prepared_again(prepared):
    prepared.execute("update migration set version_num = '0001'")

    assert not prepare.is_prepared(prepared)


def test_a_mark_that_came_with_a_copy_of_the_database_does_not_hold_in_it(cluster, prepared):
    (mark,) = prepared.execute("select obj_description(to_regclass('migration'))").fetchone()
    (version,) = prepared.execute("select version_num from migration").fetchone()
    elsewhere = cluster.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(elsewhere) as copy:
        copy.execute("create temporary table migration as select %s::text as version_num", (version,))
        copy.execute(f"comment on table migration is '{mark}'")
        assert not prepare.is_prepared(copy)
        prepare.note(copy)
        assert prepare.is_prepared(copy)
        copy.rollback()


def test_another_secret_is_another_set_of_passwords(prepared, monkeypatch):
    monkeypatch.setenv("JZ_SECRET_KEY", "another " * 5)
    settings.cache_clear()
    try:
        assert not prepare.is_prepared(prepared)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert prepare.is_prepared(prepared)


def test_login_roles_that_got_their_passwords_from_another_secret_are_looked_at_again(prepared):
    prepared.execute("comment on role jz_api is 'somebody else has them now'")

    assert not prepare.is_prepared(prepared)


def test_the_roles_it_looks_at_are_those_that_processes_sign_in_with():
    assert prepare.LOGINS == LOGINS


def test_a_database_that_is_away_is_told_by_the_one_who_needs_it(monkeypatch, database_url):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:x@127.0.0.1:1/nowhere")
    settings.cache_clear()
    try:
        with pytest.raises(CannotGoOn, match="does not let us in"):
            prepare.prepare()
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.fixture
def without_a_demo(monkeypatch):
    monkeypatch.setenv("JZ_DEMO", "0")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def after(committing, monkeypatch):
    """Prepare, and tell which offices there are then. The database is migrated already."""
    monkeypatch.setattr(prepare, "note", lambda _: None)

    def offices():
        prepare.prepare()
        with committing() as session:
            return set(session.scalars(select(Org.code)))

    return offices


def test_a_real_installation_is_prepared_without_a_demo(without_a_demo, after):
    assert after() == set()


def test_a_district_of_ones_own_is_left_alone_whatever_the_setting(committing, after):
    with committing() as session:
        session.add(Org(code="330101", kind="district", name_zh="某区", name_en="Some"))
    assert after() == {"330101"}


def test_who_turns_the_demo_on_gets_it_at_once(without_a_demo, prepared, monkeypatch):
    prepare.note(prepared)
    assert prepare.is_prepared(prepared)
    monkeypatch.setenv("JZ_DEMO", "1")
    settings.cache_clear()
    assert not prepare.is_prepared(prepared)


def test_on_another_day_another_policy_may_be_in_force(prepared, monkeypatch):
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(prepare.clock, "now", lambda: tomorrow)

    assert not prepare.is_prepared(prepared)


def test_the_fingerprint_changes_with_a_files_content_and_name_and_not_with_what_python_compiled(tmp_path):
    (tmp_path / "cases" / "policy").mkdir(parents=True)
    row = tmp_path / "cases" / "policy" / "values.json"
    row.write_text("1")
    first = prepare.fingerprint(tmp_path)

    (tmp_path / "cases" / "x.cpython-311.pyc").write_bytes(b"compiled")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "x.md").write_text("words")
    assert prepare.fingerprint(tmp_path) == first

    row.write_text("2")
    second = prepare.fingerprint(tmp_path)
    row.rename(row.with_name("value.json"))
    assert len({first, second, prepare.fingerprint(tmp_path)}) == 3


def test_what_migrating_and_seeding_load_of_the_project_is_in_the_fingerprint():
    told = "import sys, cli.migrate, cli.demo_district; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=prepare.ROOT)

    ours = {name for name in loaded.stdout.split() if (prepare.ROOT / name / "__init__.py").exists()}
    assert {"cases", "cli", "geo"} <= ours <= set(prepare.CODE)
