"""The one place that commits: a block ends in a commit, or in nothing at all; a narrower role ends with it."""

import threading

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from kit import db
from kit.db import LOGINS, OWNER, Base, engine, password_for, unit_of_work, url_for
from kit.errors import Conflict, Unavailable
from kit.settings import settings
from people.models import Org
from tests import make


def bodies(committing):
    with committing() as session:
        return session.scalar(select(func.count()).select_from(Org))


def test_a_block_that_ends_is_committed(committing):
    with unit_of_work(OWNER) as session:
        make.org(session, "town")
    assert bodies(committing) == 1


@pytest.mark.parametrize("failure", [Conflict, KeyError, KeyboardInterrupt])
def test_a_block_that_raises_leaves_nothing_and_its_failure_goes_on(committing, failure):
    def fail():
        with unit_of_work(OWNER) as session:
            make.org(session, "town")
            raise failure

    with pytest.raises(failure):
        fail()
    assert bodies(committing) == 0


def test_what_the_database_refuses_is_no_absence_of_it(committing):
    def twice():
        with unit_of_work(OWNER) as session:
            session.add_all(Org(code="same", kind="town", name_zh="镇", name_en="Town") for _ in range(2))

    with pytest.raises(IntegrityError):
        twice()
    with pytest.raises(ProgrammingError), unit_of_work(OWNER) as session:
        session.execute(text("select * from nowhere"))


def test_a_role_and_its_facts_end_with_the_transaction(committing):
    asked = text("select current_user, current_setting('jz.org', true)")
    with unit_of_work("jz_api", role="jz_town", org="7") as session:
        assert tuple(session.execute(asked).one()) == ("jz_town", "7")
    with unit_of_work("jz_api") as session:
        user, fact = session.execute(asked).one()
        assert (user, fact or None) == ("jz_api", None)


def test_a_role_that_a_process_was_not_given_is_not_taken(committing):
    for login, role in (("jz_intake", "jz_town"), ("jz_worker", "jz_district"), ("jz_api", "jz_worker")):
        with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(login, role=role):
            pass


def test_a_fact_is_a_value_and_never_sql(committing):
    with unit_of_work("jz_api", role="jz_town", org="1'; drop table x; --") as session:
        assert session.scalar(text("select current_setting('jz.org')")) == "1'; drop table x; --"


def test_a_connection_that_dies_is_told_as_unavailable_and_the_next_one_works(committing):
    def die():
        with unit_of_work("jz_worker") as session:
            pid = session.scalar(text("select pg_backend_pid()"))
            with unit_of_work(OWNER) as killer:
                killer.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
            session.execute(text("select 1"))

    with pytest.raises(Unavailable):
        die()
    with unit_of_work("jz_worker") as session:
        assert session.scalar(text("select 1")) == 1


def test_a_connection_that_died_while_it_rested_is_replaced_before_anybody_gets_it(committing, monkeypatch):
    with unit_of_work("jz_worker") as session:
        pid = session.scalar(text("select pg_backend_pid()"))
    with unit_of_work(OWNER) as killer:
        killer.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    monkeypatch.setattr(db, "TRUSTED_S", 0.0)
    with unit_of_work("jz_worker") as session:
        assert session.scalar(text("select pg_backend_pid()")) != pid


def test_a_connection_that_has_just_worked_is_taken_without_a_ping(committing):
    with unit_of_work("jz_worker") as session:
        pid = session.scalar(text("select pg_backend_pid()"))
    asked = text("select query from pg_stat_activity where pid = :pid")
    with unit_of_work("jz_worker"), unit_of_work(OWNER) as observer:
        assert observer.scalar(asked, {"pid": pid}) == "COMMIT"


def test_a_database_that_is_not_there_is_unavailable(committing, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody:x@127.0.0.1:1/none?connect_timeout=1")
    settings.cache_clear()
    db._engine.cache_clear()
    db.sessions.cache_clear()
    with pytest.raises(Unavailable), unit_of_work(OWNER) as session:
        session.execute(text("select 1"))
    monkeypatch.undo()
    settings.cache_clear()
    db._engine.cache_clear()
    db.sessions.cache_clear()


def test_each_process_signs_in_as_itself_with_a_password_of_its_own(committing):
    assert len({password_for(login) for login in LOGINS}) == len(LOGINS)
    for login in LOGINS:
        with unit_of_work(login) as session:
            assert session.scalar(text("select session_user")) == login
            rights = text(
                "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = :name"
            )
            assert not any(session.execute(rights, {"name": login}).one())


def test_a_wrong_password_does_not_sign_in(committing):
    wrong = url_for("jz_worker").set(drivername="postgresql", password="wrong")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(wrong.render_as_string(hide_password=False), connect_timeout=5)


def test_threads_that_come_first_together_share_one_pool(committing):
    db._engine.cache_clear()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(id(engine("jz_api")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_constraints_are_named_by_one_rule():
    names = {constraint.name for table in Base.metadata.tables.values() for constraint in table.constraints}
    assert None not in names
    assert all(str(name).startswith(("pk_", "fk_", "uq_", "ck_", "ex_")) for name in names)
