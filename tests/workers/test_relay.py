"""The relay: leases what is due, wakes Celery for it, and loses nothing when the broker is away."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import Celery
from kombu.exceptions import OperationalError
from kombu.utils.scheduling import cycle_by_name
from sqlalchemy import select

from cases.journey import Step
from cases.models.case import Case
from cases.models.job import Job
from kit.broker import QUEUES, broker, waiting
from tests import make
from tests.make import NOW
from workers import jobs, relay

LATER = NOW + relay.LEASE


def pass_on(app, tasks, *, now=NOW, there=0):
    """With so many messages at the broker already."""
    return relay.pass_on(app, tasks.queue_of, now=now, waiting=lambda _app, _queue: there)


class Noted(Celery):
    """A broker's client that notes what it was asked to send."""

    def __init__(self):
        super().__init__("noted", set_as_current=False)
        self.sent = []

    def send_task(self, name, args=(), queue=None, **_):
        self.sent.append((name, args[0], queue))


class AtOnce(Noted):
    """A worker that is faster than the relay: it has the message before `send_task` comes back."""

    def send_task(self, name, args=(), queue=None, **_):
        super().send_task(name, args, queue)
        jobs.perform(args[0], now=NOW)


class Breaking(Noted):
    """A broker that goes away after its first message."""

    def send_task(self, name, args=(), queue=None, **_):
        if self.sent:
            raise OperationalError
        super().send_task(name, args, queue)


def nobody_there():
    """Our own client of a broker whose socket is not there."""
    app = broker()
    app.conf.update(broker_url="redis+socket:///nowhere/redis.sock", broker_connection_timeout=1)
    return app


@pytest.fixture
def due(committing):
    """Three due jobs, one for later, one done and one given up."""
    with committing() as session:
        rows = [Job(step="triage", created_at=NOW, run_after=NOW - timedelta(seconds=back)) for back in (1, 3, 2)]
        rows[2].step = "clean_picture"
        others = [
            Job(step="triage", created_at=NOW, run_after=NOW + timedelta(seconds=1)),
            Job(step="triage", created_at=NOW, run_after=NOW, done_at=NOW),
            Job(step="triage", created_at=NOW, run_after=NOW, failed_at=NOW),
        ]
        session.add_all(rows + others)
        session.flush()
        return [row.id for row in rows]


def leases(committing):
    with committing() as session:
        return [tuple(row) for row in session.execute(select(Job.lease_until, Job.sends).order_by(Job.id))]


def test_what_is_due_is_sent_in_order_to_its_queue_and_leased(committing, due, tasks):
    app = Noted()
    assert pass_on(app, tasks) == 3
    first, second, third = due
    assert app.sent == [
        ("step.triage", second, "reports"), ("step.triage", first, "reports"), ("step.clean_picture", third, "photos"),
    ]  # fmt: skip
    assert leases(committing) == [(LATER, 1)] * 3 + [(None, 0)] * 3


def test_what_is_leased_is_sent_again_only_after_its_lease(committing, due, tasks):
    app = Noted()
    pass_on(app, tasks)
    assert pass_on(app, tasks, now=LATER - timedelta(seconds=1)) == 1  # the one that came due meanwhile
    assert pass_on(app, tasks, now=LATER) == 3
    assert leases(committing)[0] == (LATER + relay.LEASE, 2)


@pytest.mark.parametrize(("there", "sent"), [(0, 3), (relay.MOST_WAITING - 1, 2), (relay.MOST_WAITING, 0), (9999, 0)])
def test_what_the_workers_would_not_reach_in_time_waits_as_rows(committing, due, tasks, there, sent):
    """Or after an outage each lease would end before its message is reached, and be sent again and again."""
    app = Noted()
    assert pass_on(app, tasks, there=there) == sent
    assert sorted(sends for _, sends in leases(committing)) == [0] * (6 - sent) + [1] * sent


def test_no_report_waits_for_a_photo_or_a_notice(tasks):
    """Promise 1: a worker takes from a queue only when those before it are empty."""
    queues = [tasks.queue_of(str(step)) for step in (Step.TRIAGE, Step.SEND_NOTICE, Step.CLEAN_REPORT_PHOTO)]
    assert queues == list(QUEUES)
    assert [queue.name for queue in tasks.app.conf.task_queues] == queues
    cycle = cycle_by_name(tasks.app.conf.broker_transport_options["queue_order_strategy"])(queues)
    for taken in queues:
        cycle.rotate(taken)
    assert cycle.consume(len(queues)) == queues


def test_the_broker_tells_what_waits_there(committing, due, tasks):
    app = broker()
    app.conf.update(broker_url=os.environ["JZ_TEST_REDIS_URL"])
    queue = f"queue-{uuid4()}"
    assert waiting(app, queue) == 0
    for number in (1, 2):
        app.send_task("step.triage", args=(number,), queue=queue)
    assert waiting(app, queue) == 2
    app.pool.force_close_all()


def test_a_broker_that_is_away_leaves_the_rows_due(committing, due, tasks):
    app = nobody_there()
    with pytest.raises(OperationalError):
        relay.pass_on(app, tasks.queue_of, now=NOW)
    with pytest.raises((OperationalError, OSError)):  # and where it goes away after it was asked what waits there
        pass_on(app, tasks)
    assert leases(committing) == [(None, 0)] * 6
    back = Noted()
    assert pass_on(back, tasks) == 3


def test_a_broker_that_goes_away_in_the_middle_gives_back_what_was_not_sent(committing, due, tasks):
    app = Breaking()
    with pytest.raises(OperationalError):
        pass_on(app, tasks)
    back = Noted()
    assert pass_on(back, tasks) == 2
    assert {job_id for _, job_id, _ in app.sent} | {job_id for _, job_id, _ in back.sent} == set(due)


def test_a_worker_that_is_faster_than_the_relay_finds_its_job(committing, district, tasks):
    """Or every such job would wait for its lease to end."""
    with committing() as session:
        report = make.report(session)
        session.add(Job(step=str(Step.TRIAGE), subject=report.id, created_at=NOW, run_after=NOW))
    pass_on(AtOnce(), tasks)
    with committing() as session:
        assert session.scalars(select(Case)).one().state == "dispatched"
        assert session.scalars(select(Job.done_at).where(Job.step == "triage")).one() == NOW


def test_two_relays_do_not_send_the_same_job(committing, due, tasks):
    first, second = Noted(), Noted()
    with committing() as session:
        session.scalars(select(Job).where(Job.id == due[0]).with_for_update()).one()
        pass_on(first, tasks)
    pass_on(second, tasks)
    assert sorted(job_id for _, job_id, _ in first.sent + second.sent) == sorted(due)
    assert [job_id for _, job_id, _ in second.sent] == [due[0]]


def test_the_relay_goes_on_while_the_broker_is_away_and_stops_when_told(committing, due, tasks):
    app = nobody_there()
    turns = iter([True, True, False])
    relay.run(app, tasks.queue_of, keep_going=lambda: next(turns))
    assert all(lease is None for lease, _ in leases(committing))


def test_the_bell_rings_for_a_job_and_ends_the_wait(committing):
    bell = relay._listen(None, 0.01)
    assert bell is not None
    with committing() as session:
        session.add(Job(step="triage", created_at=NOW, run_after=NOW))
    rung = list(bell.notifies(timeout=5, stop_after=1))
    bell.close()
    assert [note.channel for note in rung] == ["jz_job"]
