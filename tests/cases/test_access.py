"""Who may see a case: our predicate and row-level security agree, for every role, case and table (M11, C12)."""

from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cases import access, handling, queue
from cases.lifecycle import closing
from cases.models.case import Case, Task
from cases.queue import Filter, QueueRow
from kit.db import take_role
from kit.errors import Stale, Unconditional
from people.actors import CITIZEN, SYSTEM, Actor
from people.roles import Role
from tests import make
from tests.make import NOW

OF_A_CASE = ("case_event", "clock", "visit", "record_copy", "verdict", "rectify_order", "picture", "task")


@contextmanager
def seen_as(session, actor):
    """The database as the actor's office sees it, without any predicate of ours; nothing done in it stays."""
    session.flush()
    with session.begin_nested() as inside:
        take_role(session, actor.database_role, {"org": str(actor.org_id or "")})
        yield
        inside.rollback()


@pytest.fixture
def world(session, district):
    """Cases of two towns and of the group, with tasks of departments, and people of every kind and role."""
    west, east = district.west.org, district.east.org
    cases = [
        make.case(session, west, state="signed"),
        make.case(session, west, state="dispatched", category="FW-01"),
        make.case(session, east, state="dispatched"),
        make.case(session, district.group, state="dispatched", category="CCL-01"),
        make.case(session),
    ]
    for case, body, state in (
        (0, district.fire, "open"),
        (2, district.fire, "cancelled"),
        (2, district.police, "open"),
    ):
        make.task(session, cases[case], body, kind="coop", state=state)
    for case in cases[:4]:
        visit = make.visit(session, case, district.west.officer)
        make.copies(session, visit, delivered=0)
        make.verdict(session, case, visit, district.west.officer)
        make.order(session, case, district.west.leader)
        make.pictures(session, case, "near")
    bodies = (west, east, make.org(session, "town"), district.fire, district.police, district.group, district.office,
              make.org(session, "city"), make.org(session, "department", department_kind="power"))  # fmt: skip
    people = [make.officer(session, body, role) for body in bodies for role in Role]
    return cases, [*people, SYSTEM, CITIZEN]


def test_find_agrees_with_the_predicate_for_everybody(session, world):
    cases, people = world
    for actor in people:
        seen = set(session.scalars(select(Case.id).where(access.visible_to(actor))))
        for case in cases:
            if case.id in seen:
                assert access.find(session, case.id, by=actor) is case
            else:
                with pytest.raises(access.NoSuchCase):
                    access.find(session, case.id, by=actor)


def test_may_see_and_lock_agree_with_find(session, world):
    cases, people = world
    for actor in [each for each in people if each.has(Role.TOWN_CLERK, Role.SAFETY_OFFICE)]:
        seen = set(session.scalars(select(Case.id).where(access.visible_to(actor))))
        for case in cases:
            assert access.may_see(session, actor, case) == (case.id in seen)
            if case.id in seen:
                assert access.lock(session, case.id, by=actor, expected_version=1) is case
            else:
                with pytest.raises(access.NoSuchCase):
                    access.lock(session, case.id, by=actor, expected_version=1)


def test_m78_the_discipline_body_locks_no_case(session, world, district):
    cases, _ = world
    for case in cases:
        with pytest.raises(access.ReadsOnly):
            access.lock(session, case.id, by=discipline(session, district), expected_version=1)


def test_row_level_security_alone_gives_the_same_cases(session, world):
    _, people = world
    for actor in people:
        if actor.kind == "officer":
            expected = set(session.scalars(select(Case.id).where(access.visible_to(actor))))
            with seen_as(session, actor):
                assert set(session.scalars(select(Case.id))) == expected, actor


def test_what_belongs_to_a_case_is_seen_exactly_with_it(session, world, district):
    cases, _ = world
    people = [district.west.clerk, district.east.clerk, district.fire_officer, district.supervisor]
    for actor in people:
        expected = set(session.scalars(select(Case.id).where(access.visible_to(actor))))
        for table in OF_A_CASE:
            every = set(session.scalars(text(f"select case_id from handling.{table}")))  # noqa: S608
            with seen_as(session, actor):
                seen = set(session.scalars(text(f"select case_id from handling.{table}")))  # noqa: S608
            assert seen == every & expected, (actor.org_kind, table)
    assert len(cases) == 5


def test_m11_who_sees_what(session, world, district):
    (mine, also_mine, theirs, groups, nobodys), _ = world

    def sees(actor):
        return set(session.scalars(select(Case.id).where(access.visible_to(actor))))

    assert sees(district.west.clerk) == {mine.id, also_mine.id}
    assert sees(district.east.leader) == {theirs.id}
    assert sees(district.fire_officer) == {mine.id, theirs.id}
    assert sees(district.police_officer) == {theirs.id}
    assert sees(make.officer(session, district.group, Role.TOWN_OFFICER)) == {groups.id}
    everything = {mine.id, also_mine.id, theirs.id, groups.id, nobodys.id}
    assert sees(district.supervisor) == sees(SYSTEM) == everything
    assert sees(make.officer(session, district.west.org, Role.DISCIPLINE)) == everything
    assert sees(CITIZEN) == sees(Actor("officer", "某人")) == set()


@pytest.mark.parametrize("table", ["report", "report_case", "report_event", "photo", "question", "answer"])
def test_c12_q1_no_handler_reads_anything_of_a_report(session, district, table):
    for actor in (district.west.leader, district.fire_leader, discipline(session, district), CITIZEN):
        with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, actor):
            session.execute(text(f"select * from intake.{table}"))  # noqa: S608


def test_c12_q1_nobody_who_acts_reads_an_identity(session, district):
    for actor in (
        district.west.leader, district.fire_leader, district.intake, discipline(session, district), CITIZEN,
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, actor):
            session.execute(text("select * from vault.identity"))


