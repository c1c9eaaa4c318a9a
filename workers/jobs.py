"""Doing one job: lock its row, do its step and mark it done in one transaction. A second delivery finds nothing."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases.journey import Step
from cases.models.job import Job
from kit import logs
from kit.db import unit_of_work
from workers.steps import AFTER_FAILURE, STEPS, Work
from workers.stopwatch import Stopwatch

LOGIN = "jz_worker"
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)

log = structlog.get_logger()


def perform(job_id: int, *, now: datetime) -> None:
    """Do the job if it is still to be done and nobody else has it; a failure is noted in the row, with a later try."""
    watch = Stopwatch()
    try:
        with unit_of_work(LOGIN) as session:
            job = _lock(session, job_id)
            if job is None:
                return
            watch.step = job.step
            STEPS[Step(job.step)](session, Work(job.subject, job.args), now)
            job.done_at = now
    except Exception as failure:  # noqa: BLE001 - whatever went wrong, the row must say so
        log.warning("job failed", job=job_id, error=logs.where(failure))
        watch.tell("given_up" if _postpone(job_id, failure, now) else "failed")
    else:
        watch.tell("done")


def _lock(session: Session, job_id: int) -> Job | None:
    statement = select(Job).where(Job.id == job_id, Job.done_at.is_(None), Job.failed_at.is_(None))
    return session.scalars(statement.with_for_update(skip_locked=True)).one_or_none()


def _postpone(job_id: int, failure: Exception, now: datetime) -> bool:
    """Note the failure and when to try again; True when the job is given up."""
    with unit_of_work(LOGIN) as session:
        job = session.get_one(Job, job_id, with_for_update=True)
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 12), LONGEST_WAIT)
        gives_up = now - job.created_at > GIVE_UP_AFTER
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                attempts=Job.attempts + 1,
                last_error=logs.where(failure),
                run_after=now + wait,
                lease_until=None,
                failed_at=now if gives_up else None,
            )
        )
        if note := AFTER_FAILURE.get(job.step):
            note(session, Work(job.subject, job.args), failure, gives_up, now)
    return gives_up
