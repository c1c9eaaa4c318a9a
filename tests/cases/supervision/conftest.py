"""What tests of supervision begin with: a case whose verification is due, and a look at what it set off."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cases import clocks, supervision
from cases.models.case import CaseEvent, Clock, Notice
from cases.models.supervision import Escalation
from tests import make
from tests.make import NOW

DUE = datetime(2026, 11, 24, 16, tzinfo=NOW.tzinfo)  # 24:00 of Tuesday 24 November in Shanghai
A_DAY = timedelta(days=1)


@pytest.fixture
def case(session, district):
    made = make.case(session, district.west.org, state="signed", category="FIR-02", urgency="normal")
    clocks.start_until(session, made, "verify", due_at=DUE, now=NOW - A_DAY)
    return made


@pytest.fixture
def clock(session, case):
    return session.scalars(select(Clock).where(Clock.case_id == case.id)).one()


@pytest.fixture
def climb(session, case):
    """Climb at so many days after the deadline."""

    def _climb(days=0.0):
        supervision.climb(session, case, now=DUE + days * A_DAY)

    return _climb


@pytest.fixture
def told(session):
    """Who was told what, so far: kind and account, or office where it was for all of it."""

    def _told(kind=None):
        rows = session.execute(select(Notice.kind, Notice.account_id, Notice.org_id).order_by(Notice.id))
        return [(k, account or -org) for k, account, org in rows if kind in {None, k}]

    return _told


@pytest.fixture
def rungs(session, case):
    def _rungs():
        rows = select(Escalation.rung).where(Escalation.case_id == case.id).order_by(Escalation.reached_at)
        return list(session.scalars(rows))

    return _rungs


@pytest.fixture
def trail_of(session):
    def _trail(case, *kinds):
        rows = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(kinds)).order_by(CaseEvent.seq)
        return list(session.scalars(rows))

    return _trail