@pytest.mark.parametrize("table", ['"case"', "task", "org", "account", "exposure", "job", "policy_value"])
def test_the_public_role_reads_nothing_of_handling(session, table):
    with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, CITIZEN):
        session.execute(text(f"select * from handling.{table}"))  # noqa: S608


def test_the_public_role_reads_the_record_and_writes_nothing(session):
    with seen_as(session, CITIZEN):
        session.execute(text("select * from record.exposure"))
        session.execute(text("select * from record.change"))
    with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, CITIZEN):
        session.execute(text("delete from record.exposure"))


def test_the_discipline_body_reads_every_case_and_changes_none(session, world, district):
    who = discipline(session, district)
    with seen_as(session, who):
        assert len(session.scalars(select(Case.id)).all()) == 5
    for statement in ("update handling.case set state = 'void'", "delete from handling.case_event",
                      "update handling.notice set text = ''"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, who):
            session.execute(text(statement))


def test_history_is_not_rewritten_by_those_who_handle(session, world, district):
    for actor in (district.west.leader, district.fire_leader, district.supervisor):
        for statement in ("update handling.case_event set actor = 'x'", "delete from handling.case_event",
                          "delete from handling.case"):  # fmt: skip
            with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, actor):
                session.execute(text(statement))


def test_no_handler_reads_a_password_or_a_session(session, district):
    for actor in (district.west.leader, district.fire_leader, district.supervisor, district.intake):
        for statement in ("select password_hash from handling.account", "select * from handling.staff_session"):
            with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, actor):
                session.execute(text(statement))


def test_a_town_does_not_write_into_a_case_of_another(session, world, district):
    (_, _, theirs, *_), _ = world
    with seen_as(session, district.west.leader):
        changed = session.execute(text("update handling.case set grade = 'major' where id = :id"), {"id": theirs.id})
        assert changed.rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"), seen_as(session, district.west.leader):
        make.task(session, theirs, district.west.org, kind="coop")


def test_without_an_office_the_database_shows_nothing(session, world):
    with session.begin_nested() as inside:
        take_role(session, "jz_town", {})
        assert session.scalars(select(Case.id)).all() == []
        inside.rollback()


# --- versions


def test_an_act_says_which_version_it_saw(session, world, district):
    case = world[0][0]
    with pytest.raises(Unconditional):
        access.lock(session, case.id, by=district.west.clerk)
    with pytest.raises(Stale) as refusal:
        access.lock(session, case.id, by=district.west.clerk, expected_version=2)
    assert refusal.value.extra["current"] == {
        "id": str(case.id), "number": case.number, "state": "signed", "version": 1,
    }  # fmt: skip
    assert access.lock(session, case.id, by=SYSTEM) is case


# --- what a department's act shows to the town


def test_a_departments_verdict_moves_the_towns_task_on_as_well(session, walk):
    """The queue's due time is of the case, whoever acts on it."""
    walk.visited()
    who, case = walk.district.fire_officer, walk.case
    with acting(session, who):
        handling.propose(
            session, case, outcome="substantiated", summary="属实", qualification="", sanction="", by=who, now=walk.now
        )
    main = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "town")).one()
    assert main.due_what == "verdict_review"


def test_a_department_reads_the_whole_panel_and_every_task_of_its_case(session, walk):
    walk.accepted()
    with seen_as(session, walk.district.fire_leader):
        dossier = handling.dossier(session, walk.case, by=walk.district.fire_leader)
        assert sorted(task.kind for task in dossier.tasks) == ["coop", "lead", "town"]
        open_guards = [state.code for state in closing.panel(session, walk.case) if not state.holds]
    assert open_guards == ["G-DOC", "G-TASK"]


# --- the queue


def page_of(session, wanted, **asked) -> list[QueueRow]:
    """A page as the API reads it: the same statement, on the session's own connection."""
    return [queue.row(columns) for columns in session.connection().exec_driver_sql(*queue.page(wanted, **asked))]


def test_a_queue_holds_the_open_tasks_of_ones_office_by_what_is_due_in_pages(session, world, district):
    town = district.west
    for hour in range(5):
        case = make.case(session, town.org, state="dispatched")
        task = session.scalars(select(Task).where(Task.case_id == case.id)).one()
        task.due_at = NOW.replace(hour=hour // 2)
    session.flush()
    paged: list[QueueRow] = []
    after = None
    while page := page_of(session, Filter(), by=town.clerk, limit=2, after=after):
        paged += page
        after = (page[-1].due_at, page[-1].task_id)
    assert len(paged) == 7
    assert paged == sorted(paged, key=lambda task: (task.due_at, task.task_id))
    assert {task.case.responsible_org_id for task in paged} == {town.org.id}
    assert len(page_of(session, Filter(category_code="FW-01"), by=town.clerk, limit=9)) == 1
    assert len(page_of(session, Filter(states=["signed"]), by=town.clerk, limit=9)) == 1
    assert page_of(session, Filter(person_id=town.officer.account_id), by=town.clerk, limit=9) == []


def test_a_department_sees_its_tasks_and_the_district_every_main_one(session, world, district):
    assert [task.task_kind for task in page_of(session, Filter(), by=district.fire_officer, limit=9)] == ["coop"]
    kinds = [task.task_kind for task in page_of(session, Filter(), by=district.supervisor, limit=9)]
    assert sorted(kinds) == ["group", "town", "town", "town"]


@contextmanager
def acting(session, actor):
    take_role(session, actor.database_role, {"org": str(actor.org_id)})
    yield
    session.flush()
    session.execute(text("reset role"))
    session.expire_all()


def discipline(session, district):
    return make.officer(session, district.office, Role.DISCIPLINE)
