"""What background processes tell a scraper: how jobs ended, and what waits."""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from cases.journey import Step
from cases.models.job import Job, Slot
from tests import make
from tests.make import NOW
from workers import jobs, relay
from workers.metrics import Line, Waiting
from workers.stopwatch import Stopwatch


@pytest.fixture
def told() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def heard(monkeypatch):
    ended = []
    monkeypatch.setattr(Stopwatch, "listener", lambda step, outcome, _seconds: ended.append((step, outcome)))
    return ended


def _put_in(committing, step, *, at=NOW, created_at=NOW, subject=None):
    with committing() as session:
        job = Job(step=str(step), subject=subject, args={}, created_at=created_at, run_after=at)
        session.add(job)
        session.flush()
        return job.id


def _values(told):
    lines = [line.rsplit(" ", 1) for line in generate_latest(told).decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_a_job_tells_how_it_ended(committing, heard):
    good = _put_in(committing, Step.EXPIRE_PHOTOS)
    bad = _put_in(committing, Step.TRIAGE, subject=uuid4())
    hopeless = _put_in(committing, Step.TRIAGE, subject=uuid4(), created_at=NOW - timedelta(hours=73))
    for job_id in (good, bad, hopeless, good):  # done is done: the second delivery is nothing to count
        jobs.perform(job_id, now=NOW)
    assert heard == [("expire_photos", "done"), ("triage", "failed"), ("triage", "given_up")]


def test_children_tell_their_parent_and_a_full_line_holds_nobody_up(told):
    line = Line()
    for _ in range(10_000):  # more than a pipe holds, while nobody reads
        line.tell("triage", "done", 0.01)
    child = os.fork()
    if child == 0:
        line.tell("triage", "failed", 0.01)
        os._exit(0)
    os.waitpid(child, 0)
    line.count(told)
    while not (done := _values(told).get('jz_jobs_total{outcome="done",step="triage"}', 0)):
        time.sleep(0.02)
    assert done <= 10_000
    child = os.fork()
    if child == 0:
        line.tell("triage", "given_up", 0.01)
        os._exit(0)
    os.waitpid(child, 0)
    while not _values(told).get('jz_jobs_total{outcome="given_up",step="triage"}'):
        time.sleep(0.02)


def test_what_waits_is_told_by_step_with_the_age_of_the_oldest(committing, told):
    told.register(Waiting(relay.LOGIN, lambda: NOW))
    _put_in(committing, Step.TRIAGE, at=NOW - timedelta(minutes=3))
    _put_in(committing, Step.TRIAGE, at=NOW - timedelta(minutes=1))
    _put_in(committing, Step.REVIEW_DUE, at=NOW + timedelta(minutes=1))
    with committing() as session:
        session.add(Slot(name="find_overdue", slot_at=NOW - timedelta(seconds=40)))
        for why, minutes in (("slow_lane", 5), ("slow_lane", -90), ("emergency", 9), (None, 3)):
            due_at = NOW + timedelta(minutes=minutes)
            make.report(session, state="in_review", waits_for=why, review_due_at=due_at)
        make.report(session, state="accepted", waits_for="border", review_due_at=NOW - timedelta(days=9))
    values = _values(told)
    assert values['jz_jobs_due{step="triage"}'] == 2
    assert 'jz_jobs_due{step="review_due"}' not in values
    assert values["jz_oldest_due_job_seconds"] == 180
    at_desk = {name: value for name, value in values.items() if name.startswith("jz_reports_at_desk")}
    assert at_desk == {
        'jz_reports_at_desk{why="slow_lane"}': 2, 'jz_reports_at_desk{why="emergency"}': 1,
        'jz_reports_at_desk{why="policy"}': 1,
    }  # fmt: skip
    assert values["jz_report_review_late_seconds"] == 5400
    assert values["jz_clocks_overdue"] == 0
    assert values["jz_schedule_age_seconds"] == 40
    assert values["jz_database_answers"] == 1
