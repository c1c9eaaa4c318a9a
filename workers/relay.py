"""The relay: takes a lease on due jobs and wakes Celery for each. Any number may run; none remembers anything.

Woken by NOTIFY, and each second in any case: a lost bell costs a second, a lost message a lease.

No more than a lease's worth of messages wait at the broker. What is due beyond that waits as rows: after an outage
thousands of leases would otherwise end before their messages are reached, each would be sent again, and the workers
would be kept busy with messages about jobs that are done.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import psycopg
import structlog
from celery import Celery
from kombu.exceptions import OperationalError as BrokerAway
from sqlalchemy import or_, select, update
from sqlalchemy.orm import load_only

from cases.journey import Step
from cases.models.job import Job
from kit import clock
from kit.broker import waiting
from kit.db import unit_of_work, url_for
from kit.errors import Unavailable

LOGIN = "jz_relay"
LEASE = timedelta(seconds=30)
MOST_WAITING = 100
POLL_S = 1.0
SOON_S = 0.1  # after something was sent: room for more comes as the workers go on, and rings no bell

log = structlog.get_logger()


def pass_on(
    app: Celery, queue_of: Callable[[str], str], *, now: datetime, waiting: Callable[[Celery, str], int] = waiting
) -> int:
    """Lease due jobs, then send one message for each; gives how many. `waiting` says what each queue holds already.

    Raises OperationalError when the broker is away; what was not sent is given back.
    """
    steps = defaultdict[str, list[str]](list)
    for step in Step:
        steps[queue_of(step)].append(str(step))
    return sum(_fill(app, queue, of, MOST_WAITING - waiting(app, queue), now=now) for queue, of in steps.items())


def _fill(app: Celery, queue: str, steps: Sequence[str], room: int, *, now: datetime) -> int:
    leased = _lease(steps, room, now) if room > 0 else []
    sent = 0
    try:
        for job_id, step in leased:
            app.send_task(f"step.{step}", args=(job_id,), queue=queue, retry=False)
            sent += 1
    finally:
        _give_back([job_id for job_id, _ in leased[sent:]])
    return sent


def _lease(steps: Sequence[str], room: int, now: datetime) -> list[tuple[int, str]]:
    """Committed before anything is sent: a worker may be faster, and leaves a locked row to whoever holds it."""
    with unit_of_work(LOGIN) as session:
        due = session.scalars(
            select(Job)
            .options(load_only(Job.step, Job.sends))  # what a job is about is no business of the relay
            .where(
                Job.done_at.is_(None),
                Job.failed_at.is_(None),
                Job.step.in_(steps),
                Job.run_after <= now,
                or_(Job.lease_until.is_(None), Job.lease_until <= now),
            )
            .order_by(Job.run_after, Job.id)
            .limit(room)
            .with_for_update(skip_locked=True)
        ).all()
        for job in due:
            job.lease_until, job.sends = now + LEASE, job.sends + 1
        return [(job.id, job.step) for job in due]


def _give_back(job_ids: Sequence[int]) -> None:
    if job_ids:
        with unit_of_work(LOGIN) as session:
            session.execute(update(Job).where(Job.id.in_(job_ids)).values(lease_until=None, sends=Job.sends - 1))


def run(app: Celery, queue_of: Callable[[str], str], *, keep_going: Callable[[], bool]) -> None:
    """Pass jobs on until told to stop; neither a missing broker nor a missing database ends it."""
    bell: psycopg.Connection | None = None
    while keep_going():
        sent = 0
        try:
            sent = pass_on(app, queue_of, now=clock.now())
        except (Unavailable, BrokerAway, OSError) as away:
            log.warning("relay waits", error=type(away).__name__)
        bell = _listen(bell, SOON_S if sent else POLL_S)
    if bell is not None:
        bell.close()


def _listen(bell: psycopg.Connection | None, seconds: float) -> psycopg.Connection | None:
    """Wait for the bell or some seconds, whichever comes first."""
    try:
        if bell is None or bell.closed:
            address = url_for(LOGIN).set(drivername="postgresql").render_as_string(hide_password=False)
            bell = psycopg.connect(address, autocommit=True, connect_timeout=5)
            bell.execute("listen jz_job")
        for _ in bell.notifies(timeout=seconds, stop_after=1):
            break
    except psycopg.OperationalError:
        clock.sleep(POLL_S)
        return None
    return bell
