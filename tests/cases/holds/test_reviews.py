"""T19, D6: what the beat finds of holds, once each; what nobody may approve lapses; 特急 is let go at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import disputes, enforcing, holds, routing
from cases.disputes.requests import Plea
from cases.journey import Kind
from cases.models.case import Case
from cases.models.job import Job
from cases.models.pause import Hold
from cases.models.policy import PolicyValue
from tests import desk, make
from tests.cases.holds.holding import approve, ask, held
from tests.enforcement import Bureau
from workers import clocks as clocks_of_workers
from workers import sweeps

DAY = timedelta(days=1)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


def jobs(session):
    return session.scalars(select(Job.subject).where(Job.step == "review_hold", Job.done_at.is_(None))).all()


def sweep(session, now):
    """Find, do, and look again: what is left is for nobody."""
    sweeps.find_holds(session, now=now)
    sweeps.find_holds(session, now=now)
    found = jobs(session)
    for case_id in found:
        clocks_of_workers.review_hold(session, case_id, now=now)
    session.execute(update(Job).where(Job.step == "review_hold").values(done_at=now))
    session.flush()
    sweeps.find_holds(session, now=now)
    assert jobs(session) == []
    return found


def test_the_beat_finds_a_hold_near_its_review_and_at_it_once_each(session, ordered):
    hold = held(ordered, days=30)
    assert sweep(session, hold.review_at - 4 * DAY) == []
    assert sweep(session, hold.review_at - 3 * DAY) == [ordered.case.id]
    assert (hold.state, hold.told_at) == ("active", hold.review_at - 3 * DAY)
    assert sweep(session, hold.review_at - DAY) == []
    assert sweep(session, hold.review_at) == [ordered.case.id]
    assert (hold.state, ordered.case.state) == ("ended", "rectifying")


def test_x32_how_long_before_the_review_its_offices_are_told_is_policy(session, ordered):
    hold = held(ordered, days=30)
    make.value(session, "hold_notice_days", 10)
    assert sweep(session, hold.review_at - 10 * DAY) == [ordered.case.id]
    assert session.scalars(select(PolicyValue.version).where(PolicyValue.key == "hold_notice_days")).all() == [1, 2]


def lapsing(walk):
    """What may befall a case whose request waits."""
    yield "immediate", {"urgency": "immediate"}
    yield "another body", {"responsible_org_id": walk.district.east.org.id}
    for state in ("closure_review", "closed", "look_back", "void"):
        yield state, {"state": state}


def test_t19_a_request_that_nobody_may_approve_any_more_lapses(session, ordered):
    for what, facts in lapsing(ordered):
        nested = session.begin_nested()
        hold = ask(ordered)
        session.execute(update(Case).where(Case.id == ordered.case.id).values(facts))
        session.refresh(ordered.case)
        assert sweep(session, ordered.now) == [ordered.case.id], what
        assert (hold.state, hold.ended_by) == ("ended", None), what
        assert desk.entries(session, ordered.case)[-1] == "hold_lapsed", what
        nested.rollback()
        session.expire_all()
    hold = ask(ordered, days=5)
    assert sweep(session, hold.review_at - timedelta(seconds=1)) == []
    assert sweep(session, hold.review_at) == [ordered.case.id]
    assert hold.state == "ended"
    assert [each.account_id for each in desk.notices(session, "hold_decided")] == [ordered.town.officer.account_id]


def test_t19_a_request_waits_while_its_case_is_elsewhere_for_a_time(session, walk):
    walk.signed()
    hold = ask(walk)
    plea = Plea("not_my_territory", "x", proposed_org_id=walk.district.east.org.id)
    disputes.ask_return(session, walk.case, plea=plea, by=walk.town.clerk, now=walk.now)
    assert sweep(session, walk.now) == []
    assert hold.state == "requested"


def test_d6_a_held_case_that_becomes_immediate_is_let_go_at_once(session, district, walk):
    """M41: the unit works on in spite of its suspension, while the case waits for a court."""
    bureau = Bureau(session, district)
    walk.ordered()
    measure = bureau.in_force(walk.case)
    hold = held(walk)
    at = walk.now + 3 * DAY
    enforcing.breached(session, walk.case, measure, facts="仍在生产", by=bureau.first, now=at)
    assert walk.case.id in jobs(session)  # in the same transaction: nobody waits for the beat
    clocks_of_workers.review_hold(session, walk.case.id, now=at)
    assert (hold.state, hold.ended_at, walk.case.state, walk.case.urgency) == ("ended", at, "rectifying", "immediate")
    assert Kind.CASE_RESUMED in desk.entries(session, walk.case)


def test_a_review_of_a_case_without_a_hold_changes_nothing(session, ordered):
    approve(ordered, ask(ordered))
    hold = session.scalars(select(Hold)).one()
    holds.end_hold(session, ordered.case, hold, comment="x", by=ordered.district.supervisor, now=ordered.now)
    before = desk.entries(session, ordered.case)
    holds.review(session, ordered.case, now=ordered.now + 90 * DAY)
    assert desk.entries(session, ordered.case) == before


def test_d6_what_is_learned_to_be_immediate_is_let_go_without_waiting_for_the_beat(session, walk):
    """A report that joins a held case may tell it; a tag is not the only way to become 特急."""
    walk.case = make.case(session, category="FIR-03")
    walk.ordered(days=10)
    held(walk, days=30)
    assert routing.learn(session, walk.case, "flammables", facts="存有汽油", by=walk.district.intake, now=walk.now)
    assert (walk.case.urgency, walk.case.state) == ("immediate", "on_hold")
    assert jobs(session) == [walk.case.id]
    clocks_of_workers.review_hold(session, walk.case.id, now=walk.now)
    assert walk.case.state == "rectifying"
