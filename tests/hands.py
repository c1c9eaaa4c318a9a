"""Workers at work in a test: what is due is done, by as many at once as are wanted."""

from sqlalchemy import select

from cases.models.job import Job
from tests.cases.test_races import at_once
from workers import jobs


def work(committing, now, *, hands=1):
    """Do what is due until nothing is, each job by as many workers at once."""
    for _ in range(6):
        with committing() as session:
            due = session.scalars(select(Job.id).where(Job.done_at.is_(None), Job.failed_at.is_(None),
                                                       Job.run_after <= now)).all()  # fmt: skip
        if not due:
            return

        def hand(ids=tuple(due)):
            for job_id in ids:
                jobs.perform(job_id, now=now)

        assert at_once(*[hand] * hands) == [None] * hands
