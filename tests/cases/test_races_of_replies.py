"""Two at once about what a reporter is told: one reply, one rating after another, and no closing over an objection."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import intake, triage
from cases.intake import Addition
from cases.intake.answers import NotOpen
from cases.intake.codes import tracking_code
from cases.models.reply import Reply
from cases.models.report import Report, ReportEvent
from kit.errors import Stale
from tests import make
from tests.cases.test_races import at_once
from tests.desk import REPLIES, accepted, case_of
from tests.make import NOW

LATER = NOW + timedelta(days=40)


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


@pytest.fixture
def report(committing, district):
    with committing() as session:
        made = accepted(session, district)
        made.outcome = "substantiated"
        return made


@pytest.fixture
def replied(committing, district, report):
    """Its case is closed, and its time is over."""
    with committing() as session:
        held = session.get_one(Report, report.id)
        triage.reply(session, held, text=REPLIES["substantiated"], by=district.intake, now=NOW)
        case_of(session, held).state = "closed"
    return report


def add(committing, report, kind, **said):
    def act():
        with committing() as session:
            code = tracking_code(report.client_id)
            intake.add(session, Addition(uuid4(), b"\1" * 32, code, kind, None, "", **said), now=NOW)

    return act


def close(committing, report):
    def act():
        with committing() as session:
            triage.close_settled(session, report.id, now=LATER)

    return act


def test_m20_of_two_desks_one_replies(committing, district, report):
    def reply():
        with committing() as session:
            held = triage.lock(session, report.id, by=district.intake, expected_version=report.version)
            triage.reply(session, held, text=REPLIES["substantiated"], by=district.intake, now=NOW)

    assert sorted(at_once(reply, reply), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        assert len(session.scalars(select(Reply).where(Reply.report_id == report.id)).all()) == 1


def test_r10_two_workers_close_a_report_once(committing, replied):
    assert at_once(close(committing, replied), close(committing, replied)) == [None, None]
    with committing() as session:
        kinds = session.scalars(select(ReportEvent.kind).where(ReportEvent.report_id == replied.id)).all()
        assert session.get_one(Report, replied.id).state == "closed"
    assert kinds.count("report_closed") == 1


def test_r9_a_withdrawal_and_a_closing_do_not_both_happen(committing, replied):
    outcomes = at_once(add(committing, replied, "withdrawal"), close(committing, replied))
    with committing() as session:
        state = session.get_one(Report, replied.id).state
    assert (set(outcomes), state) in (({None}, "withdrawn"), ({None, NotOpen}, "closed"))


def test_r10_a_rating_comes_before_the_closing_or_is_refused(committing, replied):
    outcomes = at_once(add(committing, replied, "rating", satisfaction=1), close(committing, replied))
    with committing() as session:
        told = session.scalars(select(Reply).where(Reply.report_id == replied.id)).one()
        assert session.get_one(Report, replied.id).state == "closed"
    assert (set(outcomes), told.satisfaction) in (({None}, 1), ({None, NotOpen}, None))


def test_r10_a_case_that_is_opened_again_meanwhile_keeps_its_report_open(committing, replied):
    """T18: either it closed before, or it waits for the case."""

    def reopen():
        with committing() as session:
            case = case_of(session, replied)
            session.refresh(case, with_for_update={"of": type(case)})
            case.state = "rectifying"

    assert at_once(reopen, close(committing, replied)) == [None, None]
    with committing() as session:
        events = session.scalars(select(ReportEvent.kind).where(ReportEvent.report_id == replied.id)).all()
        closed = session.get_one(Report, replied.id).state == "closed"
    assert closed is ("report_closed" in events)
