"""D6: under a hold the clocks of the handling stand still, on record, and go on with what was left of them."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cases import clocks, disputes, enforcing, handling, holds, policy, routing, supervision
from cases.deadlines import continued, end_of
from cases.disputes.requests import Plea
from cases.models.case import Clock, Task
from cases.models.pause import Pause
from cases.models.policy import CalendarDay, CalendarYear
from cases.models.supervision import Escalation
from tests import desk, make
from tests.cases.handling.test_extensions import ask as ask_more_time
from tests.cases.handling.test_extensions import grant, the_clock
from tests.cases.holds.holding import held, the_day
from tests.enforcement import Bureau
from tests.make import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


def running(walk):
    return [*clocks.running(walk.session, walk.case), *clocks.beside(walk.session, walk.case)]


def stopped_by(walk, hold):
    return {clock.id: clock for clock in walk.session.scalars(select(Clock).where(Clock.hold_id == hold.id))}


def let_go(walk, hold, at):
    return holds.end_hold(walk.session, walk.case, hold, comment="x", by=walk.district.supervisor, now=at)


def test_d6_every_clock_of_the_handling_stands_still_with_its_interval_on_record(session, ordered):
    before = {clock.id: (clock.kind, clock.due_at) for clock in running(ordered)}
    assert {kind for kind, _ in before.values()} == {"rectify", "total", "answer"}
    hold = held(ordered)
    assert running(ordered) == []
    assert {key: (clock.kind, clock.due_at) for key, clock in stopped_by(ordered, hold).items()} == before
    intervals = session.scalars(select(Pause).where(Pause.case_id == ordered.case.id)).all()
    assert {row.clock_id: row.due_before for row in intervals} == {key: due_at for key, (_, due_at) in before.items()}
    assert {(row.hold_id, row.from_at, row.to_at, row.due_after) for row in intervals} == {
        (hold.id, ordered.now, None, None)
    }


def test_d6_each_goes_on_as_a_new_clock_that_names_the_old_one(session, ordered):
    hold = held(ordered)
    old = stopped_by(ordered, hold)
    at = ordered.now + 20 * DAY
    let_go(ordered, hold, at)
    new = running(ordered)
    assert {clock.continues_id for clock in new} == set(old)
    for clock in new:
        before, interval = old[clock.continues_id], session.get_one(Pause, clock.continues_id)
        assert (interval.to_at, interval.due_before, interval.due_after) == (at, before.due_at, clock.due_at)
        assert at - clock.started_at == ordered.now - before.started_at
        for name in ("kind", "task_id", "org_id", "profile_id", "amount", "unit", "extended_at"):
            assert getattr(clock, name) == getattr(before, name)
    main = session.scalars(select(Task).where(Task.case_id == ordered.case.id, Task.kind == "town")).one()
    session.refresh(main)
    rectify = the_clock(ordered)
    assert (main.due_what, main.due_at) == ("rectify", rectify.due_at)
    assert rectify.due_at - at == old[rectify.continues_id].due_at - ordered.now
    tasks = {task.id: task for task in session.scalars(select(Task).where(Task.case_id == ordered.case.id))}
    for clock in clocks.beside(session, ordered.case):
        session.refresh(tasks[clock.task_id])
        assert (tasks[clock.task_id].due_what, tasks[clock.task_id].due_at) == ("answer", clock.due_at)


@given(wait=st.integers(0, 20 * 24 * 60), stood=st.integers(1, 90 * 24 * 60 - 1))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_d6_d9_no_clock_of_any_kind_wins_or_loses_time_by_a_hold(ordered, wait, stood):
    """Whatever runs when it is held, in hours, working days or until a date, in time or late."""
    kinds = ("sign", "verify", "verdict_review", "acceptance", "referral_accept")
    before_it, nested = ordered.now, ordered.session.begin_nested()
    try:
        for kind in kinds:
            clocks.start(ordered.session, ordered.case, kind, now=before_it)
        ordered.now = from_at = before_it + timedelta(minutes=wait)
        hold = held(ordered, days=90)
        old, at = stopped_by(ordered, hold), from_at + timedelta(minutes=stood)
        assert {*kinds, "rectify", "total", "answer"} == {clock.kind for clock in old.values()}
        let_go(ordered, hold, at)
        calendar = policy.calendar(ordered.session, NOW)
        for clock in running(ordered):
            was = old[clock.continues_id]
            due = continued(was.due_at, was.unit, calendar, paused_at=from_at, resumed_at=at)
            assert clock.due_at == due.due_at
            assert clock.due_at >= at if was.due_at > from_at else at - clock.due_at == from_at - was.due_at
    finally:
        ordered.now = before_it
        nested.rollback()
        ordered.session.expire_all()


def test_d6_what_the_law_counts_and_what_lies_beside_the_case_runs_on(session, district, walk):
    bureau = Bureau(session, district)
    walk.ordered()
    measure = bureau.in_force(walk.case)
    enforcing.request_lift(session, walk.case, measure, application="x", by=bureau.first, now=NOW)
    bureau.filed(walk.case)
    held(walk)
    assert {clock.kind for clock in running(walk)} == {"acceptance_suspended", "penalty"}
    assert all(clock.about_id is not None for clock in running(walk))


def test_d5_the_safety_office_does_not_stop_its_own_time(session, district, walk):
    walk.signed()
    plea = Plea("not_my_duty", "x", proposed_org_id=district.police.id)
    disputes.ask_return(session, walk.case, plea=plea, by=district.fire_officer, now=walk.now)
    held(walk)
    assert [clock.kind for clock in running(walk)] == ["arbitrate"]


def test_d6_a_task_that_is_answered_while_it_is_held_waits_for_nothing_afterwards(session, ordered):
    hold = held(ordered)
    handling.answer_task(session, ordered.case, text="已配合", by=ordered.district.fire_officer, now=ordered.now)
    let_go(ordered, hold, ordered.now + DAY)
    assert {clock.org_id for clock in clocks.beside(session, ordered.case)} == {ordered.district.police.id}
    done = session.scalars(select(Pause).where(Pause.due_after.is_(None))).one()
    assert done.to_at == ordered.now + DAY


def test_d6_a_department_that_is_brought_in_meanwhile_waits_like_the_rest(session, ordered):
    hold = held(ordered)
    health = make.org(session, "department", department_kind="health")
    at, by = ordered.now + DAY, ordered.district.supervisor
    task = routing.involve(session, ordered.case, health, goal="x", why="permit", by=by, now=at)
    session.refresh(task)
    assert running(ordered) == []
    assert (task.due_at, task.due_what) == (hold.review_at, "hold")
    let_go(ordered, hold, at + DAY)
    session.refresh(task)
    assert (task.due_what, task.due_at) == ("answer", next(c.due_at for c in running(ordered) if c.task_id == task.id))


def test_d7_an_extension_stays_used_up_and_both_dates_move(session, ordered):
    grant(ordered, ask_more_time(ordered))
    before = the_clock(ordered)
    hold = held(ordered)
    let_go(ordered, hold, ordered.now + 20 * DAY)
    clock = the_clock(ordered)
    assert clock.extended_at == before.extended_at is not None
    assert clock.due_at - before.due_at == clock.original_due_at - before.original_due_at == 20 * DAY


def test_t10_what_a_verdict_review_sends_back_has_the_time_that_was_left_after_the_hold(session, walk):
    walk.visited()
    hold = held(walk)
    walk.now += 20 * DAY
    let_go(walk, hold, walk.now)
    due_at = the_clock(walk, "verify").due_at
    walk.propose_again()
    left = due_at - walk.now
    handling.return_verdict(session, walk.case, comment="x", by=walk.town.leader, now=walk.now + HOUR)
    assert the_clock(walk, "verify").due_at == walk.now + HOUR + left


def test_d8_nothing_is_told_late_while_it_is_held_and_nothing_twice_afterwards(session, ordered):
    late = the_clock(ordered).due_at + DAY
    supervision.climb(session, ordered.case, now=late)
    told = session.execute(select(Escalation.clock_id, Escalation.rung)).all()
    assert "alert" in {rung for _, rung in told}
    ordered.now = late
    hold = held(ordered, days=80)
    supervision.climb(session, ordered.case, now=late + 70 * DAY)
    assert session.execute(select(Escalation.clock_id, Escalation.rung)).all() == told
    let_go(ordered, hold, late + 70 * DAY)
    supervision.climb(session, ordered.case, now=late + 70 * DAY + HOUR)
    lines = {clock.id: clock.continues_id or clock.id for clock in session.scalars(select(Clock))}
    after = session.execute(select(Escalation.clock_id, Escalation.rung)).all()
    rungs = [(lines[clock_id], rung) for clock_id, rung in after]
    assert len(rungs) == len(set(rungs))
    assert set(told) <= set(rungs)


def test_d2_a_continued_deadline_is_counted_again_when_its_calendar_is_known(session, walk):
    walk.now = end_of(NOW.date().replace(month=12, day=15))
    walk.signed()
    clocks.start(session, walk.case, "acceptance", now=walk.now)  # three working days
    hold = held(walk, days=20)
    let_go(walk, hold, walk.now + 14 * DAY)  # what is left runs into a year whose calendar is not published
    clock = the_clock(walk, "acceptance")
    assert (clock.unit, clock.provisional) == ("work_d", True)
    shown = clock.due_at
    session.merge(CalendarYear(year=2027, published=True, source="tests"))
    session.add(CalendarDay(day=date(2027, 1, 4), kind="rest", name="元旦", source="tests"))
    session.flush()
    assert walk.case.id in supervision.find_recountable(session, now=walk.now)
    supervision.recount(session, walk.case, now=walk.now)
    assert (clock.provisional, clock.due_at) == (False, shown + DAY)


# --- what time does


def test_t19_at_its_review_date_it_ends_by_itself_and_the_clocks_run_from_then(session, ordered):
    """D6: a beat that was dead for two days gives nobody two days."""
    hold = held(ordered, days=30)
    left = next(c for c in stopped_by(ordered, hold).values() if c.kind == "rectify").due_at - ordered.now
    holds.review(session, ordered.case, now=hold.review_at - timedelta(microseconds=1))
    assert (hold.state, ordered.case.state) == ("active", "on_hold")
    for _ in range(2):
        holds.review(session, ordered.case, now=hold.review_at + 2 * DAY)
    assert (hold.state, hold.ended_by, hold.ended_at) == ("ended", None, hold.review_at)
    assert ordered.case.state == "rectifying"
    assert the_clock(ordered).due_at == hold.review_at + left


def test_t19_its_offices_are_told_once_that_the_review_is_near_and_anew_for_a_new_date(session, ordered):
    hold = held(ordered, days=30)
    near = hold.review_at - 3 * DAY
    holds.review(session, ordered.case, now=near - timedelta(seconds=1))
    assert desk.notices(session, "hold_review_near") == []
    for _ in range(2):
        holds.review(session, ordered.case, now=near)
    offices = [each.org_id for each in desk.notices(session, "hold_review_near")]
    everybody = {ordered.town.org.id, ordered.district.fire.id, ordered.district.police.id, ordered.district.office.id}
    assert set(offices) == everybody
    assert len(offices) == len(everybody)
    by, day = ordered.district.supervisor, the_day(ordered, 60)
    holds.renew_hold(session, ordered.case, hold, review_on=day, comment="x", by=by, now=near)
    holds.review(session, ordered.case, now=hold.review_at - 3 * DAY)
    assert len(desk.notices(session, "hold_review_near")) == 2 * len(everybody)
