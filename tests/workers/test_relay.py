"""The relay: leases what is due, wakes Celery for it, and loses nothing when the broker is away."""

from datetime import timedelta

import pytest
from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import select

from cases.journey import Step
from cases.models.case import Case
from cases.models.job import Job
from kit.broker import broker
from tests import make
from tests.make import NOW
from workers import jobs, relay

LATER = NOW + relay.LEASE


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
    assert relay.pass_on(app, tasks.queue_of, now=NOW) == 3
    first, second, third = due
    assert app.sent == [
        ("step.triage", second, "journey"), ("step.clean_picture", third, "photos"), ("step.triage", first, "journey"),
    ]  # fmt: skip
    assert leases(committing) == [(LATER, 1)] * 3 + [(None, 0)] * 3


def test_what_is_leased_is_sent_again_only_after_its_lease(committing, due, tasks):
    app = Noted()
    relay.pass_on(app, tasks.queue_of, now=NOW)
    assert relay.pass_on(app, tasks.queue_of, now=LATER - timedelta(seconds=1)) == 1  # the one that came due meanwhile
    assert relay.pass_on(app, tasks.queue_of, now=LATER) == 3
    assert leases(committing)[0] == (LATER + relay.LEASE, 2)


def test_a_broker_that_is_away_leaves_the_rows_due(committing, due, tasks):
    app = nobody_there()
    with pytest.raises((OperationalError, OSError)):
        relay.pass_on(app, tasks.queue_of, now=NOW)
    assert leases(committing) == [(None, 0)] * 6
    back = Noted()
    assert relay.pass_on(back, tasks.queue_of, now=NOW) == 3


def test_a_broker_that_goes_away_in_the_middle_gives_back_what_was_not_sent(committing, due, tasks):
    app = Breaking()
    with pytest.raises(OperationalError):
        relay.pass_on(app, tasks.queue_of, now=NOW)
    back = Noted()
    assert relay.pass_on(back, tasks.queue_of, now=NOW) == 2
    assert {job_id for _, job_id, _ in app.sent} | {job_id for _, job_id, _ in back.sent} == set(due)


def test_a_worker_that_is_faster_than_the_relay_finds_its_job(committing, district, tasks):
    """Or every such job would wait for its lease to end."""
    with committing() as session:
        report = make.report(session)
        session.add(Job(step=str(Step.TRIAGE), subject=report.id, created_at=NOW, run_after=NOW))
    relay.pass_on(AtOnce(), tasks.queue_of, now=NOW)
    with committing() as session:
        assert session.scalars(select(Case)).one().state == "dispatched"
        assert session.scalars(select(Job.done_at).where(Job.step == "triage")).one() == NOW


def test_two_relays_do_not_send_the_same_job(committing, due, tasks):
    first, second = Noted(), Noted()
    with committing() as session:
        session.scalars(select(Job).where(Job.id == due[0]).with_for_update()).one()
        relay.pass_on(first, tasks.queue_of, now=NOW)
    relay.pass_on(second, tasks.queue_of, now=NOW)
    assert sorted(job_id for _, job_id, _ in first.sent + second.sent) == sorted(due)
    assert [job_id for _, job_id, _ in second.sent] == [due[0]]


def test_the_relay_goes_on_while_the_broker_is_away_and_stops_when_told(committing, due, tasks):
    app = nobody_there()
    turns = iter([True, True, False])
    relay.run(app, tasks.queue_of, keep_going=lambda: next(turns))
    assert all(lease is None for lease, _ in leases(committing))


def test_the_bell_rings_for_a_job_and_ends_the_wait(committing):
    bell = relay._listen(None)
    assert bell is not None
    with committing() as session:
        session.add(Job(step="triage", created_at=NOW, run_after=NOW))
    rung = list(bell.notifies(timeout=5, stop_after=1))
    bell.close()
    assert [note.channel for note in rung] == ["jz_job"]
