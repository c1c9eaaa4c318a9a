"""Sweeps find what was missed, each thing once, and never hold up an officer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from cases import clocks, lists
from cases.journey import Step
from cases.models.case import Case, CaseEvent, Clock, Notice
from cases.models.job import Job
from cases.models.report import Report, ReportPhoto
from kit.storage import store
from tests import make
from tests.make import NOW
from workers import clocks as clocks_of_workers
from workers import duty, sweeps
from workers.schedule import SCHEDULE
from workers.steps import STEPS, Work

A_MINUTE = timedelta(seconds=60)


@pytest.fixture
def district(session):
    return make.district(session)


def jobs_for(session, report):
    return session.scalars(select(Job.step).where(Job.subject == report.id)).all()


# --- promise 1


def test_a_report_that_lost_its_job_is_judged_again(session, district):
    lost = make.report(session, received_at=NOW - A_MINUTE - timedelta(seconds=1))
    fresh = make.report(session, received_at=NOW - A_MINUTE)
    taken = make.report(session, received_at=NOW - timedelta(hours=1), state="accepted")
    for _ in range(2):
        sweeps.find_unrouted(session, now=NOW)
    assert jobs_for(session, lost) == ["triage"]
    assert jobs_for(session, fresh) == jobs_for(session, taken) == []


@pytest.mark.parametrize(("state", "again"), [({}, False), ({"done_at": NOW}, True), ({"failed_at": NOW}, True)])
def test_a_report_whose_job_still_lives_is_left_to_it(session, district, state, again):
    report = make.report(session, received_at=NOW - timedelta(hours=1))
    session.add(Job(step="triage", subject=report.id, created_at=NOW, run_after=NOW, **state))
    session.flush()
    sweeps.find_unrouted(session, now=NOW)
    assert len(jobs_for(session, report)) == 1 + again


# --- promise 6


def overdue(session, district, **facts):
    case = make.case(session, district.west.org, state="signed")
    clocks.start_until(session, case, "verify", due_at=facts.pop("due_at", NOW), now=NOW - timedelta(days=1))
    for name, value in facts.items():
        setattr(session.scalars(select(Clock).where(Clock.case_id == case.id)).one(), name, value)
    session.flush()
    return case


def climbing(session):
    return session.scalars(select(Job.subject).where(Job.step == "climb", Job.done_at.is_(None))).all()


def test_d8_a_clock_whose_rung_is_due_gets_one_job_however_often_the_sweep_comes(session, district):
    case = overdue(session, district)
    for _ in range(2):
        sweeps.find_overdue(session, now=NOW)
    assert climbing(session) == [case.id]


def test_d8_a_clock_that_turned_red_is_told_once_to_the_town(session, district):
    case = overdue(session, district)
    for _ in range(2):
        clocks_of_workers.climb(session, case.id, now=NOW)
    told = session.execute(select(Notice.org_id, Notice.account_id, Notice.kind, Notice.case_id))
    assert [tuple(row) for row in told] == [
        (district.west.org.id, district.west.leader.account_id, "overdue", case.id),
    ]  # fmt: skip
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "overdue")).all()
    assert [(event.body["clock"], event.body["rung"]) for event in events] == [("verify", "alert")]


@pytest.mark.parametrize("facts", [{"ladder_at": NOW + timedelta(seconds=1)}, {"stopped_at": NOW}])
def test_a_clock_that_is_not_due_or_was_stopped_gets_no_job(session, district, facts):
    overdue(session, district, **facts)
    sweeps.find_overdue(session, now=NOW)
    assert climbing(session) == []


def test_a_sweep_does_not_wait_for_an_officer_and_no_officer_for_a_sweep(committing):
    """An officer holds the case; the sweep takes no lock, and the job finds the clock stopped."""
    with committing() as session:
        district = make.district(session)
        case = overdue(session, district)
    with committing() as officer:
        held = officer.get_one(Case, case.id, with_for_update=True)
        with committing() as sweep:
            sweep.execute(text("set lock_timeout = '2s'"))
            sweeps.find_overdue(sweep, now=NOW)
        clocks.stop(officer, held, "verify", now=NOW)
    with committing() as session:
        clocks_of_workers.climb(session, case.id, now=NOW)
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


# --- photos


def waiting_photo(session, *, days, state="waiting"):
    key = f"originals/aa/{uuid4().hex}"
    store().put(key, [b"jpeg"], limit_bytes=10)
    photo = ReportPhoto(
        report_client_id=uuid4(), client_id=uuid4(), sha256=b"\0" * 32, bytes=4, named=state != "waiting",
        state=state, storage_key=key, stored_at=NOW - timedelta(days=days),
    )  # fmt: skip
    session.add(photo)
    session.flush()
    return photo


def test_a_photo_whose_report_never_came_is_let_go_after_seven_days(session):
    old, young = waiting_photo(session, days=7.1), waiting_photo(session, days=6.9)
    joined = waiting_photo(session, days=30, state="stored")
    key = old.storage_key
    sweeps.expire_photos(session, now=NOW)
    assert (old.state, old.storage_key) == ("expired", None)
    assert not store().exists(key)
    assert (young.state, joined.state) == ("waiting", "stored")
    assert store().exists(young.storage_key)


# --- the duty list


def test_x33_the_duty_list_is_told_without_a_word_of_the_report(session, district):
    report = make.report(session)
    other = make.org(session, "district")
    other.active = False
    session.flush()
    duty.tell_duty(session, report.id, now=NOW)
    notice = session.scalars(select(Notice)).one()
    assert (notice.org_id, notice.kind, notice.case_id) == (district.office.id, "review_overdue", None)
    assert report.reference not in notice.text
    assert str(report.id) not in notice.text
    assert session.scalars(select(Report)).one() is report


# --- exports


def test_q5_an_export_that_nobody_fetched_in_time_is_over_by_its_sweep(session, district):
    make.value(session, "export_rows", {"free": 1, "most": 9})
    make.case(session, district.west.org, state="dispatched")
    made = lists.request_export(session, lists.Wanted(), reason="月报", by=district.west.clerk, now=NOW)
    sweep = STEPS[Step.EXPIRE_EXPORTS]
    sweep(session, Work(None, {}), made.expires_at - timedelta(seconds=1))
    assert made.state == "approved"
    for _ in range(2):
        sweep(session, Work(None, {}), made.expires_at)
    assert (made.state, made.version) == ("expired", 3)
    assert Step.EXPIRE_EXPORTS in {each.step for each in SCHEDULE}
