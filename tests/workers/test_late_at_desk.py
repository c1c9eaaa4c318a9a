"""Several beats and workers at once at what the desk is late with: each rung of a report once (D8, M19)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import triage
from cases.models.case import Case, Notice
from cases.models.report import Report, ReportEvent
from cases.routing import place
from tests.cases.test_races import at_once
from tests.desk import waiting
from tests.hands import work
from tests.make import OUTSIDE
from workers import beat

AN_HOUR = timedelta(hours=1)
RUNGS = ["alert", "reminder", "urge_order", "interview", "listing_candidate"]


@pytest.fixture
def report(committing, district):
    """A death, which goes to no town by itself: its rungs are due by the hour."""
    with committing() as session:
        return waiting(session, OUTSIDE, emergency="none", deaths=True)


def reached(committing, report):
    with committing() as session:
        rows = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "decision_overdue")
        return [row.body["rung"] for row in session.scalars(rows.order_by(ReportEvent.seq))]


def told(committing):
    with committing() as session:
        return session.scalar(select(func.count()).where(Notice.kind == "decision_overdue"))


def test_two_beats_and_three_workers_at_once_at_every_rung(committing, report):
    for number, hours in enumerate((0, 1, 2, 4, 8), 1):
        now = report.accept_due_at + hours * AN_HOUR
        assert at_once(lambda now=now: beat.strike(now=now), lambda now=now: beat.strike(now=now)) == [None, None]
        work(committing, now, hands=3)
        assert reached(committing, report) == RUNGS[:number]
        assert told(committing) == number


def test_two_beats_whose_clocks_differ_by_an_hour(committing, report):
    ahead, behind = (report.accept_due_at + hours * AN_HOUR for hours in (2, 1))
    assert at_once(lambda: beat.strike(now=ahead), lambda: beat.strike(now=behind)) == [None, None]
    work(committing, ahead)
    once = told(committing)
    for _ in range(3):
        beat.strike(now=behind)
        work(committing, behind)
        behind += timedelta(minutes=10)
    assert reached(committing, report) == RUNGS[:3]
    assert told(committing) == once


def test_an_officer_and_the_clock_do_not_both_open_a_case(committing, district):
    """R2: whoever comes second finds it decided."""
    with committing() as session:
        report = waiting(session)
    now = report.accept_due_at

    def decide():
        with committing() as session:
            held = triage.lock(session, report.id, by=district.intake, expected_version=report.version)
            triage.accept(
                session,
                held,
                place(session, held),
                category_code="FIR-02",
                by=district.intake,
                now=report.accept_due_at,
            )

    def sweep():
        beat.strike(now=now)
        work(committing, now)

    assert at_once(decide, sweep).count(None) >= 1
    with committing() as session:
        assert session.get_one(Report, report.id).state == "accepted"
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).where(ReportEvent.kind == "accepted")) == 1
