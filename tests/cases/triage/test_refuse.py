"""R6: not to accept a report takes two people, a listed reason that rests on something, and words to its reporter."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import policy, triage
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.refusal import REFUSAL_MOVES
from cases.models.decisions import REFUSAL_STATES, Refusal
from cases.models.policy import PolicyValue, ReasonCode
from cases.models.report import Report, ReportEvent
from cases.routing import place
from cases.triage.refuse import EvidenceMissing, NoSuchRefusal, NotAskedYet, RefusalProposed
from people.actors import CITIZEN, SYSTEM
from people.roles import Role
from tests import make
from tests.desk import entries, jobs, notices, waiting
from tests.make import NOW, OUTSIDE

DAY = timedelta(days=1)


@pytest.fixture
def second(session, district):
    return make.officer(session, district.office, Role.INTAKE_OFFICER)


def propose(session, district, report, *, now=NOW, **parts):
    facts = {"reason": "not_safety", "text": "属于邻里纠纷", "evidence": ""} | parts
    return triage.propose_refusal(session, report, by=district.intake, now=now, **facts)


def test_r6_a_proposal_changes_nothing_for_the_reporter_until_it_is_confirmed(session, district, second):
    report = waiting(session)
    before = report.version
    refusal = propose(session, district, report)
    assert (report.state, report.version, refusal.state) == ("in_review", before + 1, "proposed")
    triage.confirm_refusal(session, report, refusal.id, by=second, now=NOW)
    assert (report.state, refusal.state, refusal.decided_by) == ("not_accepted", "confirmed", second.account_id)
    told = session.scalars(select(ReportEvent).where(ReportEvent.kind == "not_accepted")).one()
    assert (told.body["zh"], told.body["text"]) == ("不属于安全生产、消防等安全事项", "属于邻里纠纷")
    assert "evidence" not in told.body


def test_r6_whoever_proposed_neither_confirms_nor_rejects(session, district):
    report = waiting(session)
    refusal = propose(session, district, report)
    with pytest.raises(SamePerson):
        triage.confirm_refusal(session, report, refusal.id, by=district.intake, now=NOW)
    with pytest.raises(SamePerson):
        triage.reject_refusal(session, report, refusal.id, note="-", by=district.intake, now=NOW)
    assert (report.state, refusal.state) == ("in_review", "proposed")


def test_r6_two_people_by_whatever_way_a_row_comes_in(session, district):
    refusal = propose(session, district, waiting(session))
    refusal.decided_by = refusal.proposed_by
    session.flush()
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.connection().exec_driver_sql("update intake.refusal set state = 'confirmed'")


def test_r6_a_rejected_proposal_leaves_the_report_on_the_desk_to_be_decided_anew(session, district, second):
    report = waiting(session)
    refusal = propose(session, district, report)
    triage.reject_refusal(session, report, refusal.id, note="有隐患", by=second, now=NOW)
    assert (report.state, refusal.state, refusal.note) == ("in_review", "rejected", "有隐患")
    assert propose(session, district, report).id != refusal.id


def test_a_report_has_one_open_proposal(session, district):
    report = waiting(session)
    propose(session, district, report)
    with pytest.raises(RefusalProposed):
        propose(session, district, report)


@pytest.mark.parametrize("reason", ["because", "spam", "outside_district"])
def test_r6_a_reason_of_another_list_or_of_none_is_refused(session, district, reason):
    with pytest.raises(policy.UnknownReason):
        propose(session, district, waiting(session), reason=reason)


def test_r6_a_withdrawn_reason_is_refused_x32(session, district):
    gone = ReasonCode(
        kind="not_accept", code="not_safety", version=2, effective_at=NOW, position=1, zh="-", en="-", active=False
    )
    session.add(gone)
    session.flush()
    with pytest.raises(policy.UnknownReason):
        propose(session, district, waiting(session))


@pytest.mark.parametrize("reason", ["same_matter", "other_procedure", "untrue"])
def test_r6_plainly_untrue_and_its_like_need_evidence(session, district, reason):
    report = waiting(session)
    for evidence in ("", "  \n"):
        with pytest.raises(EvidenceMissing):
            propose(session, district, report, reason=reason, evidence=evidence)
    assert propose(session, district, report, reason=reason, evidence="法院受理通知书 2026-1").state == "proposed"


def test_x32_what_needs_evidence_is_the_districts_to_say(session, district):
    rule = {"evidence": ["not_safety"], "silence": []}
    session.add(PolicyValue(key="refusal_needs", version=2, effective_at=NOW, value=rule, note=""))
    session.flush()
    with pytest.raises(EvidenceMissing):
        propose(session, district, waiting(session))


def test_r3_r6_an_incomplete_report_is_refused_only_after_its_reporter_was_asked_in_vain(session, district):
    report = waiting(session)
    with pytest.raises(NotAskedYet):
        propose(session, district, report, reason="no_object")
    question = triage.ask(session, report, text="哪一家？", by=district.intake, now=NOW)
    with pytest.raises(NotInState):
        propose(session, district, report, reason="no_object", now=question.due_at - DAY)
    triage.answer_due(session, report.id, now=question.due_at)
    assert propose(session, district, report, reason="no_object", now=question.due_at).state == "proposed"


def test_r3_an_answer_keeps_a_report_from_being_refused_as_incomplete(session, district):
    report = waiting(session)
    question = triage.ask(session, report, text="哪一家？", by=district.intake, now=NOW)
    question.answered_at = NOW
    report.state = "in_review"
    session.flush()
    with pytest.raises(NotAskedYet):
        propose(session, district, report, reason="no_object", now=question.due_at)


# --- what overtakes a proposal


def test_an_accepted_redirected_or_questioned_report_leaves_its_proposal_behind(session, district, second):
    acts = {
        "accept": lambda report: triage.accept(
            session, report, place(session, report), category_code="FIR-02", by=second, now=NOW
        ),
        "redirect": lambda report: triage.redirect(
            session, report, place(session, report), reason="noise", to=triage.Receiver(), text="", by=second, now=NOW
        ),
        "ask": lambda report: triage.ask(session, report, text="哪里？", by=second, now=NOW),
    }
    for act in acts.values():
        report = waiting(session)
        refusal = propose(session, district, report)
        act(report)
        assert refusal.state == "overtaken"
        with pytest.raises(NotInState):
            triage.confirm_refusal(session, report, refusal.id, by=second, now=NOW)


def test_r9_a_withdrawn_report_is_not_refused_any_more(session, district, second):
    report = waiting(session)
    refusal = propose(session, district, report)
    report.state = "withdrawn"
    session.flush()
    assert triage.refusals_to_confirm(session, limit=10) == []
    with pytest.raises(NotInState):
        triage.confirm_refusal(session, report, refusal.id, by=second, now=NOW)


def test_a_proposal_of_another_report_is_none_of_this_one(session, district, second):
    refusal = propose(session, district, waiting(session))
    for id_ in (refusal.id, uuid4()):
        with pytest.raises(NoSuchRefusal):
            triage.confirm_refusal(session, waiting(session), id_, by=second, now=NOW)


# --- the list and its clock


def due_of(refusal):
    return Session.object_session(refusal).get_one(Report, refusal.report_id).accept_due_at


def test_the_second_person_finds_proposals_by_what_is_due_and_misses_none(session, district):
    reports = [waiting(session, OUTSIDE, emergency="none", received_at=NOW - days * DAY) for days in (0, 2, 1, 1, 0)]
    for report in reports:
        propose(session, district, report)
    paged: list[Refusal] = []
    after = None
    while page := triage.refusals_to_confirm(session, limit=2, after=after):
        paged += [refusal for refusal, _ in page]
        after = (due_of(paged[-1]), paged[-1].id)
    assert len(paged) == 5
    assert paged == sorted(paged, key=lambda refusal: (due_of(refusal), refusal.id))
    assert paged[0].report_id == reports[1].id


def test_f39_the_desk_decides_within_five_working_days_of_receipt(session, district):
    report = waiting(session, OUTSIDE, emergency="none", urgency="normal")
    propose(session, district, report)
    assert report.accept_due_at.isoformat() == "2026-12-01T16:00:00+00:00"


def test_f39_when_the_time_is_over_and_nobody_confirmed_the_district_is_told(session, district, second):
    report = waiting(session, OUTSIDE, emergency="none", urgency="normal")
    refusal, due_at = propose(session, district, report), report.accept_due_at
    triage.urge_desk(session, report.id, now=due_at - timedelta(seconds=1))
    assert notices(session, "decision_overdue") == []
    for _ in range(2):
        triage.urge_desk(session, report.id, now=due_at)
    (told,) = notices(session, "decision_overdue")
    assert (told.org_id, told.case_id) == (district.office.id, None)
    triage.confirm_refusal(session, report, refusal.id, by=second, now=due_at)
    triage.urge_desk(session, report.id, now=due_at + DAY)
    assert entries(session, report).count("decision_overdue") == len(notices(session, "decision_overdue")) == 1


# --- who, from where


@pytest.mark.parametrize("state", ["submitted", "need_more", "accepted", "replied", "withdrawn", "not_accepted"])
def test_r6_only_a_report_in_review_is_refused(session, district, state):
    report = make.report(session, state=state)
    with pytest.raises(NotInState):
        propose(session, district, report)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTAKE_OFFICER])
def test_r6_nobody_but_the_intake_desk_proposes_or_decides(session, district, role):
    who = make.officer(session, district.office, role)
    report = waiting(session)
    with pytest.raises(NotYourRole):
        triage.propose_refusal(session, report, reason="not_safety", text="-", evidence="", by=who, now=NOW)
    refusal = propose(session, district, report)
    for decide in (triage.confirm_refusal, lambda *a, **k: triage.reject_refusal(*a, note="-", **k)):
        with pytest.raises(NotYourRole):
            decide(session, report, refusal.id, by=who, now=NOW)


@pytest.mark.parametrize("name", REFUSAL_MOVES)
def test_a_proposal_is_decided_once(name):
    move = REFUSAL_MOVES[name]
    assert (move.rule, move.source, move.by) == ("R6", {"proposed"}, {Role.INTAKE_OFFICER})
    assert {each.target for each in REFUSAL_MOVES.values()} == set(REFUSAL_STATES) - {"proposed"}
    assert move.system == (name == "overtake")
    assert not move.citizen
    assert CITIZEN.account_id is SYSTEM.account_id is None


# --- R3: silence


def test_r3_without_an_answer_the_report_goes_back_to_the_desk_once(session, district):
    report = waiting(session)
    question = triage.ask(session, report, text="哪里？", by=district.intake, now=NOW)
    (job,) = jobs(session, "answer_due")
    assert (job.subject, job.run_after) == (report.id, question.due_at)
    triage.answer_due(session, report.id, now=question.due_at - DAY)
    assert report.state == "need_more"
    for _ in range(2):
        triage.answer_due(session, report.id, now=question.due_at)
    assert (report.state, report.waits_for) == ("in_review", "no_answer")
    assert entries(session, report).count("answer_missed") == 1


def test_r3_an_old_questions_time_does_not_end_a_new_one(session, district):
    report = waiting(session)
    first = triage.ask(session, report, text="哪里？", by=district.intake, now=NOW)
    report.state = "in_review"
    later = triage.ask(session, report, text="几号楼？", by=district.intake, now=NOW + 2 * DAY)
    assert later.due_at > first.due_at
    triage.answer_due(session, report.id, now=first.due_at)
    assert report.state == "need_more"
