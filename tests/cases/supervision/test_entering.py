"""Entering a year: previewed, published, replaced whole; all that waited is counted again and nothing else (D2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from cases import clocks, deadlines, policy, provisional, supervision, triage
from cases.models.calendars import CalendarEntry, ProvisionalDate
from cases.models.case import Clock, Notice
from cases.models.job import Job
from cases.models.policy import CalendarDay, CalendarYear
from cases.models.report import Question, ReportEvent
from cases.models.supervision import UrgeOrder
from cases.policy.calendar_years import enter_year
from cases.supervision import entering, urging
from cases.supervision.urging import Demand
from kit.errors import NotAllowed
from people.actors import SYSTEM
from people.roles import Role
from tests import desk, holidays, make
from tests.cases.test_races import at_once
from tests.make import NOW
from tests.walk import Walk
from workers import clocks as jobs_of_clocks
from workers import jobs, sweeps

DECEMBER = datetime(2026, 12, 30, 2, tzinfo=UTC)  # Wednesday: 1 January of the next year is a Friday
LATER = DECEMBER + timedelta(hours=5)


def end_of(day):
    return datetime.fromisoformat(f"{day}T16:00:00+00:00")


@pytest.fixture
def waiting(session, district):
    """A case dispatched before New Year, its verification due in three working days."""
    walk = Walk(session, district, category="FIR-04", now=DECEMBER)
    walk.case.urgency = "normal"
    return walk.dispatched().case


def verify_of(session, case):
    return session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == "verify")).one()


def publish(session, by=SYSTEM, now=LATER, **changes):
    return entering.publish(session, holidays.notice(**changes), by=by, now=now)


def recount_all(session, now=LATER):
    sweeps.find_recountable(session, now=now)
    for job in session.scalars(select(Job).where(Job.step.in_(("recount", "recount_report")), Job.done_at.is_(None))):
        job.done_at = now
        do = jobs_of_clocks.recount if job.step == "recount" else jobs_of_clocks.recount_report
        do(session, job.subject, now=now)
    session.flush()


# --- what it says before


def test_d2_a_preview_says_what_would_move_and_moves_nothing(session, district, waiting):
    clock = verify_of(session, waiting)
    assert (clock.provisional, clock.due_at) == (True, end_of("2027-01-04"))  # by the week alone
    told = entering.preview(session, holidays.notice(), by=district.supervisor, now=LATER)
    moved = {each["clock"]: (each["case"], each["was"], each["until"]) for each in told.items}
    assert moved["verify"] == (waiting.number, end_of("2027-01-04"), end_of("2027-01-05"))
    assert told.certain == len(list(supervision.calendars.waiting(session)))
    assert told.waiting == 0
    assert clock.provisional
    assert 2027 not in policy.calendar(session, LATER).published
    assert session.scalar(select(func.count()).select_from(CalendarEntry)) == 0


def test_a_preview_and_what_then_happens_are_the_same(session, district, waiting):
    told = entering.preview(session, holidays.notice(), by=district.supervisor, now=LATER)
    publish(session, by=district.supervisor)
    recount_all(session)
    clocks = session.scalars(select(Clock).where(Clock.case_id == waiting.id)).all()
    assert {each["clock"] for each in told.items} <= {clock.kind for clock in clocks}
    for each in told.items:  # each body asked beside the town has a clock of the same kind
        ends = [(clock.due_at, clock.provisional) for clock in clocks if clock.kind == each["clock"]]
        assert set(ends) == {(each["until"], False)}


def test_what_even_the_new_year_does_not_make_certain_goes_on_waiting(session, district, waiting):
    clock = verify_of(session, waiting)
    clock.started_at = datetime(2027, 12, 30, tzinfo=UTC)
    session.flush()
    told = entering.preview(session, holidays.notice(), by=district.supervisor, now=LATER)
    assert told.waiting == 1


def test_of_many_moving_dates_the_first_hundred_are_shown(session, district, waiting):
    clock = verify_of(session, waiting)
    row = {name: getattr(clock, name) for name in ("case_id", "profile_id", "amount", "unit", "started_at", "due_at")}
    session.add_all(
        Clock(**row, kind=f"k{n}", original_due_at=clock.due_at, provisional=True) for n in range(entering.MOST_SHOWN)
    )
    session.flush()
    told = entering.preview(session, holidays.notice(), by=district.supervisor, now=LATER)
    assert told.later > len(told.items) == entering.MOST_SHOWN


# --- publishing


def test_x09_a_year_is_published_with_its_rows_its_document_and_who_entered_it(session, district):
    entry = publish(session, by=district.supervisor)
    assert (entry.document, entry.entered_by, entry.entered_at) == (
        "国办发明电〔2026〕9号", district.supervisor.account_id, LATER
    )  # fmt: skip
    calendar = policy.calendar(session, LATER)
    assert 2027 in calendar.published
    assert calendar.is_working(date(2027, 1, 31))  # a worked Sunday
    assert not calendar.is_working(date(2027, 2, 12))
    [(year, newest)] = [(y, e) for y, e in entering.years(session) if y.year == 2027]
    assert (year.published, newest.id) == (True, entry.id)
    assert [e for y, e in entering.years(session) if y.year in {2025, 2026}] == [None, None]  # shipped


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SAFETY_OFFICE}))
def test_only_the_safety_office_enters_a_year(session, district, role):
    for act in (entering.publish, entering.preview):
        with pytest.raises(NotAllowed):
            act(session, holidays.notice(), by=make.officer(session, district.office, role), now=LATER)
    with pytest.raises(NotAllowed):
        publish(session, by=make.officer(session, district.west.org, Role.SAFETY_OFFICE))


def test_an_unsound_notice_is_refused_whole_and_every_fault_is_named(session, district):
    rows = tuple(row for row in holidays.rows() if row.day != date(2027, 1, 1))
    with pytest.raises(entering.UnsoundNotice) as refused:
        publish(session, rows=rows, document="无")
    assert [each["code"] for each in refused.value.extra["faults"]] == [
        "document_form", "holiday_worked", "out_of_season", "unbalanced"
    ]  # fmt: skip
    assert 2027 not in policy.calendar(session, LATER).published
    assert session.scalar(select(func.count()).select_from(CalendarEntry)) == 0


def test_a_correction_replaces_the_year_whole_and_keeps_both_entries(session, district):
    publish(session)
    moved = tuple(row for row in holidays.rows() if row.day != date(2027, 2, 20))
    saturday = holidays.Row(date(2027, 2, 13), "work", "调休上班")
    publish(session, rows=(*moved, saturday), document="国办发明电〔2027〕1号")
    calendar = policy.calendar(session, LATER)
    assert not calendar.is_working(date(2027, 2, 20))  # the line that was taken back is gone
    assert calendar.is_working(date(2027, 2, 13))
    assert session.scalar(select(func.count()).select_from(CalendarEntry)) == 2


def test_f99_december_belongs_to_the_notice_of_the_next_year_when_that_names_it(session, district):
    publish(session)
    session.add(CalendarDay(day=date(2026, 12, 31), kind="rest", name="元旦", source=holidays.notice().source))
    session.flush()
    shipped = {d.day: (d.kind, d.name) for d in session.scalars(select(CalendarDay)) if "2026年" in d.source}
    policy_rows = shipped | {date(2026, 12, 31): ("rest", "旧")}
    enter_year(session, 2026, policy_rows, source="国务院办公厅关于2026年部分节假日安排的通知")
    session.expire_all()
    assert session.get_one(CalendarDay, date(2026, 12, 31)).name == "元旦"
    assert policy.calendar(session, LATER).is_working(date(2026, 2, 14))


def test_publishing_has_all_that_waited_counted_again_at_once(session, district, waiting):
    publish(session)
    put_in = session.scalars(select(Job).where(Job.step == "find_recountable")).one()
    assert put_in.run_after == LATER
    recount_all(session)
    assert (verify_of(session, waiting).due_at, verify_of(session, waiting).provisional) == (
        end_of("2027-01-05"),
        False,
    )


def test_the_warning_that_a_year_is_missing_ends(session, district):
    publish(session)
    supervision.warn(session, now=LATER)
    assert session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "calendar_missing")) == 0


# --- the dates of reports


@pytest.fixture
def report(session, district):
    """A report that waits for a person, received before New Year: looked at within a working day."""
    made = make.report(
        session, category="OTH-01", received_at=datetime(2026, 12, 31, 2, tzinfo=UTC), urgency="normal",
        review_due_at=end_of("2027-01-01"),
    )  # fmt: skip
    triage.judge(session, made.id, now=made.received_at)
    assert made.state == "in_review"
    return made


def entries(session, report):
    rows = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "recounted")
    return [(row.body["clock"], row.body["until"]) for row in session.scalars(rows.order_by(ReportEvent.seq))]


def test_d2_a_reports_first_look_is_counted_again_and_its_alarm_comes_then(session, district, report):
    publish(session)
    recount_all(session)
    assert report.review_due_at == end_of("2027-01-04")
    assert entries(session, report) == [
        ("review", end_of("2027-01-04").isoformat()), ("accept", report.accept_due_at.isoformat())
    ]  # fmt: skip
    [again] = session.scalars(select(Job).where(Job.step == "review_due", Job.run_after == end_of("2027-01-04")))
    assert again.subject == report.id
    triage.review_due(session, report.id, now=end_of("2027-01-01"))  # the old job comes, and finds it early
    assert desk.entries(session, report).count("review_overdue") == 0
    triage.review_due(session, report.id, now=end_of("2027-01-04"))
    assert desk.entries(session, report).count("review_overdue") == 1


def test_d2_an_answer_and_a_refusal_wait_longer_too(session, district, report):
    now = datetime(2026, 12, 31, 3, tzinfo=UTC)
    triage.propose_refusal(
        session, report, reason="same_matter", text="已受理", evidence="案件1", by=district.intake, now=now
    )
    question = triage.ask(session, report, text="在哪里？", by=district.intake, now=now)
    shown = question.due_at
    publish(session)
    recount_all(session)
    session.refresh(question)
    assert question.due_at > shown
    assert deadlines.last_day(question.due_at) == date(2027, 1, 8)
    assert {clock for clock, _ in entries(session, report)} >= {"ask_more", "accept"}
    assert [job.run_after for job in desk.jobs(session, "answer_due")] == [shown, question.due_at]


def test_d2_the_reply_that_a_reporter_was_promised_is_never_earlier_than_it_was_told(session, district, waiting):
    told = desk.accepted(session, district, join=waiting)
    told.urgency = "normal"
    waiting.outcome = "substantiated"
    session.flush()
    triage.mirror(session, waiting.id, now=DECEMBER)
    shown = told.reply_due_at
    noted = session.scalars(select(ProvisionalDate).where(ProvisionalDate.clock == "reply")).one()
    assert noted.due_at == shown
    noted.due_at = told.reply_due_at = shown + timedelta(days=30)  # shown later than the calendar would give
    session.flush()
    publish(session)
    recount_all(session)
    assert told.reply_due_at == shown + timedelta(days=30)
    assert noted.settled_at == LATER
    assert ("reply", (shown + timedelta(days=30)).isoformat()) not in entries(session, told)


def test_f37_a_reply_that_the_festival_moves_is_still_told_within_ten_days(session, district, waiting):
    """Three working days from 3 February would end on the 16th; the outer limit ends on the 13th."""
    told = desk.accepted(session, district, join=waiting)
    told.urgency = "normal"
    waiting.outcome = "substantiated"
    session.flush()
    wednesday = datetime(2027, 2, 3, 2, tzinfo=UTC)
    triage.mirror(session, waiting.id, now=wednesday)
    assert told.reply_due_at == end_of("2027-02-08")
    publish(session, now=wednesday)
    recount_all(session, now=wednesday)
    assert told.reply_due_at == end_of("2027-02-13")
    assert triage.find_late(session, now=end_of("2027-02-08"), limit=5) == []
    assert triage.find_late(session, now=end_of("2027-02-13"), limit=5) == [told.id]


def test_a_date_that_is_not_told_any_more_is_left_alone(session, district, waiting):
    told = desk.accepted(session, district, join=waiting)
    waiting.outcome = "substantiated"
    session.flush()
    triage.mirror(session, waiting.id, now=DECEMBER)
    told.outcome = told.reply_due_at = None  # it has left the case
    session.flush()
    publish(session)
    recount_all(session)
    assert told.reply_due_at is None


def test_d4_what_was_certain_is_not_even_noted(session, district):
    report = desk.waiting(session, emergency="none", category="OTH-01", urgency="normal")
    triage.ask(session, report, text="在哪里？", by=district.intake, now=NOW)
    assert provisional.noted(session) == []
    assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_a_preview_names_reports_by_their_reference_and_nothing_else(session, district, report):
    told = entering.preview(session, holidays.notice(), by=district.supervisor, now=LATER)
    moved = [each for each in told.items if "report" in each]
    assert [(each["report"], each["clock"]) for each in moved] == [
        (report.reference, "review"), (report.reference, "accept")
    ]  # fmt: skip
    assert all(set(each) == {"report", "clock", "was", "until"} for each in moved)


# --- urge orders


def test_d2_an_order_to_be_answered_next_year_waits_for_the_calendar(session, district, waiting):
    now = datetime(2026, 12, 31, 2, tzinfo=UTC)
    demand = Demand("urge_order", district.west.org.id, "请核查")
    order = urging.issue(session, waiting, demand, by=district.supervisor, now=now)
    by_hand = urging.issue(
        session, waiting, Demand("reminder", district.west.org.id, "请核查", reply_due_at=end_of("2027-01-01")),
        by=district.supervisor, now=now,
    )  # fmt: skip
    assert (order.provisional, by_hand.provisional) == (True, False)
    publish(session)
    recount_all(session)
    session.refresh(order)
    assert (order.reply_due_at, order.provisional) == (end_of("2027-01-04"), False)
    assert session.get_one(UrgeOrder, by_hand.id).reply_due_at == end_of("2027-01-01")


# --- really at once


def test_of_two_entries_at_once_the_later_one_holds_whole(committing):
    with committing() as session:
        district = make.district(session)
    first = tuple(row for row in holidays.rows() if row.day != date(2027, 2, 20))
    other = (*first, holidays.Row(date(2027, 2, 13), "work", "调休上班"))

    def enter(rows):
        def act():
            with committing() as session:
                entering.publish(session, holidays.notice(rows=rows), by=district.supervisor, now=LATER)

        return act

    try:
        assert at_once(enter(holidays.rows()), enter(other)) == [None, None]
        with committing() as session:
            newest = session.scalars(select(CalendarEntry).order_by(CalendarEntry.id.desc()).limit(1)).one()
            said = select(CalendarDay.day).where(CalendarDay.source == newest.source, CalendarDay.name != "")
            days = session.scalars(said).all()
            assert {day.isoformat() for day in days} == {each["day"] for each in newest.days}
    finally:
        with committing() as session:
            forget(session)


def test_a_dispatch_beside_an_entry_is_certain_or_counted_again(committing):
    with committing() as session:
        district = make.district(session)
        walk = Walk(session, district, category="FIR-04", now=DECEMBER)
        walk.case.urgency = "normal"
        case = walk.case

    def dispatch():
        with committing() as session:
            walk.session, walk.case = session, session.get_one(make.Case, case.id, with_for_update=True)
            walk.dispatched()

    def enter():
        with committing() as session:
            entering.publish(session, holidays.notice(), by=district.supervisor, now=LATER)

    try:
        assert at_once(dispatch, enter) == [None, None]
        for _ in range(3):
            with committing() as session:
                due = session.scalars(select(Job.id).where(Job.done_at.is_(None), Job.run_after <= LATER)).all()
            for job_id in due:
                jobs.perform(job_id, now=LATER)
        with committing() as session:
            clock = verify_of(session, case)
            assert (clock.due_at, clock.provisional) == (end_of("2027-01-05"), False)
            assert clocks.running(session, session.get_one(make.Case, case.id))
    finally:
        with committing() as session:
            forget(session)


def forget(session):
    """The calendar is policy, which stays from test to test: what was entered here is taken away."""
    session.execute(delete(CalendarDay).where(CalendarDay.source == holidays.notice().source))
    session.execute(delete(CalendarYear).where(CalendarYear.year == 2027))
