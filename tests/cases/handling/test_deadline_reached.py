"""T13: an order's time is over and nobody has stated anything: it is looked at all the same, and a decision follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, handling
from cases.handling.completion import UNSTATED
from cases.lifecycle.guards import SamePerson
from cases.models.handling import Completion
from cases.models.second_look import DecisionTask
from tests import accepting, make
from tests.desk import entries, notices
from tests.walk import all_passed, order_draft
from workers import clocks as clocks_of_workers

AN_INSTANT = timedelta(microseconds=1)


def due(walk, kind="rectify"):
    return next(each.due_at for each in clocks.running(walk.session, walk.case) if each.kind == kind)


def reach(walk, at):
    walk.now = at
    return handling.reach_deadline(walk.session, walk.case, now=at)


def accept(walk, *, by=None):
    return accepting.pass_(
        walk.session, walk.case, note="已整改", findings=[], checks=all_passed(walk.session, walk.case),
        by=by or walk.town.colleague, now=walk.now,
    )  # fmt: skip


def fail(walk):
    return accepting.fail(
        walk.session, walk.case, note="未整改", findings=["通道仍堵"], checks=[], by=walk.town.colleague, now=walk.now
    )


def test_t13_at_the_deadline_and_not_before_the_case_goes_to_acceptance(session, walk):
    walk.ordered(days=5)
    over = due(walk)
    assert not reach(walk, over - AN_INSTANT)
    assert walk.case.state == "rectifying"
    assert reach(walk, over)
    assert (walk.case.state, entries(session, walk.case)[-1]) == ("acceptance", "deadline_reached")
    statement = session.scalars(select(Completion).where(Completion.case_id == walk.case.id)).one()
    assert (statement.statement, statement.stated_by, statement.stated_at) == (UNSTATED, None, over)
    assert [each.org_id for each in notices(session, "deadline_reached")] == [walk.town.org.id]
    assert not reach(walk, over)  # two beats, one statement


def test_d8_the_missed_clock_and_its_ladder_run_on_until_somebody_has_looked(session, walk):
    """Else a unit that says nothing would be urged less than one that does."""
    walk.ordered(days=5)
    reach(walk, due(walk))
    assert {each.kind for each in clocks.running(session, walk.case)} == {"rectify", "acceptance", "total"}
    fail(walk)
    assert {each.kind for each in clocks.running(session, walk.case)} == {"rectify", "rework", "total"}


def test_m40_unfit_after_the_deadline_a_decision_is_demanded(session, walk):
    walk.ordered(days=5)
    reach(walk, due(walk))
    walk.now += timedelta(hours=3)
    fail(walk)
    task = session.scalars(select(DecisionTask).where(DecisionTask.case_id == walk.case.id)).one()
    assert (walk.case.state, task.why, task.state) == ("rectifying", "after_deadline", "open")
    # While it is open nothing moves: the rework's time does not make a second look out of an undecided case.
    assert not reach(walk, due(walk, "rework"))


def test_t13_who_finds_it_done_though_nobody_said_so_accepts_it(session, walk):
    walk.ordered(days=5)
    reach(walk, due(walk))
    accept(walk)
    assert (walk.case.state, {each.kind for each in clocks.running(session, walk.case)}) == (
        "closure_review",
        {"total"},
    )


def test_m64_the_verifier_does_not_accept_what_nobody_stated(session, walk):
    walk.ordered(days=5)
    reach(walk, due(walk))
    with pytest.raises(SamePerson):
        accept(walk, by=walk.town.officer)


def test_x25_who_concluded_on_another_s_visit_does_not_accept_what_nobody_stated(session, walk):
    """A department went there, and the town's officer only wrote the verdict: a hand in it all the same (C2)."""
    walk.visited()
    handling.propose(
        session, walk.case, outcome="substantiated", summary="属实", qualification="消防法", sanction="",
        by=walk.town.colleague, now=walk.now,
    )  # fmt: skip
    draft = order_draft(due_at=walk.now + timedelta(days=3))
    handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    reach(walk, due(walk))
    with pytest.raises(SamePerson):
        accept(walk, by=walk.town.colleague)
    accept(walk, by=make.deputy(session, walk.town))


def test_t13_what_was_stated_in_time_is_as_it_was(session, walk):
    walk.completed(days=5)
    assert not reach(walk, walk.now + timedelta(days=30))
    accept(walk)


def test_m48_what_was_fixed_on_the_spot_has_no_time_that_could_run_out(session, walk):
    walk.proposed()
    for role in ("before", "after"):
        (shown,) = make.pictures(session, walk.case, role, at=walk.now - 2 * timedelta(hours=1))
        assert shown.role == role
    draft = order_draft(due_at=None, fixed_on_spot=True)
    handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    assert walk.case.state == "acceptance"
    assert entries(session, walk.case)[-2:] == ["ordered", "completed"]
    stated = session.scalars(select(Completion).where(Completion.case_id == walk.case.id)).one()
    assert (stated.statement, stated.stated_by) == ("现场核查时已当场整改完毕", walk.town.officer.account_id)
    assert {each.kind for each in clocks.running(session, walk.case)} == {"acceptance", "total"}
    clocks_of_workers.climb(session, walk.case.id, now=walk.now)
    assert not notices(session, "overdue")
    assert not reach(walk, walk.now + timedelta(days=1))


def test_d7_an_extension_moves_the_deadline(session, walk):
    walk.ordered(days=5)
    over = due(walk)
    clock = next(each for each in clocks.running(session, walk.case) if each.kind == "rectify")
    clock.due_at = over + timedelta(days=3)
    session.flush()
    assert not reach(walk, over)
    assert reach(walk, over + timedelta(days=3))


def test_the_sweep_that_climbs_the_ladder_takes_it_there(session, walk):
    walk.ordered(days=5)
    over = due(walk)
    clocks_of_workers.climb(session, walk.case.id, now=over)
    assert (walk.case.state, entries(session, walk.case).count("deadline_reached")) == ("acceptance", 1)
