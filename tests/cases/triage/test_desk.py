"""The district desk: accepting by hand, joining, asking, the extract, replies, and what a reporter is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import access, triage
from cases.lifecycle.machine import NotInState
from cases.models.case import Case, CaseEvent, Task
from cases.models.handling import Picture
from cases.models.job import Job
from cases.models.report import Masking, Report, ReportEvent, ReportPhoto
from cases.routing import place
from cases.routing.owner import NoSuchOwner
from cases.triage.accept import ClosedAlready, NotForATown
from cases.triage.extract import PhotoNotReady
from cases.triage.reply import NoOutcomeYet
from cases.triage.reports import NoSuchReport, NotLinked
from kit.errors import Stale, Unconditional
from people.actors import SYSTEM
from people.roles import Role
from tests import make
from tests.make import IN_WEST, NEAR_BORDER, NOW, OUTSIDE


def waiting(session, *args, **facts):
    report = make.report(session, *args, **({"emergency": "yes"} | facts))
    triage.judge(session, report.id, now=NOW)
    assert report.state == "in_review"
    return report


def accept(session, district, report, **choice):
    choice.setdefault("category_code", report.category_code)
    return triage.accept(session, report, place(session, report), by=district.intake, now=NOW, **choice)


def told(session, report):
    found = select(ReportEvent.body["stage"].astext).where(
        ReportEvent.report_id == report.id, ReportEvent.kind == "mirrored"
    )
    return session.scalars(found.order_by(ReportEvent.seq)).all()


def replied(session, district, report):
    report.outcome = report.outcome or "substantiated"
    triage.reply(session, report, text="经核查属实，已责令整改", by=district.intake, now=NOW)
    triage.settle_replies(session, report.id, now=NOW)


# --- accepting


def test_r4_the_desk_accepts_into_a_new_case_of_the_containing_town(session, district):
    case = accept(session, district, waiting(session, NEAR_BORDER))
    assert (case.state, case.responsible_org_id, case.provisional) == ("dispatched", district.west.org.id, False)


def test_r4_the_desk_may_choose_the_other_town_at_a_border(session, district):
    case = accept(session, district, waiting(session, NEAR_BORDER), town=district.east.org)
    assert case.responsible_org_id == district.east.org.id


def test_r4_outside_every_town_the_desk_must_name_one(session, district):
    report = waiting(session, OUTSIDE)
    with pytest.raises(triage.ChooseTown), session.begin_nested():
        accept(session, district, report)
    session.refresh(report)
    case = accept(session, district, report, town=district.east.org)
    assert (case.responsible_org_id, case.unit_id, case.routed_how) == (district.east.org.id, None, "manual")


def test_f05_x34_a_death_goes_to_the_group_of_the_district_and_never_to_a_town(session, district):
    report = waiting(session, category="CCL-01", deaths=True)
    with pytest.raises(NotForATown), session.begin_nested():
        accept(session, district, report, town=district.west.org)
    session.refresh(report)
    case = accept(session, district, report)
    assert case.responsible_org_id == district.group.id
    main = session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == district.group.id)).one()
    assert main.kind == "group"


def test_f05_a_death_waits_where_the_district_has_no_group_yet(session, district):
    report = waiting(session, category="CCL-01", deaths=True)
    district.group.active = False
    session.flush()
    with pytest.raises(NoSuchOwner):
        accept(session, district, report)


def test_oth_01_becomes_what_the_desk_finds_it_to_be(session, district):
    case = accept(session, district, waiting(session, category="OTH-01", emergency="none"), category_code="FIR-02")
    assert case.category_code == "FIR-02"


def test_a_report_is_accepted_once(session, district):
    report = waiting(session)
    accept(session, district, report)
    with pytest.raises(NotInState), session.begin_nested():
        accept(session, district, report)


# --- joining


def test_x18_a_joined_report_keeps_its_own_reply(session, district):
    """X18: a report is not a case; each gets its own answer (M20)."""
    first, second = waiting(session), waiting(session)
    case = accept(session, district, first)
    assert accept(session, district, second, join=case).id == case.id
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    replied(session, district, first)
    assert (first.state, second.state, case.replies_open) == ("replied", "accepted", True)
    replied(session, district, second)
    assert case.replies_open is False


def test_x18_a_report_that_joins_after_the_outcome_is_told_of_it(session, district):
    """Or its reply could never be written, and the case never be closed."""
    case = accept(session, district, waiting(session))
    case.state, case.outcome = "closure_review", "substantiated"
    second = waiting(session)
    accept(session, district, second, join=case)
    jobs = select(Job.step).where(Job.subject == case.id, Job.step == "mirror_reports").order_by(Job.id)
    assert session.scalars(jobs).all() == ["mirror_reports", "mirror_reports"]
    triage.mirror(session, case.id, now=NOW)
    assert second.outcome == "substantiated"
    replied(session, district, second)


@pytest.mark.parametrize("state", ["closed", "void"])
def test_a_report_joins_only_a_case_that_is_open(session, district, state):
    case = make.case(session, district.west.org, state=state)
    with pytest.raises(ClosedAlready):
        accept(session, district, waiting(session), join=case)
    assert case.replies_open is False


def test_x42_a_case_does_not_say_how_many_reports_it_has(session, district):
    case = accept(session, district, waiting(session))
    report = waiting(session)
    accept(session, district, report, join=case)
    bodies = session.scalars(select(CaseEvent.body).where(CaseEvent.case_id == case.id)).all()
    assert not [body for body in bodies if str(report.id) in str(body)]


# --- replies


def test_g_rep_a_withdrawn_report_waits_for_no_reply(session, district):
    report = waiting(session)
    case = accept(session, district, report)
    triage.settle_replies(session, report.id, now=NOW)
    assert case.replies_open is True
    report.state = "withdrawn"
    session.flush()
    for _ in range(2):
        triage.settle_replies(session, report.id, now=NOW)
    assert case.replies_open is False
    done = select(func.count()).where(CaseEvent.case_id == case.id, CaseEvent.kind == "replies_done")
    assert session.scalar(done) == 1


def test_settling_a_report_without_a_case_does_nothing(session, district):
    triage.settle_replies(session, waiting(session).id, now=NOW)


def test_r7_nothing_is_replied_before_there_is_an_outcome(session, district):
    report = waiting(session)
    accept(session, district, report)
    with pytest.raises(NoOutcomeYet):
        triage.reply(session, report, text="经核查属实，已处理", by=district.intake, now=NOW)


# --- mirror


def test_a_stage_is_told_once_and_holds_nothing_but_its_name(session, district):
    report = waiting(session)
    case = accept(session, district, report)
    for state in ("dispatched", "signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review"):
        case.state = state
        for _ in range(2):
            triage.mirror(session, case.id, now=NOW)
    assert told(session, report) == ["dispatched", "signed", "verifying", "rectifying", "closure_review"]
    assert report.state == "verifying"
    bodies = session.scalars(select(ReportEvent.body).where(ReportEvent.kind == "mirrored")).all()
    assert {key for body in bodies for key in body} == {"stage"}


def test_r7_the_reply_is_due_so_many_working_days_after_the_outcome(session, district):
    report = waiting(session, OUTSIDE, emergency="none")
    case = accept(session, district, report, town=district.west.org)
    case.state, case.outcome = "rectifying", "substantiated"
    triage.mirror(session, case.id, now=NOW)
    triage.mirror(session, case.id, now=NOW + timedelta(days=2))
    assert report.outcome == "substantiated"
    assert report.reply_due_at.isoformat() == "2026-11-27T16:00:00+00:00"  # three working days: Friday, 24:00
    assert triage.to_reply(session, limit=10) == [report]


# --- the extract


def photo(session, report, *, state="clean", named=True, confirmation=1, burnt=1):
    made = ReportPhoto(
        report_client_id=report.client_id, client_id=uuid4(), sha256=b"\2" * 32, bytes=1, named=named,
        state=state, large_key="clean/large", small_key="clean/small",
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(
        Masking(
            photo_id=made.id, width=100, height=100, confirmed=[], confirmed_by=1, confirmation=confirmation,
            burnt=burnt, large_key=f"clean/{made.id}", small_key="clean/masked-small",
        )
    )  # fmt: skip
    session.flush()
    return made


def test_q2_handlers_get_the_confirmed_extract_and_clean_copies_without_a_way_back(session, district):
    report = waiting(session)
    case = accept(session, district, report)
    chosen, left_out = photo(session, report), photo(session, report)
    assert triage.to_confirm(session, limit=10) == [report]
    triage.confirm_extract(
        session, report, case, text="安全出口上锁", photo_ids=[chosen.id], by=district.intake, now=NOW
    )
    assert (case.extract, case.extract_confirmed_at) == ("安全出口上锁", NOW)
    picture = session.scalars(select(Picture).where(Picture.case_id == case.id)).one()
    assert (picture.role, picture.sha256, picture.storage_key, picture.account_id) == ("extract", None, None, None)
    assert (picture.large_key, picture.small_key) == (f"clean/{chosen.id}", "clean/masked-small")
    assert picture.id not in {chosen.id, chosen.client_id, left_out.id}
    assert triage.to_confirm(session, limit=10) == []


@pytest.mark.parametrize(
    "facts", [{"state": "stored"}, {"state": "rejected"}, {"named": False}, {"burnt": 0}, {"confirmation": 2}]
)
def test_q2_a_photo_that_was_not_cleaned_promised_and_masked_is_not_released(session, district, facts):
    report = waiting(session)
    case = accept(session, district, report)
    with pytest.raises(PhotoNotReady):
        triage.confirm_extract(
            session, report, case, text="x", photo_ids=[photo(session, report, **facts).id], by=district.intake, now=NOW
        )
    assert case.extract is None


def test_q2_a_photo_of_another_report_is_not_released(session, district):
    report, other = waiting(session), waiting(session)
    case = accept(session, district, report)
    with pytest.raises(PhotoNotReady):
        triage.confirm_extract(
            session, report, case, text="x", photo_ids=[photo(session, other).id], by=district.intake, now=NOW
        )
    with pytest.raises(NotLinked):
        triage.confirm_extract(session, other, case, text="x", photo_ids=[], by=district.intake, now=NOW)


# --- who, and the question


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTAKE_OFFICER])
def test_c12_only_the_intake_desk_loads_a_report(session, district, role):
    report = make.report(session)
    who = make.officer(session, district.office, role)
    for load in (triage.find, triage.lock, triage.lock_to_read):
        with pytest.raises(triage.NotTheDesk):
            load(session, report.id, by=who)


def test_a_report_is_changed_in_the_version_that_was_seen(session, district):
    report = make.report(session)
    with pytest.raises(Unconditional):
        triage.lock(session, report.id, by=district.intake)
    with pytest.raises(Stale) as refusal:
        triage.lock(session, report.id, by=district.intake, expected_version=7)
    assert refusal.value.extra["current"] == {"id": str(report.id), "state": "submitted", "version": 1}
    assert triage.lock(session, report.id, by=SYSTEM) is report
    with pytest.raises(NoSuchReport):
        triage.lock(session, uuid4(), by=SYSTEM)


def test_r3_a_question_waits_five_working_days_and_counts_as_the_first_look(session, district):
    report = waiting(session)
    question = triage.ask(session, report, text="请说明楼栋", by=district.intake, now=NOW)
    assert (report.state, report.seen_at) == ("need_more", NOW)
    assert question.due_at.isoformat() == "2026-12-01T16:00:00+00:00"
    assert triage.waiting(session, limit=10) == [report]
    accept(session, district, report)
    assert report.state == "accepted"


def test_the_desk_pages_by_what_is_due_and_misses_none(session, district):
    ids = []
    for number in range(5):
        report = make.report(session, OUTSIDE, review_due_at=NOW + timedelta(hours=number // 2))
        triage.judge(session, report.id, now=NOW)
        ids.append(report)
    paged: list[Report] = []
    after = None
    while page := triage.waiting(session, limit=2, after=after):
        paged += page
        after = (page[-1].review_due_at, page[-1].id)
    assert len(paged) == 5
    assert paged == sorted(ids, key=lambda report: (report.review_due_at, report.id))


def test_a_case_that_the_desk_opened_is_found_by_its_town(session, district):
    case = accept(session, district, waiting(session, IN_WEST))
    assert access.find(session, case.id, by=district.west.clerk) is case
