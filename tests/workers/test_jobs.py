"""Doing a job: once, in one transaction with its effect; a failure is noted and tried again later."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from cases import trail
from cases.journey import FOLLOW_UPS, PUT_IN, UNTOLD, Step
from cases.models.case import Case
from cases.models.job import Job
from cases.models.report import Report
from kit.db import unit_of_work
from tests import make
from tests.make import NOW
from workers import jobs
from workers.schedule import SCHEDULE
from workers.steps import STEPS

SECRET = "举报人王某的电话13800000000"


def put_in(committing, step, subject=None, **facts):
    """A job; one about a report that is not there will fail."""
    with committing() as session:
        job = Job(step=str(step), subject=subject, args={}, created_at=NOW, run_after=NOW, **facts)
        session.add(job)
        session.flush()
        return job.id


def job(committing, job_id):
    with committing() as session:
        found = session.get_one(Job, job_id)
        session.expunge(found)
        return found


def count(committing, table):
    with committing() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def report(committing, district):
    with committing() as session:
        return make.report(session)


@pytest.fixture
def breaking(monkeypatch):
    """A step that writes something and then fails with a citizen's words in its message."""

    def fail(session, work, now):
        trail.enqueue(session, Step.TRIAGE, uuid4(), now=now)
        raise ValueError(SECRET)

    monkeypatch.setitem(STEPS, Step.TRIAGE, fail)


def test_a_job_is_done_once_also_when_it_is_delivered_twice(committing, report):
    job_id = put_in(committing, Step.TRIAGE, report.id)
    for later in range(2):
        jobs.perform(job_id, now=NOW + timedelta(seconds=later))
    assert count(committing, Case) == 1
    assert job(committing, job_id).done_at == NOW
    with committing() as session:
        assert session.get_one(Report, report.id).state == "accepted"


def test_a_job_that_another_worker_holds_is_left_to_it(committing, report):
    job_id = put_in(committing, Step.TRIAGE, report.id)
    with committing() as holder:
        holder.get_one(Job, job_id, with_for_update=True)
        jobs.perform(job_id, now=NOW)
        assert count(committing, Case) == 0
    jobs.perform(job_id, now=NOW)
    assert count(committing, Case) == 1


def test_a_job_that_is_not_there_is_no_failure(database_url):
    jobs.perform(987_654_321, now=NOW)


def test_a_failure_undoes_its_effect_and_is_noted_without_a_word_of_a_citizen(committing, breaking):
    job_id = put_in(committing, Step.TRIAGE, uuid4(), lease_until=NOW, sends=1)
    jobs.perform(job_id, now=NOW)
    failed = job(committing, job_id)
    assert count(committing, Job) == 1
    assert (failed.done_at, failed.failed_at, failed.attempts, failed.lease_until) == (None, None, 1, None)
    assert failed.last_error is not None
    assert failed.last_error.startswith("ValueError at ")
    assert SECRET not in failed.last_error


def test_each_failure_waits_twice_as_long_up_to_an_hour(committing):
    job_id = put_in(committing, Step.TRIAGE, uuid4())
    waits = []
    for _ in range(14):
        jobs.perform(job_id, now=NOW)
        waits.append((job(committing, job_id).run_after - NOW).total_seconds())
    assert waits[:6] == [5, 10, 20, 40, 80, 160]
    assert waits[-1] == 3600
    assert waits == sorted(waits)


def test_after_three_days_a_job_is_given_up_and_not_tried_again(committing):
    job_id = put_in(committing, Step.TRIAGE, uuid4())
    late = NOW + timedelta(hours=72, seconds=1)
    jobs.perform(job_id, now=NOW + timedelta(hours=72))
    assert job(committing, job_id).failed_at is None
    jobs.perform(job_id, now=late)
    assert job(committing, job_id).failed_at == late
    jobs.perform(job_id, now=late)
    assert job(committing, job_id).attempts == 2


def test_a_step_nobody_knows_is_postponed_and_not_lost(committing):
    job_id = put_in(committing, "no_such_step")
    jobs.perform(job_id, now=NOW)
    assert job(committing, job_id).attempts == 1


def test_twenty_deliveries_at_once_do_a_job_once(committing, report):
    job_id = put_in(committing, Step.TRIAGE, report.id)
    threads = [threading.Thread(target=jobs.perform, args=(job_id,), kwargs={"now": NOW}) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(committing, Case) == 1


def test_every_step_has_one_function_and_one_task_and_follows_something(tasks):
    assert set(STEPS) == set(Step)
    assert set(tasks.TASKS) == {str(step) for step in Step}
    followed = {step for steps in (*FOLLOW_UPS.values(), *PUT_IN.values()) for step in steps}
    assert followed | {sweep.step for sweep in SCHEDULE} | set(UNTOLD) == set(Step)


def test_photos_have_a_queue_of_their_own(tasks):
    assert {tasks.queue_of(step) for step in tasks.SLOW_STEPS} == {"photos"}
    assert tasks.queue_of("triage") == "reports"


def test_the_worker_may_do_its_steps_and_read_no_password_and_no_identity(committing, database_url):
    for table in ("handling.staff_session", "vault.identity"):
        with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work("jz_worker") as session:
            session.execute(text(f"select * from {table}"))  # noqa: S608
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work("jz_worker") as session:
        session.execute(text("select password_hash from handling.account"))
