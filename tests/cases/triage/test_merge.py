"""Merging and separating (C3), voiding with reports (T20), and a case whose reporter has left (X18, X19, X42, R9)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import handling, routing, triage
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import CaseEvent, Task
from cases.models.decisions import Merge
from cases.models.dispute import Voiding
from cases.models.report import Report, ReportCase
from cases.routing import NotTheSame, place
from cases.routing.void import NoSuchVoiding, VoidProposed
from cases.triage.accept import ClosedAlready
from cases.triage.merge import MergedAlready, NothingSeen, OpenedItsCase, TooLateToMerge
from cases.triage.reports import NoSuchCaseToJoin, NotLinked
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of, entries, jobs, notices, waiting
from tests.make import IN_EAST, NOW, OUTSIDE
from tests.walk import Walk


@pytest.fixture
def case(session, district):
    return case_of(session, accepted(session, district))


def merge(session, district, report, case, *, evidence="同一出口，同一把锁", by=None):
    where = place(session, report)
    return triage.merge(session, report, case.id, where, evidence=evidence, by=by or district.intake, now=NOW)


def separate(session, district, report, **facts):
    chosen = {"category_code": report.category_code, "why": "两家不同的店"} | facts
    return triage.separate(session, report, place(session, report), by=district.intake, now=NOW, **chosen)


# --- merging what waits


def test_x19_a_person_merges_and_what_was_seen_and_measured_is_kept(session, district, case):
    report = waiting(session)
    assert merge(session, district, report, case) is case
    assert (report.state, case_of(session, report).id) == ("accepted", case.id)
    kept = session.scalars(select(Merge)).one()
    assert (kept.evidence, kept.from_case_id, kept.merged_by) == (
        "同一出口，同一把锁",
        None,
        district.intake.account_id,
    )
    assert kept.facts == {"metres": 0.0, "days": 0.0, "same_group": True, "same_named": []}


def test_x19_accepted_into_a_case_it_is_merged_with_evidence_and_facts_and_parted_by_the_same_way(
    session, district, case
):
    report = waiting(session)
    where = place(session, report)
    joined = triage.accept_into(session, report, case.id, where, evidence="同一把锁", by=district.intake, now=NOW)
    assert (joined, report.state, case_of(session, report)) == (case, "accepted", case)
    kept = session.scalars(select(Merge)).one()
    assert (kept.evidence, kept.facts["metres"], kept.from_case_id) == ("同一把锁", 0.0, None)
    assert entries(session, report)[-2:] == ["accepted", "merged"]
    own = separate(session, district, report)
    assert (case_of(session, report), kept.own_case_id, kept.separated_by) == (own, own.id, district.intake.account_id)


@pytest.mark.parametrize("evidence", ["", " \n"])
def test_x19_nobody_merges_without_saying_what_they_have_seen(session, district, case, evidence):
    report = waiting(session)
    where = place(session, report)
    with pytest.raises(NothingSeen):
        triage.accept_into(session, report, case.id, where, evidence=evidence, by=district.intake, now=NOW)
    with pytest.raises(NothingSeen):
        merge(session, district, report, case, evidence=evidence)
    assert (report.state, session.scalars(select(Merge)).all()) == ("in_review", [])


def test_x18_only_what_waits_for_the_desk_is_accepted_into_a_case(session, district, case):
    report = accepted(session, district, IN_EAST)
    where = place(session, report)
    with pytest.raises(NotInState):
        triage.accept_into(session, report, case.id, where, evidence="同一把锁", by=district.intake, now=NOW)


def test_x42_neither_the_case_nor_its_trail_tells_that_another_reported(session, district, case):
    version, before = case.version, entries(session, case)
    for _ in range(3):
        merge(session, district, waiting(session), case)
    assert (case.version, entries(session, case)) == (version, before)


def test_x42_the_reporter_of_a_merged_report_is_told_what_every_reporter_is(session, district, case):
    report = waiting(session)
    merge(session, district, report, case)
    assert entries(session, report)[-2:] == ["accepted", "merged"]


def test_m20_each_merged_report_has_its_own_number_and_reply(session, district, case):
    first = session.scalars(select(Report)).one()
    second = waiting(session)
    merge(session, district, second, case)
    for report in (first, second):
        report.outcome = "substantiated"
        triage.reply(
            session, report, text=f"答复{report.reference}：经核查属实，已责令整改", by=district.intake, now=NOW
        )
        triage.settle_replies(session, report.id, now=NOW)
    assert len({report.reference for report in (first, second)}) == 2
    assert [each.reply.split("：")[0] for each in (first, second)] == [
        f"答复{each.reference}" for each in (first, second)
    ]
    assert case.replies_open is False


def test_x42_that_replies_are_done_is_entered_once_however_many_there_were(session, district, case):
    for _ in range(2):
        report = waiting(session)
        merge(session, district, report, case)
        for each in session.scalars(select(Report).where(Report.state == "accepted")).all():
            each.state = "replied"
        triage.settle_replies(session, report.id, now=NOW)
        assert case.replies_open is False
    assert entries(session, case).count("replies_done") == 1


def test_x18_a_closed_case_takes_no_report(session, district, case):
    case.state = "closed"
    session.flush()
    with pytest.raises(ClosedAlready):
        merge(session, district, waiting(session), case)


def test_a_case_that_is_not_there_is_joined_by_nobody(session, district):
    with pytest.raises(NoSuchCaseToJoin):
        triage.merge(session, waiting(session), uuid4(), place(session, waiting(session)), evidence="-",
                     by=district.intake, now=NOW)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTAKE_OFFICER])
def test_x19_nobody_but_the_intake_desk_merges(session, district, case, role):
    with pytest.raises(NotYourRole):
        merge(session, district, waiting(session), case, by=make.officer(session, district.office, role))


# --- merging what has its own case


def test_a_report_that_leaves_its_own_case_leaves_it_to_be_voided_by_a_second_person(session, district, case):
    report = accepted(session, district)
    own = case_of(session, report)
    merge(session, district, report, case)
    assert (report.state, case_of(session, report).id) == ("accepted", case.id)
    proposed = session.scalars(select(Voiding)).one()
    assert (proposed.case_id, proposed.same_as_case_id, proposed.state) == (own.id, case.id, "proposed")
    assert (own.state, own.replies_open) == ("dispatched", False)
    with pytest.raises(SamePerson):
        routing.confirm_void(session, own, proposed.id, by=district.intake, now=NOW)
    routing.confirm_void(session, own, proposed.id, by=district.supervisor, now=NOW)
    assert own.state == "void"


def test_a_case_that_keeps_another_report_goes_on(session, district, case):
    opener = session.scalars(select(Report)).one()
    merge(session, district, waiting(session), case)
    other = case_of(session, accepted(session, district))
    merge(session, district, opener, other)
    assert session.scalars(select(Voiding)).all() == []
    assert case.replies_open is True
    left = session.scalars(select(ReportCase).where(ReportCase.case_id == case.id)).one()
    assert left.opened is True  # who stands for the case on the desk's lists


def test_t20_two_cases_that_are_both_being_verified_are_handled_to_their_ends(session, district, case):
    report = accepted(session, district)
    case_of(session, report).state = "verifying"
    session.flush()
    with pytest.raises(TooLateToMerge):
        merge(session, district, report, case)


def test_merging_into_its_own_case_is_refused(session, district, case):
    with pytest.raises(MergedAlready):
        merge(session, district, session.scalars(select(Report)).one(), case)


def test_what_was_found_in_the_case_it_left_is_not_what_a_reporter_is_told(session, district, case):
    report = accepted(session, district)
    report.outcome, report.reply_due_at, report.state = "unsubstantiated", NOW, "verifying"
    session.flush()
    merge(session, district, report, case)
    assert (report.outcome, report.reply_due_at, report.state) == (None, None, "accepted")


# --- separating


def test_x19_a_separated_report_gets_its_own_case_and_a_fresh_dispatch(session, district, case):
    report = waiting(session, IN_EAST)
    merge(session, district, report, case)
    own = separate(session, district, report)
    assert own.id != case.id
    assert (own.state, own.responsible_org_id, own.replies_open) == ("dispatched", district.east.org.id, True)
    assert session.get(ReportCase, report.id).opened is True
    assert own.extract is None
    assert report in triage.to_confirm(session, limit=10)
    row = session.scalars(select(Merge)).one()
    assert (row.own_case_id, row.separated_why, row.separated_at) == (own.id, "两家不同的店", NOW)


def test_x42_the_case_it_left_is_not_told(session, district, case):
    before = entries(session, case)
    report = waiting(session)
    merge(session, district, report, case)
    separate(session, district, report)
    assert entries(session, case) == before
    assert case.replies_open is True  # its own reporter still waits


def test_the_case_it_left_waits_for_its_reply_no_longer(session, district, case):
    first = session.scalars(select(Report)).one()
    report = waiting(session)
    merge(session, district, report, case)
    first.state = "replied"
    session.flush()
    separate(session, district, report)
    assert case.replies_open is False


def test_separated_and_merged_again_is_written_down_each_time(session, district, case):
    report = waiting(session)
    merge(session, district, report, case)
    own = separate(session, district, report)
    merge(session, district, report, case)
    rows = session.scalars(select(Merge).order_by(Merge.separated_at.is_(None))).all()
    assert [row.separated_at is None for row in rows] == [False, True]
    assert rows[1].from_case_id == own.id


def test_the_report_for_which_a_case_was_opened_is_not_separated_from_it(session, district, case):
    with pytest.raises(OpenedItsCase):
        separate(session, district, session.scalars(select(Report)).one())
    with pytest.raises(NotLinked):
        separate(session, district, waiting(session))


def test_a_separated_report_outside_every_town_needs_one_named(session, district, case):
    report = waiting(session, OUTSIDE)
    merge(session, district, report, case)
    with pytest.raises(triage.ChooseTown), session.begin_nested():
        separate(session, district, report)
    session.refresh(report)
    own = separate(session, district, report, town=district.east.org, category_code="FIR-05")
    assert (own.responsible_org_id, own.category_code, report.category_code) == (
        district.east.org.id, "FIR-05", "FIR-05",
    )  # fmt: skip


def test_a_replied_report_stays_where_it_was_answered(session, district, case):
    report = waiting(session)
    merge(session, district, report, case)
    report.state = "replied"
    session.flush()
    with pytest.raises(NotInState):
        separate(session, district, report)


def test_c3_a_reports_own_case_is_not_proposed_as_its_duplicate(session, district, case):
    report = session.scalars(select(Report)).one()
    other = case_of(session, accepted(session, district))
    found = triage.of_report(session, report, now=NOW)
    assert [each.case.id for each in found.duplicates] == [other.id]


# --- T20: voiding, and what becomes of the reports


def void(session, district, case, *, reason="test_entry", same_as=None, by=None):
    proposed = routing.propose_void(
        session, case, reason=reason, text="误录", same_as=same_as, by=district.intake, now=NOW
    )
    routing.confirm_void(session, case, proposed.id, by=by or district.supervisor, now=NOW)
    return proposed


@pytest.mark.parametrize("state", ["registered", "dispatched", "arbitrating", "signed"])
def test_t20_two_people_void_an_entry_and_everybody_loses_it(session, district, state):
    case = Walk(session, district).dispatched().case
    case.state = state
    session.flush()
    void(session, district, case)
    assert case.state == "void"
    assert set(session.scalars(select(Task.state).where(Task.case_id == case.id))) == {"cancelled"}
    assert handling.dossier(session, case, by=district.supervisor).clocks == []
    assert entries(session, case)[-2:] == ["void_proposed", "voided"]


@pytest.mark.parametrize("state", ["verifying", "rectifying", "referred", "on_hold", "closure_review", "closed"])
def test_t20_what_is_being_verified_is_not_voided(session, district, state):
    case = make.case(session, district.west.org, state=state)
    with pytest.raises(NotInState):
        routing.propose_void(session, case, reason="spam", text="-", same_as=None, by=district.intake, now=NOW)


def test_t20_a_case_that_was_taken_up_meanwhile_is_not_voided(session, district):
    case = make.case(session, district.west.org, state="signed")
    proposed = routing.propose_void(session, case, reason="spam", text="-", same_as=None, by=district.intake, now=NOW)
    case.state = "verifying"
    session.flush()
    with pytest.raises(NotInState):
        routing.confirm_void(session, case, proposed.id, by=district.supervisor, now=NOW)
    assert proposed.state == "proposed"


def test_t20_a_second_person_may_also_say_no(session, district, case):
    proposed = routing.propose_void(session, case, reason="spam", text="-", same_as=None, by=district.intake, now=NOW)
    with pytest.raises(VoidProposed):
        routing.propose_void(session, case, reason="spam", text="-", same_as=None, by=district.supervisor, now=NOW)
    with pytest.raises(SamePerson):
        routing.reject_void(session, case, proposed.id, note="-", by=district.intake, now=NOW)
    routing.reject_void(session, case, proposed.id, note="属实", by=district.supervisor, now=NOW)
    assert (case.state, proposed.state) == ("dispatched", "rejected")
    with pytest.raises(NoSuchVoiding):
        routing.confirm_void(session, case, uuid4(), by=district.supervisor, now=NOW)


def test_t20_an_exact_duplicate_names_another_open_case_and_no_other_reason_does(session, district, case):
    other = case_of(session, accepted(session, district))
    ended = make.case(session, district.west.org, state="closed")
    for reason, same_as in (("exact_duplicate", None), ("exact_duplicate", case), ("exact_duplicate", ended),
                            ("spam", other)):  # fmt: skip
        with pytest.raises(NotTheSame):
            routing.propose_void(session, case, reason=reason, text="-", same_as=same_as, by=district.intake, now=NOW)


def test_promise_1_the_reports_of_a_void_case_go_back_to_the_desk(session, district, case):
    report = session.scalars(select(Report)).one()
    report.outcome = "substantiated"
    void(session, district, case)
    (job,) = jobs(session, "rehouse_reports")
    assert job.subject == case.id
    for _ in range(2):
        triage.rehouse(session, case.id, now=NOW)
    assert (report.state, report.waits_for, report.outcome) == ("in_review", "case_void", None)
    assert triage.waiting(session, limit=10) == [report]
    assert len(notices(session, "case_void")) == 1
    with pytest.raises(NotLinked):
        triage.case_of(session, report)
    triage.accept(session, report, place(session, report), category_code="FIR-02", by=district.intake, now=NOW)
    assert case_of(session, report).id != case.id


def test_x18_the_reports_of_a_repetition_join_the_case_that_it_repeated(session, district, case):
    report = accepted(session, district)
    own = case_of(session, report)
    case.replies_open = False
    void(session, district, own, reason="exact_duplicate", same_as=case)
    triage.rehouse(session, own.id, now=NOW)
    assert (report.state, case_of(session, report).id, case.replies_open) == ("accepted", case.id, True)


def test_promise_1_when_the_repeated_case_has_ended_too_its_reports_go_back_to_the_desk(session, district, case):
    report = accepted(session, district)
    own = case_of(session, report)
    void(session, district, own, reason="exact_duplicate", same_as=case)
    case.state = "void"
    session.flush()
    triage.rehouse(session, own.id, now=NOW)
    assert report.state == "in_review"


def test_a_withdrawn_or_replied_report_stays_with_its_void_case(session, district, case):
    report = session.scalars(select(Report)).one()
    for state in ("withdrawn", "replied"):
        report.state = state
        session.flush()
        triage.rehouse(session, case.id, now=NOW)
        assert report.state == state


# --- R9: the reporter leaves, the case goes on


def test_r9_a_withdrawn_report_stays_as_its_reporter_left_it(session, district, case):
    report = session.scalars(select(Report)).one()
    report.state = "withdrawn"
    session.flush()
    before = entries(session, report)
    for state in ("signed", "verifying", "rectifying", "closed"):
        case.state, case.outcome = state, "substantiated"
        session.flush()
        triage.mirror(session, case.id, now=NOW)
    assert (report.state, report.outcome, report.reply_due_at) == ("withdrawn", None, None)
    assert entries(session, report) == before


def test_r9_a_case_whose_only_reporter_left_is_closed_without_a_reply(session, district):
    report = accepted(session, district)
    report.state = "withdrawn"
    session.flush()
    triage.settle_replies(session, report.id, now=NOW)
    walk = Walk(session, district)
    walk.case = case_of(session, report)
    walk.dispatched = lambda: walk
    walk.closable()
    handling.close(session, walk.case, note="办结", by=district.supervisor, now=walk.now)
    assert walk.case.state == "closed"
    replied = select(CaseEvent.id).where(CaseEvent.case_id == walk.case.id, CaseEvent.kind == "replied")
    assert session.scalars(replied).all() == []


def test_r9_q2_the_desk_still_confirms_the_extract_of_a_withdrawn_report(session, district, case):
    """Or the handlers of a case that goes on would never learn what it is about."""
    report = session.scalars(select(Report)).one()
    report.state = "withdrawn"
    session.flush()
    assert triage.to_confirm(session, limit=10) == [report]
    triage.confirm_extract(session, report, case, text="出口上锁", photo_ids=[], by=district.intake, now=NOW)
    assert case.extract == "出口上锁"
    assert triage.to_confirm(session, limit=10) == []


@pytest.mark.parametrize("state", ["closed", "void"])
def test_q2_an_ended_case_needs_no_extract(session, district, case, state):
    case.state = state
    session.flush()
    assert triage.to_confirm(session, limit=10) == []


# --- the desk's list of replies


def test_r7_replies_are_listed_by_when_they_are_due(session, district):
    for number in range(5):
        report = accepted(session, district, review_due_at=NOW - timedelta(hours=number))
        report.outcome, report.reply_due_at = "substantiated", NOW + timedelta(hours=number // 2)
    session.flush()
    paged: list[Report] = []
    after = None
    while page := triage.to_reply(session, limit=2, after=after):
        paged += page
        after = (page[-1].reply_due_at, page[-1].id)
    assert len(paged) == 5
    assert paged == sorted(paged, key=lambda report: (report.reply_due_at, report.id))


@pytest.mark.parametrize("has_its_own", [False, True])
def test_x33_an_emergency_is_not_lost_in_a_case_that_has_time(session, district, case, has_its_own):
    """Whoever is trapped now is in no queue of days, because somebody reported the same door last week."""
    case.urgency = "urgent"
    report = accepted(session, district) if has_its_own else waiting(session)
    merge(session, district, waiting(session, category="OTH-01", emergency="none"), case)
    assert (case.urgency, entries(session, case)[-1]) == ("urgent", "dispatched")
    merge(session, district, report, case)
    assert (case.urgency, entries(session, case)[-1]) == ("immediate", "made_immediate")
    told = {each.org_id for each in notices(session, "made_immediate")}
    assert told == {case.responsible_org_id, district.office.id}
    merge(session, district, waiting(session), case)
    assert entries(session, case).count("made_immediate") == 1
