"""The trail keeps what it is told, whatever the words are, and puts in what follows at once or later."""

from datetime import timedelta

from sqlalchemy import select

from cases import trail
from cases.journey import Kind
from cases.models.case import CaseEvent
from people.actors import SYSTEM
from tests import make
from tests.desk import jobs, waiting
from tests.make import NOW


def test_a_body_may_say_when_something_is_due(session, district):
    """It is no instant at which a job is to run."""
    case = make.case(session)
    trail.record(session, case, Kind.ORDERED, by=SYSTEM, now=NOW, due="2026-12-01", now_="x")
    (entry,) = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))
    assert entry.body == {"due": "2026-12-01", "now_": "x"}
    assert {job.run_after for job in jobs(session, "mirror_reports") if job.subject == case.id} == {NOW}


def test_what_follows_comes_when_it_is_to_come(session, district):
    report = waiting(session)
    later = NOW + timedelta(days=3)
    trail.record(session, report, Kind.ASKED, by=SYSTEM, now=NOW, follow_at=later)
    assert [job.run_after for job in jobs(session, "answer_due")] == [later]
