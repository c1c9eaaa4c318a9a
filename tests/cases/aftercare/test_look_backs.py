"""T17, M64, M75, X25: a look-back is made by other people, at its time, at the place, and shown."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cases import aftercare, handling, queue
from cases.aftercare.errands import NotAble
from cases.aftercare.look_backs import NoSuchLookBack
from cases.handling.pictures import MayNotAdd
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.look_back import CaseMoved, NotYourLookBack, TooEarly, UnderWay
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.proof import PictureReused
from cases.models.aftercare import LookBack, Reopening
from cases.models.case import Clock, Task
from cases.queue import Filter
from geo.points import Point
from kit.db import take_role
from people.roles import Role
from tests import make
from tests.cases.handling.test_straight_path import acting
from tests.desk import entries, notices
from tests.looking_back import DAY, arrived, closed, looks, pictured, planned, rebounded
from workers import reopenings

FAR = Point(120.05, 31.01)


@pytest.fixture
def look(walk):
    return planned(closed(walk))[0]


@pytest.fixture
def other(session, district):
    """An officer of a department that handled the case, who did not handle it himself."""
    return make.officer(session, district.fire, Role.DEPT_OFFICER)


def assign(walk, look, who, by=None):
    by = by or walk.district.supervisor
    return aftercare.assign(walk.session, walk.case, look, account_id=who.account_id, by=by, now=walk.now)


def start(walk, look, who, *, point=make.IN_WEST, reason=None, now=None):
    arrival = aftercare.Arrival(point, reason)
    return aftercare.start(walk.session, walk.case, look, arrival=arrival, by=who, now=now or look.opens_at)


def confirm(walk, look, who, findings="出口畅通", now=None):
    now = now or look.started_at + timedelta(hours=1)
    return aftercare.confirm(walk.session, walk.case, look, findings=findings, by=who, now=now)


def test_t17_it_holds_and_the_case_stays_closed(walk, look, other):
    arrived(walk, look, other)
    assert (walk.case.state, look.state) == ("look_back", "visiting")
    pictured(walk.session, walk.case, at=look.started_at + timedelta(minutes=5), by=other)
    confirm(walk, look, other)
    assert (walk.case.state, look.state, look.findings) == ("closed", "confirmed", "出口畅通")
    assert entries(walk.session, walk.case)[-5:] == [
        "look_back_assigned", "look_back_started", "look_back_begun", "look_back_confirmed", "stays_closed",
    ]  # fmt: skip
    running = select(Clock.id).where(Clock.about_id == look.id, Clock.stopped_at.is_(None))
    assert walk.session.scalar(running) is None
    task = walk.session.get_one(Task, look.id)
    assert (task.state, task.kind) == ("answered", "look_back")


def test_m64_whoever_handled_it_and_their_town_do_not_look_back(session, walk, look, district):
    east = make.officer(session, district.east.org, Role.DEPT_OFFICER)
    colleague = make.officer(session, district.west.org, Role.DEPT_OFFICER)
    for town in (east, colleague, walk.town.officer, walk.town.leader):
        with pytest.raises(NotAble):
            assign(walk, look, town)
    walk.case.closed_at = walk.now
    verdict_by = district.fire_officer
    make.visit(session, walk.case, walk.town.officer, companions=[verdict_by])
    with pytest.raises(SamePerson):
        assign(walk, look, verdict_by)
    assert look.assignee_id is None


def test_x25_who_closed_an_immediate_case_does_not_look_back_at_it(session, walk, district):
    walk.closable()
    walk.case.urgency = "immediate"
    handling.close(session, walk.case, note="办结", by=district.supervisor, now=walk.now)
    look = planned(walk)[0]
    with pytest.raises(SamePerson):
        assign(walk, look, district.supervisor)
    colleague = make.officer(session, district.office, Role.SAFETY_OFFICE)
    assert assign(walk, look, colleague).assignee_id == colleague.account_id


@pytest.mark.parametrize("who", ["intake", "fire_leader"])
def test_only_the_safety_office_names_who_looks(walk, look, other, district, who):
    with pytest.raises(NotYourRole):
        assign(walk, look, other, by=getattr(district, who))


def test_an_account_that_is_gone_or_was_never_there_is_not_named(session, walk, look, district):
    desk = district.intake
    with pytest.raises(NotAble):
        assign(walk, look, desk)  # no role for it
    with pytest.raises(NotAble):
        aftercare.assign(session, walk.case, look, account_id=2**31 - 1, by=district.supervisor, now=walk.now)


def test_t17_only_the_named_person_begins_and_ends_it(walk, look, other, district):
    assign(walk, look, other)
    with pytest.raises(NotYourLookBack):
        start(walk, look, district.police_officer)
    start(walk, look, other)
    with pytest.raises(NotYourLookBack):
        confirm(walk, look, district.fire_leader)


def test_t17_not_before_its_time(walk, look, other):
    assign(walk, look, other)
    with pytest.raises(TooEarly):
        start(walk, look, other, now=look.opens_at - timedelta(seconds=1))
    assert start(walk, look, other, now=look.opens_at).state == "visiting"


def test_t6_t17_it_begins_at_the_place_or_says_why_not(walk, look, other):
    assign(walk, look, other)
    for point in (FAR, None):
        with pytest.raises(Incomplete):
            start(walk, look, other, point=point)
    assert start(walk, look, other, point=FAR, reason="道路封闭").distance_m > 200


def test_t17_what_was_found_is_said_and_shown_by_a_new_picture(walk, look, other):
    arrived(walk, look, other)
    with pytest.raises(Incomplete):
        confirm(walk, look, other, findings="  ")
    pictured(walk.session, walk.case, at=look.started_at - DAY, by=other)
    with pytest.raises(Incomplete):
        confirm(walk, look, other)
    pictured(walk.session, walk.case, at=look.started_at, by=other, reused=True)
    with pytest.raises(PictureReused):
        confirm(walk, look, other)
    pictured(walk.session, walk.case, at=look.started_at, by=other)
    assert confirm(walk, look, other).state == "confirmed"


def test_one_who_fell_ill_in_the_middle_is_relieved_and_the_next_begins_anew(walk, look, other, district):
    arrived(walk, look, other)
    assign(walk, look, district.fire_leader)
    assert (walk.case.state, look.state, look.started_at) == ("closed", "due", None)
    with pytest.raises(NotYourLookBack):
        start(walk, look, other)
    assert start(walk, look, district.fire_leader).state == "visiting"
    clock = walk.session.scalars(select(Clock).where(Clock.about_id == look.id)).one()
    assert (clock.org_id, clock.stopped_at) == (district.fire.id, None)


def test_one_look_back_of_a_case_at_a_time(walk, other):
    closed(walk, urgency="immediate")
    first, second = planned(walk)
    arrived(walk, first, other)
    assign(walk, second, other)
    with pytest.raises(UnderWay):
        start(walk, second, other)


def test_a_look_back_that_is_over_or_overtaken_is_not_made(walk, other):
    rebounded(walk)
    (look,) = looks(walk.session, walk.case)
    with pytest.raises(NotInState):
        assign(walk, look, other)
    look.state = "due"
    with pytest.raises(CaseMoved):
        assign(walk, look, other)


def test_to_look_back_at_a_case_is_not_to_handle_it(walk, other):
    """M07: the task that shows a department the case opens none of the acts of handling."""
    closed(walk)
    look = planned(walk)[0]
    assign(walk, look, other)
    police = walk.district.police_officer
    for task in walk.session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.kind != "look_back")):
        task.state = "cancelled" if task.org_id == walk.district.fire.id else task.state
    walk.case.state = "rectifying"
    walk.session.flush()
    with pytest.raises(NotYourBody):
        handling.complete(walk.session, walk.case, statement="x", by=other, now=walk.now)
    make.pictures(walk.session, walk.case, "after", at=walk.now)
    assert handling.complete(walk.session, walk.case, statement="x", by=police, now=walk.now).statement == "x"


def test_pictures_of_a_look_back_are_taken_by_who_makes_it(walk, look, other, district):
    def take(who):
        return handling.add_picture(
            walk.session, walk.case, make.kept(b"\2" * 32), role="look_back", by=who, now=walk.now
        )

    assign(walk, look, other)
    with pytest.raises(MayNotAdd):
        take(other)
    start(walk, look, other)
    for stranger in (walk.town.officer, district.supervisor):
        with pytest.raises(MayNotAdd):
            take(stranger)
    assert take(other).role == "look_back"


def test_the_office_has_it_in_its_queue_and_its_person_is_told(walk, look, other, district):
    assign(walk, look, other)
    asked = walk.session.connection().exec_driver_sql(*queue.page(Filter(), by=other, limit=50))
    (row,) = [row for row in map(queue.row, asked) if row.task_kind == "look_back"]
    assert (row.due_at, row.due_what, row.person_id) == (look.due_at, "look_back", None)
    (told,) = notices(walk.session, "look_back_assigned")
    assert (told.org_id, told.account_id) == (district.fire.id, other.account_id)
    assert [each.id for each, _ in aftercare.waiting(walk.session, by=other, limit=9)] == [look.id]
    assert [each.id for each, _ in aftercare.waiting(walk.session, by=district.supervisor, limit=9)] == [look.id]
    assert aftercare.waiting(walk.session, by=district.police_officer, limit=9) == []


def test_m64_m75_the_town_reads_of_it_when_it_is_over(walk, look, other):
    def read():
        found = handling.dossier(walk.session, walk.case, by=walk.town.leader)
        return {each.kind for each in found.events} & planning, {each.kind for each in found.tasks} & {"look_back"}

    planning = {"look_back_planned", "look_back_assigned"}
    assign(walk, look, other)
    assert read() == (set(), set())
    seen = handling.dossier(walk.session, walk.case, by=walk.district.supervisor)
    assert planning <= {each.kind for each in seen.events}
    start(walk, look, other)
    pictured(walk.session, walk.case, at=look.started_at, by=other)
    confirm(walk, look, other)
    assert read() == (set(), {"look_back"})


def test_an_unknown_look_back_is_not_found(walk, look):
    with pytest.raises(NoSuchLookBack):
        aftercare.find(walk.session, walk.case, walk.case.id)


def test_a_department_may_do_all_of_it_in_the_database_too(session, walk, look, other):
    """Row-level security lets the named officer's office begin, show, end and reopen; and a town see it afterwards."""
    assign(walk, look, other)
    with acting(session, other):
        aftercare.start(session, walk.case, look, arrival=aftercare.Arrival(make.IN_WEST), by=other, now=look.opens_at)
    with acting(session, walk.town.leader):
        assert session.scalars(select(LookBack.id)).all() == []
    with acting(session, other):
        handling.add_picture(session, walk.case, make.kept(b"\3" * 32), role="look_back", by=other, now=look.due_at)
        aftercare.rebound(session, walk.case, look, findings="又堵", by=other, now=look.due_at)
    with acting(session, walk.town.leader):
        assert session.scalars(select(LookBack.state)).all() == ["rebound"]
        assert session.scalars(select(Reopening.cause)).all() == ["rebound"]
    with worker(session):
        reopenings.settle(session, walk.case.id, now=look.due_at)


@contextmanager
def worker(session):
    take_role(session, "jz_worker", {})
    yield
    session.flush()
    session.execute(text("reset role"))
