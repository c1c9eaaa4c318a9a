"""M40, T14: a hazard that is still there after its time is decided about, and what is decided is begun."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import aftercare, clocks, enforcing, handling, policy
from cases.deadlines import rework_limit
from cases.enforcing import ConsequenceDraft, NoSuchDecision
from cases.lifecycle import closing
from cases.lifecycle.decision import NoMeasure, Undecided
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import Clock
from cases.models.handling import Order, Visit
from cases.models.second_look import DecisionTask
from cases.policy import UnknownReason
from people.actors import SYSTEM
from tests import accepting, desk, make
from tests.enforcement import Bureau, referral
from tests.walk import all_passed, order_draft
from workers import clocks as jobs
from workers import sweeps

A_DAY = timedelta(days=1)


def fail(walk, now=None):
    by = accepting.acceptor(walk.session, walk.case, walk.town.colleague)
    return accepting.fail(walk.session, walk.case, note="未清理", findings=["通道仍堵"], by=by, now=now or walk.now)


def _limit(walk, key):
    return policy.limit_of_value(walk.session, key, walk.now, urgency=walk.case.urgency)


def demanded(walk):
    return walk.session.scalars(select(DecisionTask).where(DecisionTask.case_id == walk.case.id)).all()


@pytest.fixture
def undecided(walk):
    """A case that failed twice, with the demand that follows."""
    walk.completed()
    fail(walk)
    walk.complete_again()
    fail(walk)
    (task,) = demanded(walk)
    return task


@pytest.fixture
def bureau(session, district, walk, undecided):
    made = Bureau(session, district)
    make.task(session, walk.case, made.org, kind="lead")
    return made


def refer(**facts):
    parts = {
        "choice": "refer",
        "ground": None,
        "basis": "安全生产法第六十九条",
        "reason": "两次不合格",
        "referral": referral(),
    }
    return ConsequenceDraft(**(parts | facts))


def stop(measure, **facts):
    parts = {"choice": "suspend", "ground": "major_hazard", "basis": "安全生产法", "reason": "两次不合格"}
    return ConsequenceDraft(**(parts | {"measure_id": measure.id if measure else None} | facts))


def decide(walk, task, draft, by=None):
    return enforcing.decide_after_failure(walk.session, walk.case, task, draft, by=by or walk.town.leader, now=walk.now)


def line(walk):
    (found,) = [state for state in closing.panel(walk.session, walk.case) if state.code == "G-DEC"]
    return found


def test_t14_a_first_failure_in_time_gives_half_of_the_order_and_demands_nothing(walk):
    walk.completed(days=10)
    fail(walk)
    order = walk.session.scalars(select(Order).where(Order.case_id == walk.case.id)).one()
    (rework,) = [each for each in clocks.running(walk.session, walk.case) if each.kind == "rework"]
    assert rework.due_at == rework_limit(order.issued_at, order.due_at, now=walk.now, share=0.5)
    assert demanded(walk) == []


def fixed_on_the_spot(walk):
    walk.proposed()
    visit = walk.session.scalars(select(Visit).where(Visit.case_id == walk.case.id)).one()
    make.pictures(walk.session, walk.case, "before", "after", at=visit.started_at)
    draft = order_draft(due_at=None, fixed_on_spot=True)
    handling.order(walk.session, walk.case, draft=draft, by=walk.town.leader, now=walk._tick())


def test_t14_what_was_fixed_on_the_spot_gets_the_time_that_policy_gives(walk, session):
    fixed_on_the_spot(walk)
    fail(walk)
    (rework,) = [each for each in clocks.running(session, walk.case) if each.kind == "rework"]
    assert rework.due_at == clocks.ends(session, _limit(walk, "rework_on_spot"), now=walk.now).due_at
    assert rework.due_at > walk.now
    assert demanded(walk) == []  # it had no time that could be over


def test_m40_what_was_fixed_on_the_spot_has_failed_for_good_once_its_rework_is_over(walk, session):
    fixed_on_the_spot(walk)
    fail(walk)
    (over,) = [each.due_at for each in clocks.running(session, walk.case) if each.kind == "rework"]
    assert handling.reach_deadline(session, walk.case, now=over)
    fail(walk, now=over)
    assert [task.why for task in demanded(walk)] == ["second_failure"]


def test_t18_m40_what_was_fixed_on_the_spot_has_a_deadline_once_it_is_opened_again(walk, session):
    """The reopening gives it a date: at that date it is looked at, unfit it is decided about, rework is half of it."""
    fixed_on_the_spot(walk)
    accepting.pass_(
        session, walk.case, note="合格", findings=[], checks=all_passed(session, walk.case), by=walk.town.colleague,
        now=walk._tick(),
    )  # fmt: skip
    walk.delivered()
    handling.close(session, walk.case, note="办结", by=walk.town.leader, now=walk._tick())
    at = walk._tick()
    found = aftercare.Grounds("rebound", "又被堵", due_at=at + 4 * A_DAY)
    aftercare.reopen(session, walk.case, found, by=SYSTEM, now=at)
    assert not handling.reach_deadline(session, walk.case, now=at + 4 * A_DAY - timedelta(seconds=1))
    assert handling.reach_deadline(session, walk.case, now=at + 4 * A_DAY)
    fail(walk, now=at + 5 * A_DAY)
    assert [task.why for task in demanded(walk)] == ["after_deadline"]
    (rework,) = [each for each in clocks.running(session, walk.case) if each.kind == "rework"]
    assert rework.due_at == at + 7 * A_DAY


def test_m40_a_failure_after_the_deadline_demands_a_decision_with_its_own_deadline(walk):
    walk.completed(days=10)
    late = walk.now + 11 * A_DAY
    fail(walk, now=late)
    (task,) = demanded(walk)
    assert (task.why, task.state, task.opened_at) == ("after_deadline", "open", late)
    assert task.due_at == clocks.ends(walk.session, _limit(walk, "decision_limit"), now=late).due_at
    (clock,) = [each for each in clocks.beside(walk.session, walk.case) if each.kind == "decision"]
    assert (clock.due_at, clock.org_id, clock.about_id) == (task.due_at, walk.town.org.id, task.id)


def test_m40_a_second_failure_demands_one_and_until_then_nothing_counts_as_carried_out(walk, undecided):
    assert (undecided.why, walk.case.state) == ("second_failure", "rectifying")
    assert (line(walk).holds, line(walk).reason) == (False, "decision_open")
    with pytest.raises(Undecided) as refusal:
        walk.complete_again()
    assert refusal.value.extra["link"].endswith("#/decisions")


def test_m40_to_refer_is_to_refer_in_the_same_act(walk, undecided):
    for without in (None, referral(scope="penalty")):
        nested = walk.session.begin_nested()
        with pytest.raises(Incomplete):
            decide(walk, undecided, refer(referral=without))
        nested.rollback()
    decide(walk, undecided, refer())
    assert (undecided.state, undecided.choice, walk.case.state) == ("decided", "refer", "referred")
    assert line(walk).holds
    assert "decision" not in {each.kind for each in clocks.beside(walk.session, walk.case)}
    with pytest.raises(NotInState):
        decide(walk, undecided, refer())


def test_t13_a_date_that_came_while_nothing_was_decided_is_looked_at_once_it_is(walk, undecided, bureau, session):
    """Every rung was told long ago: nothing else would wake the sweep."""
    measure = bureau.proposed(walk.case)
    walk.now += 60 * A_DAY
    jobs.climb(session, walk.case.id, now=walk.now)
    assert walk.case.state == "rectifying"
    session.flush()
    assert not climbs(session, walk.now)
    decide(walk, undecided, stop(measure))
    assert climbs(session, walk.now)
    jobs.climb(session, walk.case.id, now=walk.now)
    assert walk.case.state == "acceptance"


def climbs(session, now):
    """Whether the sweep finds something to look at."""
    before = len(desk.jobs(session, "climb"))
    sweeps.find_overdue(session, now=now)
    return len(desk.jobs(session, "climb")) > before


@pytest.mark.parametrize(("choice", "type_code"), [("suspend", "suspension"), ("close", "closure")])
def test_m40_m49_to_stop_needs_its_measure_and_a_ground(walk, undecided, bureau, choice, type_code):
    for measure in (None, bureau.proposed(walk.case, "sealing")):
        with pytest.raises(NoMeasure):
            decide(walk, undecided, stop(measure, choice=choice))
    right = bureau.proposed(walk.case, type_code)
    for ground in (None, "convenience"):
        with pytest.raises(UnknownReason):
            decide(walk, undecided, stop(right, choice=choice, ground=ground))
    for silent in ({"basis": " "}, {"reason": " "}):
        with pytest.raises(Incomplete):
            decide(walk, undecided, stop(right, choice=choice, **silent))
    decide(walk, undecided, stop(right, choice=choice))
    assert (undecided.choice, undecided.ground, undecided.decided_by) == (
        choice, "major_hazard", walk.town.leader.account_id,
    )  # fmt: skip
    assert walk.case.state == "rectifying"
    walk.complete_again()


def test_m40_a_suspension_is_no_closure(walk, undecided, bureau):
    with pytest.raises(NoMeasure):
        decide(walk, undecided, stop(bureau.proposed(walk.case, "suspension"), choice="close"))


def test_m40_what_is_decided_and_then_dropped_is_not_decided(walk, undecided, bureau):
    measure = bureau.proposed(walk.case)
    decide(walk, undecided, stop(measure))
    assert line(walk).holds
    enforcing.drop(walk.session, walk.case, measure, note="算了", by=bureau.leader, now=walk.now)
    assert (line(walk).holds, line(walk).reason) == (False, "decision_not_followed")
    with pytest.raises(Undecided):
        walk.complete_again()
    bureau.proposed(walk.case)  # begun anew
    assert line(walk).holds
    with pytest.raises(NoMeasure):
        decide(walk, reopened(undecided), stop(measure))


def reopened(task):
    task.state = "open"
    return task


def test_m40_only_a_leader_of_a_body_that_has_the_case_decides(walk, undecided):
    for other in (walk.town.officer, walk.town.clerk, walk.district.supervisor, walk.district.intake):
        with pytest.raises(NotYourRole):
            decide(walk, undecided, refer(), by=other)
    with pytest.raises(NotYourBody):
        decide(walk, undecided, refer(), by=walk.district.east.leader)
    assert undecided.state == "open"


def test_a_decision_of_another_case_is_not_found(walk, undecided, session):
    other = make.case(session, walk.town.org, state="rectifying")
    with pytest.raises(NoSuchDecision):
        enforcing.find_decision(session, other, undecided.id)


def test_d8_d9_time_that_goes_on_after_a_return_is_the_same_time(walk, session):
    walk.proposed()
    first = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "verify")).one()
    first.extended_at = walk.now
    handling.return_verdict(session, walk.case, comment="补充", by=walk.town.leader, now=walk.now)
    (again,) = [each for each in clocks.running(session, walk.case) if each.kind == "verify"]
    assert (again.continues_id, again.extended_at) == (first.id, first.extended_at)
    assert again.due_at - walk.now == first.due_at - first.stopped_at
