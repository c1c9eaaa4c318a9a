"""R2, R3, R6, X33: what is immediate goes out in its time, whatever was asked and whatever was proposed about it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import access, handling, intake, triage
from cases.intake.answers import NotOpen
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import NotInState
from cases.models.case import Case, Clock, Task
from cases.models.decisions import Refusal
from cases.models.dispute import Voiding
from cases.models.report import ReportEvent
from cases.routing import place
from cases.triage.call_back import CaseGoesOn
from tests import make
from tests.desk import accepted, case_of, entries, jobs, notices, waiting
from tests.make import NEAR_BORDER, NOW, OUTSIDE
from tests.refusals import all_are_drawn, rechecks, second_of

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SOON = NOW + 5 * MINUTE


@pytest.fixture
def second(session, district):
    return second_of(session, district)


def asked(session, district, *args, **facts):
    report = waiting(session, *args, **facts)
    question = triage.ask(session, report, text="是几号楼？", by=district.intake, now=NOW + MINUTE)
    return report, question


def answer(session, report, question, *, now):
    addition = intake.answers.Addition(
        uuid4(), b"\1" * 32, intake.codes.tracking_code(report.client_id), "answer", question.id, "是21号楼"
    )
    return intake.answers.add(session, addition, now=now)


def proposed(session, district, *args, **facts):
    report = waiting(session, *args, **facts)
    refusal = triage.propose_refusal(
        session, report, reason="not_safety", text="属于邻里纠纷", evidence="", by=district.intake, now=NOW + MINUTE
    )
    return report, refusal


def gone_out(session, district, *args, **facts):
    """A proposal whose second person did not come in time."""
    report, refusal = proposed(session, district, *args, **facts)
    triage.review_due(session, report.id, now=SOON)
    assert report.state == "accepted"
    return report, refusal, case_of(session, report)


# --- a question


@pytest.mark.parametrize("place_", [make.IN_WEST, NEAR_BORDER])
def test_x33_an_emergency_under_question_goes_to_its_town_in_the_time_of_one_that_nobody_asked_about(
    session, district, place_
):
    report, question = asked(session, district, place_)
    triage.review_due(session, report.id, now=SOON - timedelta(seconds=1))
    assert report.state == "need_more"
    for _ in range(2):
        triage.review_due(session, report.id, now=SOON)
    case = case_of(session, report)
    assert (case.state, case.provisional, case.responsible_org_id) == ("dispatched", True, district.west.org.id)
    assert entries(session, report) == ["review_started", "waits", "asked", "review_overdue", "accepted"]
    assert len(jobs(session, "tell_duty")) == 1
    assert question.answered_at is None


def test_r3_what_was_asked_is_still_answered_when_the_town_is_on_its_way_and_the_desk_hears_of_it(session, district):
    report, question = asked(session, district)
    triage.review_due(session, report.id, now=SOON)
    code = intake.codes.tracking_code(report.client_id)
    told = intake.progress(session, code, now=SOON)
    assert (told.question, "answer" in told.can) == (question, True)
    before = report.version
    answer(session, report, question, now=SOON + MINUTE)
    assert (report.state, question.answered_at) == ("accepted", SOON + MINUTE)
    assert (report.unheard_since, report.version) == (SOON + MINUTE, before + 1)
    assert len(jobs(session, "tell_desk")) == 1
    with pytest.raises(NotOpen):
        answer(session, report, question, now=SOON + MINUTE)
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_r3_a_question_that_was_overtaken_closes_with_its_time_and_brings_nothing_back(session, district):
    report, question = asked(session, district)
    triage.review_due(session, report.id, now=SOON)
    triage.answer_due(session, report.id, now=question.due_at)
    assert report.state == "accepted"
    with pytest.raises(NotOpen):
        answer(session, report, question, now=question.due_at)


def test_r3_an_answer_in_time_begins_the_time_anew(session, district):
    report, question = asked(session, district)
    answer(session, report, question, now=NOW + 3 * MINUTE)
    triage.review_due(session, report.id, now=SOON)
    assert report.state == "in_review"
    triage.review_due(session, report.id, now=NOW + 8 * MINUTE)
    assert case_of(session, report).provisional


def test_r4_what_is_found_to_be_immediate_while_its_reporter_is_asked_goes_out(session, district):
    report, _ = asked(session, district, category="OTH-01", emergency="none", urgency="normal")
    triage.categorise(session, report, category_code="FW-02", reason="私存烟花", by=district.intake, now=NOW + DAY)
    triage.review_due(session, report.id, now=NOW + DAY + 5 * MINUTE)
    assert case_of(session, report).provisional


@pytest.mark.parametrize(
    ("place_", "facts"),
    [
        (make.IN_WEST, {"deaths": True}),
        (make.IN_WEST, {"category": "CCL-01"}),
        (make.IN_WEST, {"category": "OTH-01"}),
        (OUTSIDE, {}),
    ],
)
def test_x34_what_no_town_gets_is_alarmed_under_question_and_climbs(session, district, place_, facts):
    report, _ = asked(session, district, place_, **facts)
    triage.review_due(session, report.id, now=SOON)
    assert (report.state, len(jobs(session, "tell_duty"))) == ("need_more", 1)
    assert triage.find_late(session, now=SOON, limit=5) == [report.id]
    assert triage.is_late(report, now=SOON)
    assert triage.board(session, now=SOON).all.overdue == 1
    for moment in (SOON, SOON + 61 * MINUTE):
        triage.urge_desk(session, report.id, now=moment)
    assert entries(session, report)[-2:] == ["decision_overdue"] * 2
    assert (report.state, session.scalar(select(func.count()).select_from(Case))) == ("need_more", 0)


def test_m19_one_that_was_under_question_before_is_found_by_the_sweep(session, district):
    report, _ = asked(session, district)
    report.accept_due_at = None
    session.flush()
    assert triage.find_late(session, now=NOW + DAY, limit=5) == [report.id]
    triage.urge_desk(session, report.id, now=NOW + DAY)
    assert case_of(session, report).provisional


# --- a proposal not to accept it


def test_r6_a_proposal_waits_on_for_its_second_person_who_sees_that_the_town_is_on_its_way(session, district):
    report, refusal, case = gone_out(session, district)
    assert (refusal.state, case.state, case.provisional) == ("proposed", "dispatched", True)
    assert triage.refusals_to_confirm(session, limit=5) == [(refusal, report)]


@pytest.mark.parametrize("signed", [False, True])
def test_r6_confirmed_it_ends_the_case_by_the_same_two_people_and_whoever_was_sent_hears_so(
    session, district, second, signed
):
    report, refusal, case = gone_out(session, district)
    if signed:
        handling.sign(session, case, person_id=district.west.officer.account_id, by=district.west.clerk, now=SOON)
    with pytest.raises(SamePerson):
        triage.confirm_refusal(session, report, refusal.id, by=district.intake, now=SOON)
    triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON + MINUTE)
    assert (report.state, refusal.state, case.state) == ("not_accepted", "confirmed", "void")
    voiding = session.scalars(select(Voiding)).one()
    assert (voiding.reason_code, voiding.state, voiding.text) == ("not_accepted", "confirmed", "")
    assert (voiding.proposed_by, voiding.decided_by) == (district.intake.account_id, second.account_id)
    assert set(session.scalars(select(Task.state).where(Task.case_id == case.id))) == {"cancelled"}
    assert session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.stopped_at.is_(None))).all() == []
    told = {notice.org_id for notice in notices(session, "case_void")}
    assert told == {district.west.org.id, district.fire.id, district.police.id}
    triage.rehouse(session, case.id, now=SOON + MINUTE)
    triage.mirror(session, case.id, now=SOON + MINUTE)
    assert report.state == "not_accepted"
    ending = session.scalars(select(ReportEvent).where(ReportEvent.kind == "not_accepted")).one()
    assert ending.body["text"] == "属于邻里纠纷"


def test_r6_rejected_it_leaves_the_town_on_its_way(session, district, second):
    report, refusal, case = gone_out(session, district)
    due = report.accept_due_at
    triage.reject_refusal(session, report, refusal.id, note="有隐患", by=second, now=SOON + MINUTE)
    assert (report.state, refusal.state, case.state) == ("accepted", "rejected", "dispatched")
    assert report.accept_due_at == due


@pytest.mark.parametrize("mirrored", [False, True])
def test_r6_when_somebody_is_there_no_refusal_ends_the_case(session, district, second, mirrored):
    report, refusal, case = gone_out(session, district)
    case.state = "verifying"
    session.flush()
    if mirrored:
        triage.mirror(session, case.id, now=SOON)
        assert (report.state, refusal.state) == ("verifying", "overtaken")
        assert triage.refusals_to_confirm(session, limit=5) == []
    with pytest.raises(CaseGoesOn):
        triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    assert (case.state, session.scalar(select(func.count()).select_from(Voiding))) == ("verifying", 0)


def test_r6_when_somebody_else_reported_the_same_no_refusal_ends_the_case(session, district, second):
    report, refusal, case = gone_out(session, district)
    other = accepted(session, district, join=case)
    with pytest.raises(CaseGoesOn):
        triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    assert (case.state, other.state) == ("dispatched", "accepted")


def test_x18_one_that_joins_another_case_leaves_its_proposal_behind(session, district, second):
    report, refusal, _ = gone_out(session, district)
    target = case_of(session, accepted(session, district, make.IN_EAST))
    triage.merge(session, report, target.id, place(session, report), evidence="同一处", by=second, now=SOON)
    assert refusal.state == "overtaken"
    with pytest.raises(NotInState):
        triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    assert target.state == "dispatched"


def test_t20_one_whose_case_was_a_repetition_leaves_its_proposal_behind_with_it(session, district):
    report, refusal, case = gone_out(session, district)
    session.add(
        Voiding(
            case_id=case.id, reason_code="exact_duplicate", text="-", state="confirmed", version=1,
            same_as_case_id=case_of(session, accepted(session, district, make.IN_EAST)).id,
            proposed_by=district.intake.account_id, proposed_at=NOW, decided_by=district.supervisor.account_id,
            decided_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    triage.rehouse(session, case.id, now=SOON)
    assert (report.state, refusal.state) == ("accepted", "overtaken")


def test_r6_found_wrong_afterwards_it_is_on_the_desk_again_as_any_other(session, district, second):
    all_are_drawn(session)
    report, refusal, _ = gone_out(session, district)
    triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    december = NOW + 7 * DAY
    triage.draw_rechecks(session, now=december)
    (recheck,) = rechecks(session)
    triage.overturn_refusal(session, recheck, report, note="有隐患", by=district.supervisor, now=december)
    assert report.state == "in_review"
    triage.review_due(session, report.id, now=december + 5 * MINUTE)
    assert (report.state, case_of(session, report).state) == ("accepted", "dispatched")


def test_x34_a_proposal_about_what_no_town_gets_stays_on_the_desk(session, district, second):
    report, refusal = proposed(session, district, deaths=True)
    triage.review_due(session, report.id, now=SOON)
    triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    assert (report.state, session.scalar(select(func.count()).select_from(Case))) == ("not_accepted", 0)


def test_c12_the_towns_people_read_of_no_report_in_what_ends_its_case(session, district, second):
    report, refusal, case = gone_out(session, district)
    triage.confirm_refusal(session, report, refusal.id, by=second, now=SOON)
    seen = access.find(session, case.id, by=district.west.clerk)
    assert seen.state == "void"
    texts = [notice.text for notice in notices(session, "case_void")]
    assert not [text for text in texts if report.reference in text or "邻里" in text]
    assert session.scalar(select(func.count()).where(Refusal.state == "confirmed")) == 1
