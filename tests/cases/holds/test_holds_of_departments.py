"""T19, D6, M09: a department asks for a hold of its own answer, and for more time for it; its case goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, handling, holds
from cases.holds.request import HoldAsked
from cases.lifecycle.extension import NotExtendable
from cases.lifecycle.guards import NotYourBody, WrongLevel
from cases.lifecycle.hold import HoldOver, NeverPaused
from cases.lifecycle.machine import NotYourRole
from cases.models.case import CaseEvent, Task
from cases.models.pause import Pause
from people.roles import Role
from tests import desk, make
from tests.cases.holds.holding import approve, ask, held
from tests.walk import Walk
from workers import sweeps

DAY = timedelta(days=1)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


@pytest.fixture
def task(session, ordered):
    return fires_task(session, ordered)


@pytest.fixture
def signed(session, district):
    """One whose department has three working days to answer, so that there is time to ask for more."""
    return Walk(session, district, category="FIR-04").signed()


def fires_task(session, walk):
    theirs = select(Task).where(Task.case_id == walk.case.id, Task.org_id == walk.district.fire.id)
    return session.scalars(theirs).one()


def answer_of(session, walk, task):
    """The running clock of a department's answer, if one runs."""
    return next((each for each in clocks.beside(session, walk.case) if each.task_id == task.id), None)


def asked_by_fire(walk, **facts):
    return ask(walk, by=walk.district.fire_officer, **facts)


def found(session, walk, now):
    sweeps.find_holds(session, now=now)
    holds.review(session, walk.case, now=now)


def more_time(walk, clock, by, more=DAY):
    return handling.request_extension(
        walk.session, walk.case, clock_id=clock.id, new_due_at=clock.due_at + more, reason="鉴定未完成", by=by,
        now=walk.now,
    )  # fmt: skip


# --- a hold


def test_t19_only_its_own_answer_stands_still_and_the_case_goes_on(session, ordered, task):
    clock, state = answer_of(session, ordered, task), ordered.case.state
    left = clock.due_at - ordered.now
    others = {each.id for each in clocks.running(session, ordered.case)}
    hold = asked_by_fire(ordered)
    assert (hold.task_id, answer_of(session, ordered, task)) == (task.id, clock)
    approve(ordered, hold)
    assert (hold.state, ordered.case.state) == ("active", state)
    assert answer_of(session, ordered, task) is None
    assert {each.id for each in clocks.running(session, ordered.case)} == others
    session.refresh(task)
    assert (task.due_at, task.due_what) == (hold.review_at, "hold")
    told = {each.org_id for each in desk.notices(session, "hold_decided")}
    assert told == {ordered.district.fire.id, ordered.district.office.id}
    event = session.scalars(select(CaseEvent).where(CaseEvent.kind == "hold_approved")).one()
    assert event.body["department"] == ordered.district.fire.code

    ordered.now += 5 * DAY
    holds.end_hold(session, ordered.case, hold, comment="鉴定已出", by=ordered.district.supervisor, now=ordered.now)
    again = answer_of(session, ordered, task)
    assert (again.continues_id, ordered.case.state) == (clock.id, state)
    assert left <= again.due_at - ordered.now < left + DAY
    session.refresh(task)
    assert (task.due_at, task.due_what) == (again.due_at, "answer")


def test_t19_it_waits_beside_a_request_of_the_town_and_only_one_of_each(session, ordered, task):
    ask(ordered)
    asked_by_fire(ordered)
    with pytest.raises(HoldAsked):
        asked_by_fire(ordered)
    assert len(holds.open_holds(session, "requested", by=ordered.district.supervisor, limit=9)) == 2


def test_t19_a_department_without_a_live_task_asks_for_none(session, ordered, task):
    elsewhere = make.officer(session, make.org(session, "department", department_kind="gas"), Role.DEPT_OFFICER)
    with pytest.raises(NotYourBody):
        ask(ordered, by=elsewhere)
    task.state = "answered"
    session.flush()
    with pytest.raises(NotYourBody):
        asked_by_fire(ordered)


