"""Deadlines across a year whose holidays are not published yet (D2, D4, X09, X13)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import clocks, policy, supervision
from cases.models.case import Clock, Notice
from cases.models.policy import CalendarDay
from cases.policy.calendar_years import NotOfThisNotice, SaysNothing, enter_year
from tests import make
from tests.make import NOW
from tests.walk import Walk

DECEMBER = datetime(2026, 12, 28, 2, tzinfo=UTC)  # Monday
NEW_YEAR = {date(2027, 1, day): ("rest", "元旦") for day in (1, 2, 3)} | {date(2027, 1, 9): ("work", "元旦调休")}


@pytest.fixture
def waiting(session, district):
    """A case dispatched on 28 December: three working days end in the next year's notice, which is not known."""
    walk = Walk(session, district, category="FIR-04", now=DECEMBER)
    walk.case.urgency = "normal"
    return walk.dispatched().case


def clock_of(session, case, kind="verify"):
    return session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == kind)).one()


def recount_all(session, now=DECEMBER):
    found = supervision.find_recountable(session, now=now)
    for case_id in found:
        supervision.recount(session, session.get_one(make.Case, case_id), now=now)
    return found


def test_x09_without_the_notice_a_deadline_is_provisional_and_is_left_so(session, waiting):
    clock = clock_of(session, waiting)
    assert clock.provisional
    shown = clock.due_at
    assert recount_all(session) == []
    assert (clock.due_at, clock.provisional) == (shown, True)


def test_d2_when_the_notice_comes_it_is_counted_again_with_an_entry(session, waiting, trail_of):
    clock = clock_of(session, waiting)
    shown = clock.due_at
    more = {date(2026, 12, 31): ("rest", "元旦")}
    enter_year(session, 2027, NEW_YEAR | more, source="国办2027")
    assert recount_all(session) == [waiting.id]
    assert not clock.provisional
    assert clock.due_at == clock.original_due_at > shown
    entries = {entry.body["clock"]: entry.body for entry in trail_of(waiting, "recounted")}
    assert (entries["verify"]["was"], entries["verify"]["until"]) == (shown.isoformat(), clock.due_at.isoformat())
    assert recount_all(session) == []


def test_d2_a_deadline_never_becomes_earlier_than_it_was_shown(session, waiting):
    """A worked weekend would bring it forward; what a reporter was told holds."""
    clock = clock_of(session, waiting)
    clock.due_at = clock.original_due_at = clock.due_at + timedelta(days=5)
    session.flush()
    shown = clock.due_at
    enter_year(session, 2027, NEW_YEAR, source="国办2027")
    recount_all(session)
    assert (clock.due_at, clock.provisional) == (shown, False)


def test_d4_a_certain_clock_is_never_counted_again(session, district):
    case = Walk(session, district, now=NOW).dispatched().case
    before = {clock.kind: clock.due_at for clock in clocks.running(session, case) if not clock.provisional}
    assert "verify" in before
    session.add(CalendarDay(day=date(2026, 11, 25), kind="rest", name="临时", source="x"))
    enter_year(session, 2027, NEW_YEAR, source="国办2027")
    recount_all(session, now=NOW)
    after = {clock.kind: clock.due_at for clock in clocks.running(session, case)}
    assert {kind: after[kind] for kind in before} == before


def test_a_date_that_an_act_has_set_and_what_remained_of_a_clock_stay(session, waiting):
    clock = clock_of(session, waiting)
    clock.extended_at, clock.due_at = DECEMBER, clock.due_at + timedelta(days=2)
    session.flush()
    shown, first = clock.due_at, clock.original_due_at
    enter_year(session, 2027, NEW_YEAR | {date(2026, 12, 31): ("rest", "元旦")}, source="国办2027")
    recount_all(session)
    assert (clock.due_at, clock.original_due_at, clock.provisional) == (shown, first, False)


def test_a_recount_shows_on_the_queue(session, waiting):
    enter_year(session, 2027, NEW_YEAR | {date(2026, 12, 31): ("rest", "元旦")}, source="国办2027")
    recount_all(session)
    task = session.scalars(select(make.Task).where(make.Task.case_id == waiting.id, make.Task.kind == "town")).one()
    session.refresh(task)
    first = next(clock for clock in clocks.running(session, waiting) if clock.kind != "total")
    assert task.due_at == first.due_at


# --- entering a year


def test_a_year_that_is_entered_is_published_and_a_second_entry_corrects_it(session):
    enter_year(session, 2027, NEW_YEAR, source="国办2027")
    enter_year(session, 2027, NEW_YEAR | {date(2027, 1, 2): ("rest", "元旦改")}, source="国办2027更正")
    calendar = policy.calendar(session, NOW)
    assert 2027 in calendar.published
    assert calendar.is_working(date(2027, 1, 9))
    assert not calendar.is_working(date(2027, 1, 1))
    assert session.get_one(CalendarDay, date(2027, 1, 2)).name == "元旦改"


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ({}, SaysNothing),
        ({date(2026, 11, 30): ("rest", "x")}, NotOfThisNotice),
        ({date(2028, 1, 1): ("rest", "x")}, NotOfThisNotice),
        ({date(2027, 1, 4): ("work", "x")}, SaysNothing),  # a Monday is worked anyhow
        ({date(2027, 1, 4): ("holiday", "x")}, SaysNothing),
    ],
)
def test_a_notice_with_a_row_that_cannot_be_is_refused_whole(session, days, refusal):
    with pytest.raises(refusal):
        enter_year(session, 2027, days, source="x")
    assert 2027 not in policy.calendar(session, NOW).published


# --- the warning


@pytest.mark.parametrize(("day", "warned"), [((11, 14), False), ((11, 15), True), ((12, 31), True)])
def test_x09_from_mid_november_the_district_is_told_that_a_year_is_missing(session, district, told, day, warned):
    supervision.warn(session, now=datetime(2026, *day, 4, tzinfo=UTC))
    assert told() == ([("calendar_missing", -district.office.id)] if warned else [])


def test_the_warning_comes_weekly_until_the_year_is_entered(session, district):
    def warnings():
        return len(session.scalars(select(Notice.id).where(Notice.kind == "calendar_missing")).all())

    for hours in (0, 1, 24 * 6, 24 * 7 + 1):
        supervision.warn(session, now=NOW + timedelta(hours=hours))
    assert warnings() == 2
    enter_year(session, 2027, NEW_YEAR, source="国办2027")
    supervision.warn(session, now=NOW + timedelta(days=30))
    assert warnings() == 2
