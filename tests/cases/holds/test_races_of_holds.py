"""Two at once over a hold (T19): one act goes through; and every office does its part in its own database role."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import access, holds
from cases.models.case import Case, CaseEvent, Clock
from cases.models.pause import Hold
from kit.db import take_role
from kit.errors import Stale
from people.actors import Actor
from tests import accepting, make
from tests.cases.enforcing.test_races_beside import acting
from tests.cases.holds.holding import approve, ask
from tests.cases.test_races import at_once
from tests.walk import Walk, all_passed
from workers import clocks as clocks_of_workers

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def asked(committing):
    with committing() as session:
        walk = Walk(session, make.district(session)).completed()
        return walk, ask(walk)


def deciding(committing, walk, hold, verb, *, by: Actor | None = None, now=None):
    by, seen = by or walk.district.supervisor, walk.case.version

    def act():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=by, expected_version=seen)
            found = holds.find_hold(session, case, hold.id)
            verb(session, case, found, comment="x", by=by, now=now or walk.now)

    return act


def test_of_two_deciders_one_decides(committing, asked):
    walk, hold = asked
    told = at_once(*(deciding(committing, walk, hold, verb) for verb in (holds.approve_hold, holds.refuse_hold)))
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        outcome = (session.get_one(Hold, hold.id).state, session.get_one(Case, walk.case.id).state)
        assert outcome in {("active", "on_hold"), ("refused", "acceptance")}


def test_of_two_approvals_one_holds_the_case_and_every_clock_stands_still_once(committing, asked):
    walk, hold = asked
    told = at_once(*(deciding(committing, walk, hold, holds.approve_hold) for _ in range(2)))
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        running = select(func.count()).where(Clock.case_id == walk.case.id, Clock.stopped_at.is_(None))
        assert session.scalar(running) == 0
        assert session.scalar(select(func.count()).where(CaseEvent.kind == "case_held")) == 1


def test_a_case_is_held_or_goes_on_to_be_closed_never_both(committing, asked):
    walk, hold = asked
    colleague, seen = walk.town.colleague, walk.case.version

    def accept():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=colleague, expected_version=seen)
            checks = all_passed(session, case)
            accepting.pass_(session, case, note="x", findings=["x"], checks=checks, by=colleague, now=walk.now)

    told = at_once(deciding(committing, walk, hold, holds.approve_hold), accept)
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        outcome = (session.get_one(Hold, hold.id).state, session.get_one(Case, walk.case.id).state)
        assert outcome in {("active", "on_hold"), ("requested", "closure_review")}


def test_an_officer_and_the_beat_end_a_hold_once(committing, asked):
    walk, hold = asked
    with committing() as session:
        case = session.get_one(Case, walk.case.id, with_for_update=True)
        found = holds.find_hold(session, case, hold.id)
        by = walk.district.supervisor
        holds.approve_hold(session, case, found, comment="", by=by, now=walk.now)
        walk.case.version, over = case.version, found.review_at
        session.flush()

    def beat():
        with committing() as session:
            clocks_of_workers.review_hold(session, walk.case.id, now=over)

    end = deciding(committing, walk, hold, holds.end_hold, now=over - A_SECOND)
    told = at_once(end, beat, beat)
    assert set(told) <= {None, Stale}
    assert told.count(None) >= 2
    with committing() as session:
        assert session.get_one(Hold, hold.id).state == "ended"
        assert session.get_one(Case, walk.case.id).state == "acceptance"
        assert session.scalar(select(func.count()).where(CaseEvent.kind == "case_resumed")) == 1
        again = select(Clock.continues_id).where(Clock.continues_id.is_not(None))
        continued = session.scalars(again).all()
        assert len(continued) == len(set(continued)) > 0


def test_each_does_its_part_in_its_own_database_role(session, walk):
    walk.ordered()
    town, office = walk.town.officer, walk.district.supervisor
    with acting(session, town):
        hold = ask(walk, by=town)
    with acting(session, office):
        approve(walk, hold)
    with acting(session, walk.district.fire_officer):
        seen = holds.open_holds(session, "active", by=walk.district.fire_officer, limit=9)
        assert [each.id for each, _ in seen] == [hold.id]
    with acting(session, walk.district.east.officer):
        assert session.scalars(select(Hold)).all() == []
    with acting(session, office):
        comment = "仍在等待"
        day = hold.review_at.date() + timedelta(days=9)
        holds.renew_hold(session, walk.case, hold, review_on=day, comment=comment, by=office, now=walk.now)
    take_role(session, "jz_worker", {})
    assert list(holds.find_reviewable(session, now=hold.review_at)) == [walk.case.id]
    clocks_of_workers.review_hold(session, walk.case.id, now=hold.review_at)
    session.flush()
    session.connection().exec_driver_sql("reset role")
    assert (hold.state, walk.case.state) == ("ended", "rectifying")
    with acting(session, town):
        asked_again = ask(walk, by=town)
        holds.withdraw_hold(session, walk.case, asked_again, by=town, now=walk.now)
