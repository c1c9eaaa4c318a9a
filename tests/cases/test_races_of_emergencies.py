"""Two at once about an emergency: its time is over while somebody asks or refuses, or while the town signs."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import access, handling, triage
from cases.models.case import Case
from cases.models.decisions import Refusal
from cases.models.report import Report, ReportCase
from kit.errors import Stale
from tests import make
from tests.cases.test_races import at_once
from tests.desk import waiting
from tests.make import NOW
from tests.refusals import second_of

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


@pytest.fixture
def second(committing, district):
    with committing() as session:
        return second_of(session, district)


@pytest.fixture
def proposed(committing, district):
    with committing() as session:
        report = waiting(session)
        refusal = triage.propose_refusal(
            session, report, reason="not_safety", text="-", evidence="", by=district.intake, now=NOW
        )
        return report, refusal


def time_is_over(committing, report):
    def job():
        with committing() as session:
            triage.review_due(session, report.id, now=SOON)

    return job


def confirm(committing, report, refusal, second, *, version):
    def act():
        with committing() as session:
            held = triage.lock(session, report.id, by=second, expected_version=version)
            triage.confirm_refusal(session, held, refusal.id, by=second, now=SOON)

    return act


def as_it_is(committing, report, refusal):
    with committing() as session:
        case = session.scalars(select(Case).join(ReportCase, ReportCase.case_id == Case.id)).one_or_none()
        state = session.get_one(Report, report.id).state
        return state, session.get_one(Refusal, refusal.id).state, case.state if case else None


def test_r6_the_second_person_and_the_job_at_once_refuse_it_or_leave_it_to_be_decided_knowingly(
    committing, second, proposed
):
    """Whoever saw it before the town was sent out is told to look again; then the case ends by the same two people."""
    report, refusal = proposed
    outcomes = at_once(
        confirm(committing, report, refusal, second, version=report.version), time_is_over(committing, report)
    )
    now = as_it_is(committing, report, refusal)
    assert (sorted(outcomes, key=str), now) in (
        ([None, None], ("not_accepted", "confirmed", None)),
        (sorted([None, Stale], key=str), ("accepted", "proposed", "dispatched")),
    )
    if now[0] == "accepted":
        with committing() as session:
            version = session.get_one(Report, report.id).version
        confirm(committing, report, refusal, second, version=version)()
        assert as_it_is(committing, report, refusal) == ("not_accepted", "confirmed", "void")


def test_x33_a_question_and_the_job_at_once_send_the_town_out_once(committing, district):
    with committing() as session:
        report = waiting(session)

    def ask():
        with committing() as session:
            held = triage.lock(session, report.id, by=district.intake, expected_version=report.version)
            triage.ask(session, held, text="是几号楼？", by=district.intake, now=SOON)

    outcomes = at_once(ask, time_is_over(committing, report))
    time_is_over(committing, report)()  # the sweep finds what was asked in the last moment
    with committing() as session:
        assert session.get_one(Report, report.id).state == "accepted"
        assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert set(outcomes) in ({None}, {None, Stale})


def test_t20_the_town_signs_while_its_case_is_called_back(committing, district, second, proposed):
    report, refusal = proposed
    time_is_over(committing, report)()
    with committing() as session:
        case = session.scalars(select(Case)).one()
        version = session.get_one(Report, report.id).version
    clerk = district.west.clerk

    def sign():
        with committing() as session:
            held = access.lock(session, case.id, by=clerk, expected_version=case.version)
            handling.sign(session, held, person_id=district.west.officer.account_id, by=clerk, now=SOON)

    outcomes = at_once(sign, confirm(committing, report, refusal, second, version=version))
    assert set(outcomes) in ({None}, {None, Stale})
    assert as_it_is(committing, report, refusal) == ("not_accepted", "confirmed", "void")
