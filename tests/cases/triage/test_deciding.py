"""D-accept: what waits for the desk is decided in time, counted from when it came or came back (R2-R6, F39, M19)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import intake, routing, triage
from cases.models.case import Case
from cases.models.report import Question
from tests import make
from tests.desk import accepted, case_of, entries, jobs, notices, waiting
from tests.make import NOW, OUTSIDE
from tests.refusals import all_are_drawn, rechecks, refuse, second_of

DAY, FIVE_MINUTES = timedelta(days=1), timedelta(minutes=5)
THURSDAY = NOW + 2 * DAY
# 24:00 of the fifth working day after Tuesday 24 November, and after Thursday 26 November.
DUE, DUE_AGAIN = (datetime.fromisoformat(f"2026-12-0{day}T16:00:00+00:00") for day in (1, 3))


@pytest.fixture
def report(session, district):
    """A usual report that waits for the desk since Tuesday, and that somebody has seen."""
    made = waiting(session, OUTSIDE, emergency="none", urgency="normal")
    triage.mark_seen(session, made, by=district.intake, now=NOW)
    return made


def answered(session, district, report):
    question = triage.ask(session, report, text="是几号楼？", by=district.intake, now=NOW)
    answer(session, report, question, now=THURSDAY)


def answer(session, report, question, *, now):
    code = intake.codes.tracking_code(report.client_id)
    text = "是21号楼"
    print_ = intake.answers.fingerprint("answer", question.id, text)
    intake.answers.add(session, intake.answers.Addition(uuid4(), print_, code, "answer", question.id, text), now=now)


def missed(session, district, report):
    question = triage.ask(session, report, text="是几号楼？", by=district.intake, now=NOW)
    session.get_one(Question, question.id).due_at = THURSDAY
    triage.answer_due(session, report.id, now=THURSDAY)


def rejected(session, district, report):
    made = triage.propose_refusal(
        session, report, reason="not_safety", text="-", evidence="", by=district.intake, now=NOW
    )
    triage.reject_refusal(session, report, made.id, note="有隐患", by=second_of(session, district), now=THURSDAY)


def overturned(session, district, report):
    all_are_drawn(session)
    refuse(session, report, first=district.intake, second=second_of(session, district), now=NOW - 30 * DAY)
    triage.draw_rechecks(session, now=THURSDAY)
    (recheck,) = rechecks(session)
    triage.overturn_refusal(session, recheck, report, note="有隐患", by=district.supervisor, now=THURSDAY)


def void(session, district, report):
    placing = routing.place(session, report)
    triage.accept(session, report, placing, category_code="FIR-02", by=district.intake, now=NOW, town=district.west.org)
    case = case_of(session, report)
    made = routing.propose_void(
        session, case, reason="test_entry", text="误录", same_as=None, by=district.intake, now=NOW
    )
    routing.confirm_void(session, case, made.id, by=district.supervisor, now=THURSDAY)
    triage.rehouse(session, case.id, now=THURSDAY)


COMES_BACK = {act.__name__: act for act in (answered, missed, rejected, overturned, void)}


def test_f39_the_time_to_decide_runs_from_receipt(session, district):
    report = make.report(session, OUTSIDE, received_at=NOW, urgency="normal")
    triage.judge(session, report.id, now=NOW + 4 * DAY)  # after an outage
    assert report.accept_due_at == DUE
    assert report.state == "in_review"


@pytest.mark.parametrize("act", COMES_BACK)
def test_f39_it_begins_anew_when_a_report_comes_back_to_the_desk(session, district, report, act):
    assert report.accept_due_at == DUE
    COMES_BACK[act](session, district, report)
    assert report.state == "in_review"
    assert report.accept_due_at == DUE_AGAIN
    assert jobs(session, "review_due")[-1].run_after == report.review_due_at
    assert report.review_due_at == datetime.fromisoformat("2026-11-27T16:00:00+00:00")  # a working day for the look


@pytest.mark.parametrize("act", COMES_BACK)
def test_r2_an_emergency_that_came_back_and_is_left_goes_out_by_itself(session, district, act):
    report = waiting(session, urgency="immediate")
    COMES_BACK[act](session, district, report)
    assert report.accept_due_at == report.review_due_at == THURSDAY + FIVE_MINUTES
    report.seen_at = THURSDAY
    for seconds in (-1, 0, 30):
        triage.review_due(session, report.id, now=report.review_due_at + timedelta(seconds=seconds))
    assert (report.state, case_of(session, report).provisional) == ("accepted", True)
    assert entries(session, report).count("review_overdue") == len(jobs(session, "tell_duty")) == 1


def test_r3_what_waits_for_its_reporter_does_not_wait_for_the_desk(session, district):
    report = waiting(session, OUTSIDE, emergency="none", urgency="urgent")
    triage.ask(session, report, text="是几号楼？", by=district.intake, now=NOW)
    late = report.accept_due_at + DAY
    triage.review_due(session, report.id, now=late)
    triage.urge_desk(session, report.id, now=late)
    assert triage.find_late(session, now=late, limit=5) == []
    assert (report.state, triage.is_late(report, now=late)) == ("need_more", False)
    assert triage.board(session, now=late).all.overdue == 0


def test_r4_what_is_found_to_be_more_urgent_is_decided_sooner(session, district):
    report = waiting(session, category="OTH-01", emergency="none", urgency="normal")
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    triage.categorise(session, report, category_code="FW-02", reason="私存烟花", by=district.intake, now=THURSDAY)
    assert report.urgency == "immediate"
    assert report.accept_due_at == report.review_due_at == THURSDAY + FIVE_MINUTES
    assert entries(session, report)[-2:] == ["recategorised", "hastened"]
    assert jobs(session, "review_due")[-1].run_after == THURSDAY + FIVE_MINUTES
    triage.review_due(session, report.id, now=THURSDAY + FIVE_MINUTES)
    assert case_of(session, report).provisional


def test_d9_what_was_late_stays_late_though_it_is_found_to_be_more_urgent(session, district):
    report = waiting(session, category="OTH-01", emergency="none", urgency="normal")
    triage.categorise(session, report, category_code="FW-02", reason="-", by=district.intake, now=DUE + DAY)
    assert report.accept_due_at == DUE
    assert triage.is_late(report, now=DUE + DAY)


def test_r4_another_category_that_is_no_more_urgent_gives_no_time(session, district):
    report = waiting(session, category="OTH-01", emergency="none", urgency="urgent")
    was = report.accept_due_at, report.review_due_at
    triage.categorise(session, report, category_code="FIR-02", reason="-", by=district.intake, now=THURSDAY)
    assert (report.accept_due_at, report.review_due_at) == was
    assert "hastened" not in entries(session, report)


def test_m19_the_board_and_the_report_say_that_it_is_late(session, district, report):
    for moment, late, next_due in ((DUE - timedelta(seconds=1), False, DUE), (DUE, True, DUE)):
        board = triage.board(session, now=moment)
        assert (board.all.waiting, board.all.overdue, board.all.next_due_at) == (1, int(late), next_due)
        assert triage.is_late(report, now=moment) is late


def test_m19_a_report_that_came_before_there_was_a_time_gets_one_by_the_sweep(session, district, report):
    report.accept_due_at = None
    session.flush()
    assert triage.find_late(session, now=NOW, limit=5) == [report.id]
    triage.urge_desk(session, report.id, now=NOW + DAY)
    assert report.accept_due_at == DUE
    rejected(session, district, report)
    report.accept_due_at = None
    session.flush()
    triage.urge_desk(session, report.id, now=THURSDAY + DAY)
    assert report.accept_due_at == DUE_AGAIN


def test_accepted_in_time_nobody_is_urged(session, district):
    report = accepted(session, district)
    late = report.accept_due_at + DAY
    triage.urge_desk(session, report.id, now=late)
    assert triage.find_late(session, now=late, limit=5) == []
    assert "decision_overdue" not in entries(session, report)
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_c12_whoever_is_urged_reads_of_which_report_on_the_desk_alone(session, district, report):
    triage.urge_desk(session, report.id, now=DUE)
    (told,) = notices(session, "decision_overdue")
    assert told.case_id is None
    assert report.reference not in told.text
