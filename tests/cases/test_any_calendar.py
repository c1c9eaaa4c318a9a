"""Deadlines under any calendar that a notice could make: in every year, at its border, on worked weekends (D1-D3)."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases import deadlines
from cases.deadlines import YEAR_END, Calendar
from kit.clock import LOCAL_ZONE

HOURS = ((time(8), time(12)), (time(14), time(18)))
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
days = st.dates(FIRST, LAST)
published = st.sets(st.sampled_from([2026, 2027, 2028])).map(frozenset)
notices = st.dictionaries(days, st.booleans(), max_size=120)
calendars = st.builds(lambda exceptions, years: Calendar(exceptions, years, HOURS), notices, published)
starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(LOCAL_ZONE))  # noqa: DTZ001
borders = st.datetimes(datetime(2026, 12, 20), datetime(2027, 1, 10), timezones=st.just(LOCAL_ZONE))  # noqa: DTZ001
amounts = st.integers(1, 30)


def after(start, last):
    """Every day after that of `start`, up to and with `last`."""
    day = start.date()
    return [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]


@given(starts, amounts, calendars)
def test_d1_as_many_working_days_lie_after_the_day_of_the_event_as_were_given(start, amount, calendar):
    last = deadlines.last_day(deadlines.add(start, amount, "work_d", calendar).due_at)

    assert sum(calendar.is_working(day) for day in after(start, last)) == amount
    assert calendar.is_working(last)


@given(starts, amounts, amounts, calendars)
def test_working_days_add_up_in_any_year(start, first, second, calendar):
    middle = deadlines.last_day(deadlines.add(start, first, "work_d", calendar).due_at)
    noon = datetime.combine(middle, time(12), LOCAL_ZONE)

    once = deadlines.add(start, first + second, "work_d", calendar)
    assert deadlines.add(noon, second, "work_d", calendar).due_at == once.due_at


@given(starts, amounts, calendars, st.sampled_from(deadlines.Unit), st.booleans())
def test_a_longer_limit_and_a_later_start_never_end_earlier(start, amount, calendar, unit, roll):
    due = deadlines.add(start, amount, unit, calendar, roll=roll).due_at

    assert start < due <= deadlines.add(start, amount + 1, unit, calendar, roll=roll).due_at
    assert due <= deadlines.add(start + timedelta(hours=7), amount, unit, calendar, roll=roll).due_at


@given(starts, amounts, notices, days)
def test_x08_a_rest_day_more_gives_no_less_time_and_a_worked_weekend_no_more(start, amount, exceptions, day):
    def due(worked):
        calendar = Calendar(exceptions | {day: worked}, frozenset({2026, 2027, 2028}), HOURS)
        return deadlines.add(start, amount, "work_d", calendar).due_at

    assert due(worked=True) <= due(worked=False)


@given(borders, amounts, notices)
def test_x09_a_limit_is_provisional_exactly_when_a_day_that_it_needed_waits_for_a_notice(start, amount, exceptions):
    """Only 2026 is published: whatever reaches 29 December waits for the notice of 2027 (F99)."""
    due = deadlines.add(start, amount, "work_d", Calendar(exceptions, frozenset({2026}), HOURS))

    needed = after(start, deadlines.last_day(due.due_at))
    assert due.provisional is any(day.year > 2026 or (day.month, day.day) >= YEAR_END for day in needed)


@given(borders, amounts, notices, notices)
def test_d2_when_the_notice_comes_nothing_that_was_shown_becomes_earlier(start, amount, before, told):
    shown = deadlines.add(start, amount, "work_d", Calendar(before, frozenset({2026}), HOURS))
    known = Calendar(before | told, frozenset({2026, 2027, 2028}), HOURS)

    again = deadlines.recompute(shown, deadlines.add(start, amount, "work_d", known))

    assert again.due_at >= shown.due_at
    assert not again.provisional
    assert deadlines.recompute(again, deadlines.add(start, amount, "work_d", known)) == again


@given(starts, amounts, calendars)
def test_d3_a_limit_about_danger_ends_so_many_days_later_whatever_the_calendar_says(start, amount, calendar):
    due = deadlines.add(start, amount, "cal_d", calendar)

    assert deadlines.last_day(due.due_at) == start.date() + timedelta(days=amount)
    assert not due.provisional


@given(starts, amounts, calendars)
def test_d3_rolling_ends_on_the_first_working_day_from_there_on(start, amount, calendar):
    plain = start.date() + timedelta(days=amount)
    rolled = deadlines.last_day(deadlines.add(start, amount, "cal_d", calendar, roll=True).due_at)

    assert rolled >= plain
    assert [day for day in after(start, rolled) if day >= plain and calendar.is_working(day)] == [rolled]


@given(starts, st.integers(1, 60), calendars)
def test_f77_working_hours_end_within_office_hours_of_a_working_day(start, hours, calendar):
    due_at = deadlines.add(start, hours, "work_h", calendar).due_at.astimezone(LOCAL_ZONE)

    assert calendar.is_working(due_at.date())
    assert any(opens < due_at.time() <= closes for opens, closes in HOURS)
    assert due_at - start.astimezone(UTC) >= timedelta(hours=hours)
