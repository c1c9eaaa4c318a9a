"""T11, T13, X53: while a case is handed over no time of it runs against its town; taken back, its date is looked at."""

import pytest
from sqlalchemy import select

from cases import clocks, enforcing, supervision
from cases.models.case import Clock, Notice
from cases.models.job import Job
from cases.models.supervision import BulletinEntry, Escalation, Interview, ListingCandidate, UrgeOrder
from tests import make
from tests.cases.supervision.conftest import A_DAY, DUE
from tests.enforcement import Bureau, referral
from tests.make import NOW
from workers import clocks as jobs
from workers import sweeps

LONG_AFTER = DUE + 30 * A_DAY
OWN = ("verify", "rectify", "rework", "acceptance", "close", "total")


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


@pytest.fixture
def police(session, district):
    return Bureau(session, district, district.police)


@pytest.fixture
def running(bureau, session, district):
    """A case of the western town with one clock that ends at DUE."""

    def _running(kind, state="rectifying"):
        case = make.case(session, district.west.org, state=state, outcome="substantiated", urgency="normal")
        make.task(session, case, bureau.org, kind="lead")
        clocks.start_until(session, case, kind, due_at=DUE, now=NOW - A_DAY)
        return case

    return _running


def hand_over(session, case, bureau, to, **facts):
    return enforcing.refer(session, case, referral(to, **facts), by=bureau.leader, now=NOW)


def urged(session, case):
    """Whom the ladder has urged because of a clock of the case itself."""
    own = select(UrgeOrder.org_id).join(Clock, Clock.id == UrgeOrder.clock_id)
    return set(
        session.scalars(own.where(UrgeOrder.case_id == case.id, Clock.about_id.is_(None), Clock.task_id.is_(None)))
    )


@pytest.mark.parametrize("kind", OWN)
def test_x53_each_time_of_a_case_that_was_handed_over_runs_against_whoever_has_it(
    session, district, bureau, running, kind
):
    case = running(kind)
    hand_over(session, case, bureau, district.police)
    supervision.climb(session, case, now=LONG_AFTER)
    assert urged(session, case) == {district.police.id}
    named = [set(session.scalars(select(table.org_id))) for table in (Interview, BulletinEntry)]
    assert named == [{district.police.id}] * 2
    assert session.scalars(select(ListingCandidate)).all() == []
    assert district.west.leader.account_id not in session.scalars(select(Notice.account_id)).all()
    words = session.scalars(select(Notice.text).where(Notice.kind == "listing_candidate")).all()
    assert words
    assert all(district.police.name_zh in each for each in words)


@pytest.mark.parametrize("outside", [True, False])
def test_t12_what_a_body_outside_has_or_the_receiver_refused_is_the_safety_offices(
    session, district, bureau, police, running, told, outside
):
    case = running("verify", state="verifying")
    sent = hand_over(session, case, bureau, None if outside else district.police)
    if not outside:
        enforcing.refuse(session, case, sent, reason="无权", slip="", by=police.leader, now=NOW)
    clocks.stop_beside(session, case, "referral_accept", about=sent.id, now=NOW)
    before = len(told())
    supervision.climb(session, case, now=DUE)
    assert told()[before:] == [("overdue", district.supervisor.account_id)]
    supervision.climb(session, case, now=LONG_AFTER)
    assert urged(session, case) == set()
    blamed = {org for table in (Interview, BulletinEntry) for org in session.scalars(select(table.org_id))}
    assert blamed <= {district.police.id}  # who refused is late with its own task
    assert session.scalars(select(ListingCandidate)).all() == []


def test_x53_where_only_the_penalty_was_handed_over_the_town_has_its_own_time(session, district, bureau, running):
    case = running("rectify")
    hand_over(session, case, bureau, district.police, scope="penalty")
    supervision.climb(session, case, now=LONG_AFTER)
    assert urged(session, case) == {district.west.org.id}
    assert session.scalars(select(ListingCandidate.case_id)).one() == case.id


def test_x53_taken_back_it_is_the_towns_again_and_what_was_told_is_not_told_again(
    session, district, bureau, police, running
):
    case = running("verify", state="verifying")
    sent = hand_over(session, case, bureau, district.police)
    supervision.climb(session, case, now=DUE + A_DAY)
    enforcing.accept(session, case, sent, slip="", by=police.first, now=DUE + A_DAY)
    enforcing.answer(session, case, sent, result="不属本部门职权", by=police.leader, now=DUE + A_DAY)
    supervision.climb(session, case, now=LONG_AFTER)
    orders = session.execute(
        select(UrgeOrder.level, UrgeOrder.org_id).join(Clock, Clock.id == UrgeOrder.clock_id)
        .where(Clock.kind == "verify").order_by(UrgeOrder.issued_at)
    ).all()  # fmt: skip
    assert orders == [
        ("reminder", district.police.id), ("urge_order", district.west.org.id), ("interview", district.west.org.id),
    ]  # fmt: skip


@pytest.fixture
def away(session, district, bureau, police):
    """A walk's case under an order of five days, handed over until every rung of its clock has been reached."""

    def _away(walk, *, back):
        sent = enforcing.refer(session, walk.case, referral(district.police), by=bureau.leader, now=walk.now)
        enforcing.accept(session, walk.case, sent, slip="", by=police.first, now=walk.now)
        if back > NOW + 6 * A_DAY:
            jobs.climb(session, walk.case.id, now=back - A_DAY)
        enforcing.answer(session, walk.case, sent, result="不属本部门职权", by=police.leader, now=back)

    return _away


def sweep(session, now):
    """A round of the sweep, and what the workers do of it."""
    before = session.scalars(select(Job.id)).all()
    sweeps.find_overdue(session, now=now)
    found = session.scalars(select(Job.subject).where(Job.step == "climb", Job.id.not_in(before))).all()
    for case_id in found:
        jobs.climb(session, case_id, now=now)


def test_t13_a_case_that_is_taken_back_past_its_date_reaches_it_by_the_next_sweep(session, district, walk, away):
    walk.ordered(days=5)
    clocks.stop(session, walk.case, "total", now=walk.now)
    back = NOW + 60 * A_DAY
    away(walk, back=back)
    clock = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "rectify")).one()
    fired = set(session.scalars(select(Escalation.rung).where(Escalation.clock_id == clock.id)))
    assert "listing_candidate" in fired
    assert walk.case.state == "rectifying"
    sweep(session, back)
    assert walk.case.state == "acceptance"


def test_t13_one_that_is_taken_back_before_its_date_does_not(session, walk, away):
    walk.ordered(days=5)
    away(walk, back=NOW + 2 * A_DAY)
    sweep(session, NOW + 2 * A_DAY)
    assert walk.case.state == "rectifying"
