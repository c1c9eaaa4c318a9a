"""Several beats, sweeps and workers at once, in transactions of their own: each rung of a case is seen to once (D8)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import clocks
from cases.models.case import Case, CaseEvent, Clock, Notice
from cases.models.supervision import Escalation, Interview, ListingCandidate, UrgeOrder
from tests import make
from tests.cases.test_races import at_once
from tests.hands import work
from tests.make import NOW
from workers import beat

AN_HOUR = timedelta(hours=1)
EVERY = ["yellow", "alert", "reminder", "urge_order", "interview", "listing_candidate"]


@pytest.fixture
def case(committing, district):
    """A pressing case whose verification is due at NOW: its rungs are due by the hour."""
    with committing() as session:
        made = make.case(session, district.west.org, state="signed", urgency="immediate")
        clocks.start_until(session, made, "verify", due_at=NOW, now=NOW - 24 * AN_HOUR)
        return made


def reached(committing, case):
    with committing() as session:
        found = select(Escalation.rung).where(Escalation.case_id == case.id).order_by(Escalation.reached_at)
        return list(session.scalars(found))


def left(committing):
    """How many entries, notices about the case, orders, interviews and candidates there are."""
    with committing() as session:
        entries = select(func.count()).select_from(CaseEvent).where(CaseEvent.kind.in_(("overdue", "escalated")))
        columns = (Notice.case_id, UrgeOrder.id, Interview.id, ListingCandidate.id)
        return (session.scalar(entries), *(session.scalar(select(func.count(column))) for column in columns))


def test_two_beats_and_three_workers_at_once_at_every_rung(committing, case):
    for hours, many in ((0, 2), (1, 3), (2, 4), (4, 5), (8, 6)):
        now = NOW + hours * AN_HOUR
        assert at_once(lambda now=now: beat.strike(now=now), lambda now=now: beat.strike(now=now)) == [None, None]
        work(committing, now, hands=3)
        assert reached(committing, case) == EVERY[:many]
    once = left(committing)
    assert once[0] == len(EVERY)
    assert once[2:] == (3, 1, 1)


def test_two_beats_whose_clocks_differ_by_an_hour(committing, case):
    """One machine runs ahead: its rungs come early, and the other's beat adds nothing to them."""
    ahead, behind = NOW + 2 * AN_HOUR, NOW + AN_HOUR
    assert at_once(lambda: beat.strike(now=ahead), lambda: beat.strike(now=behind)) == [None, None]
    work(committing, ahead)
    once = left(committing)
    for _ in range(3):
        beat.strike(now=behind)
        work(committing, behind)
        behind += timedelta(minutes=10)
    assert reached(committing, case) == EVERY[:4]
    assert left(committing) == once


def test_a_beat_that_comes_back_after_hours_and_one_that_never_stopped_agree(committing, case, district):
    with committing() as session:
        watched = make.case(session, district.west.org, state="signed", urgency="immediate")
        clocks.start_until(session, watched, "verify", due_at=NOW, now=NOW - 24 * AN_HOUR)
        session.scalars(select(Clock).where(Clock.case_id == case.id)).one().ladder_at = NOW + 9 * AN_HOUR  # not seen
    for hours in range(10):
        beat.strike(now=NOW + hours * AN_HOUR)
        work(committing, NOW + hours * AN_HOUR)
    assert reached(committing, case) == reached(committing, watched) == EVERY
    with committing() as session:
        rows = session.execute(select(Escalation.case_id, Escalation.rung, Escalation.reached_at)).all()
    mine, other = ({(r, at) for id_, r, at in rows if id_ == each.id} for each in (case, watched))
    assert mine == other  # what is written down is when a rung was due, not when somebody looked


def test_a_worker_that_dies_on_a_rung_leaves_nothing_and_the_next_does_it_whole(committing, case, monkeypatch):
    from cases.supervision import rungs  # noqa: PLC0415 - to break one step of it

    def die(*_args):
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setitem(rungs.STEPS, "alert", die)
        beat.strike(now=NOW)
        work(committing, NOW)
        assert reached(committing, case) == []
        assert left(committing) == (0, 0, 0, 0, 0)
    work(committing, NOW + timedelta(minutes=1))
    assert reached(committing, case) == EVERY[:2]
    with committing() as session:
        assert session.get_one(Case, case.id).version == case.version