def test_d6_what_is_immediate_has_none(ordered, task):
    ordered.case.urgency = "immediate"
    with pytest.raises(NeverPaused):
        asked_by_fire(ordered)


def test_t19_once_it_has_answered_the_hold_is_over(session, ordered, task):
    hold = approve(ordered, asked_by_fire(ordered))
    task.state = "answered"
    session.flush()
    found(session, ordered, ordered.now + DAY)
    assert hold.state == "ended"
    assert answer_of(session, ordered, task) is None
    assert session.scalars(select(Pause.to_at).where(Pause.hold_id == hold.id)).one() is not None


def test_t19_a_request_lapses_with_the_task(session, ordered, task):
    hold = asked_by_fire(ordered)
    task.state = "cancelled"
    session.flush()
    with pytest.raises(HoldOver):
        approve(ordered, hold)
    found(session, ordered, ordered.now + DAY)
    assert hold.state == "ended"


def test_d6_the_holds_of_a_case_and_of_a_department_end_into_each_other(session, ordered, task):
    own = asked_by_fire(ordered, days=20)
    approve(ordered, own)
    whole = held(ordered, days=30)
    found(session, ordered, own.review_at)
    assert (own.state, whole.state, ordered.case.state) == ("ended", "active", "on_hold")
    assert answer_of(session, ordered, task) is None  # it waits for the whole now
    found(session, ordered, whole.review_at)
    assert ordered.case.state == "rectifying"
    assert answer_of(session, ordered, task).due_at > whole.review_at


def test_d6_a_department_still_waits_when_the_case_goes_on(session, ordered, task):
    own = asked_by_fire(ordered, days=30)
    approve(ordered, own)
    whole = held(ordered, days=20)
    found(session, ordered, whole.review_at)
    assert (own.state, whole.state) == ("active", "ended")
    assert answer_of(session, ordered, task) is None
    session.refresh(task)
    assert (task.due_at, task.due_what) == (own.review_at, "hold")


# --- more time


def test_d7_a_department_asks_for_its_own_answer_and_its_leader_grants(session, signed):
    task = fires_task(session, signed)
    clock = answer_of(session, signed, task)
    first, fire = clock.due_at, signed.district
    with pytest.raises(NotYourBody):
        more_time(signed, clock, signed.town.officer)
    wish = more_time(signed, clock, fire.fire_officer)
    assert [each.id for each, _ in handling.extensions_to_decide(session, by=fire.fire_leader, limit=9)] == [wish.id]
    for other, refusal in ((fire.fire_officer, NotYourRole), (signed.town.leader, NotYourBody)):
        with pytest.raises(refusal):
            handling.grant_extension(session, signed.case, wish, comment="", by=other, now=signed.now)
    handling.grant_extension(session, signed.case, wish, comment="", by=fire.fire_leader, now=signed.now)
    assert (clock.due_at, clock.original_due_at) == (first + DAY, first)
    session.refresh(task)
    assert task.due_at == first + DAY


def test_d7_what_its_leader_asks_the_safety_office_grants(session, signed):
    wish = more_time(signed, answer_of(session, signed, fires_task(session, signed)), signed.district.fire_leader)
    deputy = make.officer(session, signed.district.fire, Role.DEPT_LEADER)
    with pytest.raises(WrongLevel):
        handling.grant_extension(session, signed.case, wish, comment="", by=deputy, now=signed.now)
    office = signed.district.supervisor
    assert handling.grant_extension(session, signed.case, wish, comment="", by=office, now=signed.now)


def test_d7_a_department_asks_for_no_time_of_the_towns_nor_of_what_is_held(session, signed):
    verify = next(each for each in clocks.running(session, signed.case) if each.kind == "verify")
    with pytest.raises(NotYourBody):
        more_time(signed, verify, signed.district.fire_officer)
    clock = answer_of(session, signed, fires_task(session, signed))
    approve(signed, asked_by_fire(signed))
    with pytest.raises(NotExtendable):
        more_time(signed, clock, signed.district.fire_officer)
