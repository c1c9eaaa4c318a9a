"""T15, D9: an order was carried out in time if the statement that passed was; one that did not hold saves nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, deadlines, handling, supervision
from cases.ladder import NEVER
from cases.models.case import Clock, Task
from cases.models.handling import Completion
from cases.models.supervision import Escalation, ListingCandidate, UrgeOrder
from tests import accepting
from tests.walk import all_passed
from workers import clocks as jobs

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def fail(walk):
    return accepting.fail(
        walk.session, walk.case, note="未整改", findings=["通道仍堵"], by=walk.town.colleague, now=walk.now
    )


def pass_(walk):
    return accepting.pass_(
        walk.session, walk.case, note="合格", findings=[], checks=all_passed(walk.session, walk.case),
        by=walk.town.colleague, now=walk.now,
    )  # fmt: skip


def account(walk, kind="rectify"):
    """The newest clock of the order."""
    found = select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == kind).order_by(Clock.id.desc())
    return walk.session.scalars(found.limit(1)).one()


def late(walk):
    clock = account(walk)
    return deadlines.is_late(clock.stopped_at, clock.due_at)


def stated(walk):
    found = select(Completion.stated_at).where(Completion.case_id == walk.case.id).order_by(Completion.stated_at)
    return walk.session.scalars(found).all()


def test_t15_passed_first_time_it_stops_at_the_statement_however_late_it_is_looked_at(walk):
    walk.completed(days=5)
    walk.now += 20 * DAY
    pass_(walk)
    assert [account(walk).stopped_at] == stated(walk)
    assert not late(walk)


def test_d9_a_false_statement_on_the_last_day_does_not_save_what_is_done_after_it(session, walk):
    walk.ordered(days=5)
    due_at = account(walk).due_at
    walk.now = due_at - 3 * HOUR
    walk.complete_again()
    false = walk.now
    assert account(walk).stopped_at == false < due_at
    fail(walk)
    (running,) = [each for each in clocks.running(session, walk.case) if each.kind == "rectify"]
    first = session.get_one(Clock, running.continues_id)
    assert (running.started_at, running.due_at, running.original_due_at) == (
        first.started_at, due_at, first.original_due_at,
    )  # fmt: skip
    walk.now = due_at + HOUR
    walk.complete_again()
    pass_(walk)
    assert account(walk).stopped_at == stated(walk)[-1] > due_at
    assert late(walk)
    rework = account(walk, "rework")
    assert not deadlines.is_late(rework.stopped_at, rework.due_at)  # in time by the time it was given


def test_t15_what_failed_early_and_was_done_before_the_date_is_in_time(walk):
    walk.completed(days=10)
    fail(walk)
    walk.complete_again()
    pass_(walk)
    assert account(walk).stopped_at == stated(walk)[-1]
    assert not late(walk)


def test_t15_each_failure_opens_it_again(session, walk):
    walk.completed(days=10)
    for _ in range(2):
        fail(walk)
        assert account(walk).stopped_at is None
        walk.case.rework_count = 0  # else a decision would be due (M40)
        walk.complete_again()
    pass_(walk)
    rows = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "rectify")).all()
    assert sorted(each.stopped_at for each in rows) == stated(walk)
    assert len({each.started_at for each in rows}) == 1


def test_d7_an_end_that_was_extended_stays_so_with_the_first_beside_it(session, walk):
    walk.ordered(days=5)
    clock = account(walk)
    first = clock.due_at
    clock.extended_at, clock.due_at = walk.now, first + 2 * DAY
    session.flush()
    walk.complete_again()
    fail(walk)
    again = account(walk)
    assert (again.due_at, again.original_due_at, again.extended_at) == (first + 2 * DAY, first, clock.extended_at)


def test_t13_what_nobody_stated_runs_on_beside_its_rework_until_somebody_does(session, walk):
    walk.ordered(days=5)
    clock = account(walk)
    walk.now = clock.due_at
    assert handling.reach_deadline(session, walk.case, now=walk.now)
    fail(walk)
    assert account(walk).id == clock.id
    assert clock.stopped_at is None


@pytest.fixture
def again(walk):
    """Stated and found false an hour before the end of the order: its rework has days yet."""
    walk.ordered(days=10)
    clocks.stop(walk.session, walk.case, "total", now=walk.now)
    walk.now = account(walk).due_at - 3 * HOUR
    walk.complete_again()
    fail(walk)
    return walk


def test_t14_a_queue_shows_until_when_it_is_to_be_done_again(session, again):
    rework = account(again, "rework")
    task = session.scalars(select(Task).where(Task.case_id == again.case.id, Task.kind == "town")).one()
    assert (task.due_what, task.due_at) == ("rework", rework.due_at)
    assert account(again).due_at < rework.due_at


def test_t13_its_date_is_the_reworks_and_not_the_orders(session, again):
    over, rework = account(again).due_at, account(again, "rework").due_at
    assert not handling.reach_deadline(session, again.case, now=over)
    assert not handling.reach_deadline(session, again.case, now=rework - HOUR)
    assert handling.reach_deadline(session, again.case, now=rework)


def test_d8_one_matter_is_urged_by_one_time_alone(session, again):
    """Else the second 督办单 would come from the same lateness as the first, and list the case (D8, M111)."""
    rework = account(again, "rework")
    for days in (0, 1, 3, 5):
        jobs.climb(session, again.case.id, now=account(again).due_at + days * DAY)
    assert account(again).ladder_at == NEVER
    fired = select(Escalation.rung).where(Escalation.clock_id == account(again).id)
    assert session.scalars(fired).all() == []
    again.case.state = "rectifying"
    supervision.climb(session, again.case, now=rework.due_at + 8 * DAY)
    orders = session.execute(select(UrgeOrder.level, UrgeOrder.clock_id).where(UrgeOrder.org_id == again.town.org.id))
    of_it = [level for level, clock_id in orders if clock_id in {rework.id, account(again).id}]
    assert of_it.count("urge_order") == 1
    assert session.scalars(select(ListingCandidate.reason)).all() == []
