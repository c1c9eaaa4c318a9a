"""What comes after a report, as jz_intake may do it: additions once, progress by the code."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from cases import triage
from cases.intake import Addition, UnknownCode, add, progress, tracking_code
from cases.intake.answers import AnswerIdReused, NotOpen
from cases.models.job import Job
from cases.models.report import ReportEvent
from kit.db import take_role
from people.actors import SYSTEM
from tests import make
from tests.make import NOW


@pytest.fixture
def report(session, district):
    return make.report(session)


@pytest.fixture
def as_citizen(session, report):
    """The rest of the test runs as the role that takes reports."""
    session.flush()
    take_role(session, "jz_intake", {})


def addition(report, kind="supplement", **facts):
    parts = {"client_id": uuid4(), "fingerprint": b"\1" * 32, "question_id": None, "text": "又看到一次"}
    return Addition(typed_code=tracking_code(report.client_id), kind=kind, **(parts | facts))


def steps(session):
    session.execute(text("reset role"))
    return [tuple(row) for row in session.execute(select(Job.step, Job.subject).order_by(Job.id))]


def kinds(session, report):
    found = select(ReportEvent.kind).where(ReportEvent.report_id == report.id).order_by(ReportEvent.seq)
    return session.scalars(found).all()


# --- photos: how they are taken stands in test_photos.py


def test_photos_that_came_first_are_made_ready_when_the_report_is_judged(session, report):
    photo = make.promised(session, report, state="stored", storage_key="k")
    triage.judge(session, report.id, now=NOW)
    assert ("clean_report_photo", photo.id) in steps(session)


# --- additions


def test_r9_a_withdrawal_ends_the_report_and_not_the_case(session, report):
    triage.judge(session, report.id, now=NOW)
    case = triage.case_of(session, report)
    take_role(session, "jz_intake", {})
    withdrawn, _, replay = add(session, addition(report, "withdrawal"), now=NOW)
    assert (withdrawn.state, replay) == ("withdrawn", False)
    assert ("settle_replies", report.id) in steps(session)
    assert case.state == "dispatched"


def test_an_addition_is_stored_once_for_its_id(session, report, as_citizen):
    one = addition(report)
    _, stored, _ = add(session, one, now=NOW)
    _, again, replay = add(session, one, now=NOW + timedelta(days=1))
    assert (again, replay, again.received_at) == (stored, True, NOW)
    assert kinds(session, report) == ["supplemented"]
    other = Addition(one.client_id, b"\2" * 32, one.typed_code, "supplement", None, "别的")
    with pytest.raises(AnswerIdReused):
        add(session, other, now=NOW)


def test_an_addition_of_one_report_is_not_told_to_another(session, report):
    one = addition(report)
    add(session, one, now=NOW)
    other = make.report(session)
    with pytest.raises(AnswerIdReused):
        add(
            session,
            Addition(one.client_id, one.fingerprint, tracking_code(other.client_id), "supplement", None, ""),
            now=NOW,
        )


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
@pytest.mark.parametrize("kind", ["supplement", "answer", "withdrawal"])
def test_an_ended_report_takes_nothing_more(session, report, state, kind):
    report.state, report.outcome, report.replied_at = state, "substantiated", NOW
    session.flush()
    with pytest.raises(NotOpen):
        add(session, addition(report, kind), now=NOW)


def test_r3_an_answer_goes_to_the_open_question_and_back_to_the_desk(session, district):
    report = make.report(session, emergency="yes")
    triage.judge(session, report.id, now=NOW)
    question = triage.ask(session, report, text="哪一栋？", by=district.intake, now=NOW)
    with pytest.raises(NotOpen):
        add(session, addition(report, "answer", question_id=uuid4()), now=NOW)
    take_role(session, "jz_intake", {})
    assert progress(session, tracking_code(report.client_id), now=NOW).can == [
        "supplement", "message", "answer", "withdraw", "retaliation",
    ]  # fmt: skip
    add(session, addition(report, "answer", question_id=question.id), now=NOW)
    assert (report.state, question.answered_at) == ("in_review", NOW)
    with pytest.raises(NotOpen):
        add(session, addition(report, "answer", question_id=question.id), now=NOW)


# --- progress


def test_progress_is_told_by_the_code_alone_and_holds_nothing_of_the_case(session, report):
    triage.judge(session, report.id, now=NOW)
    triage.mirror(session, triage.case_of(session, report).id, now=NOW)
    take_role(session, "jz_intake", {})
    found = progress(session, tracking_code(report.client_id).lower(), now=NOW)
    assert found.report is report
    assert [event.kind for event in found.events] == ["review_started", "accepted", "mirrored"]
    assert {event.actor for event in found.events} == {SYSTEM.label}
    assert found.can == ["supplement", "message", "withdraw", "retaliation"]


def test_a_code_of_no_report_is_unknown(session, report, as_citizen):
    with pytest.raises(UnknownCode):
        progress(session, tracking_code(uuid4()), now=NOW)


@pytest.mark.parametrize(
    ("state", "can"),
    [
        ("replied", ["supplement", "message", "rate", "withdraw", "retaliation"]),
        ("closed", ["message", "retaliation"]),
        ("withdrawn", ["retaliation"]),
    ],
)
def test_what_a_reporter_can_still_do(session, report, state, can):
    report.state, report.outcome, report.replied_at = state, "substantiated", NOW
    session.flush()
    assert progress(session, tracking_code(report.client_id), now=NOW).can == can
