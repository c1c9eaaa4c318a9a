"""Deadlines as values: the rules D1 to D10, the traps X08 to X15. The golden cases are in test_golden.py."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import deadlines
from cases.deadlines import Calendar, Colour, Due, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8), time(12)), (time(14), time(18)))  # F77
SEEDS = Path(__file__).parents[2] / "cases" / "policy" / "seeds"


def _calendar() -> Calendar:
    with (SEEDS / "calendar_days.csv").open(encoding="utf-8") as rows:
        exceptions = {date.fromisoformat(row["day"]): row["kind"] == "work" for row in csv.DictReader(rows)}
    return Calendar(exceptions, frozenset({2025, 2026}), HOURS)


CALENDAR = _calendar()


def local(day: str, at: str = "10:00:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), SHANGHAI)


def end_of(day: str) -> datetime:
    """24:00 of a local day, said as UTC: 16:00 of the same date."""
    return datetime.combine(date.fromisoformat(day), time(16), UTC)


@pytest.mark.parametrize("sunday", ["2026-01-04", "2026-09-20"])
def test_a_worked_sunday_is_a_working_day_x08(sunday):
    assert date.fromisoformat(sunday).isoweekday() == 7
    assert CALENDAR.is_working(date.fromisoformat(sunday))


def test_a_calendar_day_limit_that_does_not_roll_needs_no_notice_d2():
    assert not deadlines.add(local("2026-12-01"), 60, "cal_d", CALENDAR).provisional
    assert deadlines.add(local("2026-12-01"), 60, "cal_d", CALENDAR, roll=True).provisional


def test_a_published_notice_moves_a_deadline_later_but_never_earlier_than_shown_d2_x09():
    shown = Due(end_of("2027-02-10"), provisional=True)

    assert deadlines.recompute(shown, Due(end_of("2027-02-20"))) == Due(end_of("2027-02-20"))
    assert deadlines.recompute(shown, Due(end_of("2027-02-08"))) == Due(end_of("2027-02-10"))


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (local("2026-11-24", "00:00:00"), "2026-11-25"),
        (local("2026-11-24", "23:58:00"), "2026-11-25"),
        (local("2026-11-24", "23:59:59"), "2026-11-25"),
        (local("2026-11-25", "00:00:00"), "2026-11-26"),
        (local("2026-11-25", "00:03:00"), "2026-11-26"),
        (datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC), "2026-11-25"),
        (datetime(2026, 11, 24, 16, tzinfo=UTC), "2026-11-26"),
    ],
)
def test_the_day_of_receipt_is_day_zero_in_shanghai_d1_x11(received, last):
    for unit in ("work_d", "cal_d"):
        assert deadlines.add(received, 1, unit, CALENDAR).due_at == end_of(last)


def test_hour_limits_start_at_once_and_run_through_a_holiday_d1_x12():
    start = local("2026-02-14", "23:30:00")

    assert deadlines.add(start, 24, "clock_h", CALENDAR) == Due(start + timedelta(hours=24))
    assert deadlines.add(start, 30, "clock_min", CALENDAR) == Due(start + timedelta(minutes=30))
    assert deadlines.add(start, 0, "clock_min", CALENDAR) == Due(start)
    assert deadlines.add(start, 1, "clock_h", CALENDAR).due_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local("2026-11-24", "09:00:00"), 2, local("2026-11-24", "11:00:00")),
        (local("2026-11-24", "11:00:00"), 2, local("2026-11-24", "15:00:00")),
        (local("2026-11-24", "12:30:00"), 4, local("2026-11-24", "18:00:00")),
        (local("2026-11-24", "18:00:00"), 1, local("2026-11-25", "09:00:00")),
        (local("2026-11-24", "06:00:00"), 8, local("2026-11-24", "18:00:00")),
        (local("2026-11-27", "17:00:00"), 4, local("2026-11-30", "11:00:00")),
        (local("2026-02-14", "17:00:00"), 4, local("2026-02-24", "11:00:00")),  # a worked Saturday, then nine days off
        (local("2026-11-28", "10:00:00"), 0, local("2026-11-28", "10:00:00")),
    ],
)
def test_working_hours_run_only_in_office_hours_of_working_days_f77(start, hours, due):
    assert deadlines.add(start, hours, "work_h", CALENDAR) == Due(due)


def test_working_hours_are_the_districts_own():
    early = Calendar(CALENDAR.exceptions, CALENDAR.published, ((time(7), time(11)),))

    assert deadlines.add(local("2026-11-24"), 2, "work_h", early) == Due(local("2026-11-25", "08:00:00"))


@pytest.mark.parametrize("hours", [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(18)))])
def test_working_hours_that_overlap_or_are_missing_are_refused(hours):
    with pytest.raises(ValueError, match="working hours"):
        Calendar({}, frozenset(), hours)


@pytest.mark.parametrize(("amount", "unit"), [(-1, "clock_h"), (0, "work_d"), (0, "cal_d"), (-3, "work_d")])
def test_a_limit_without_a_length_is_refused(amount, unit):
    with pytest.raises(ValueError, match="has no end"):
        deadlines.add(local("2026-11-24"), amount, unit, CALENDAR)


def test_a_naive_instant_and_an_unknown_unit_are_refused():
    with pytest.raises(ValueError, match="zone"):
        deadlines.add(datetime(2026, 11, 24, 10), 1, "work_d", CALENDAR)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="fortnight"):
        deadlines.add(local("2026-11-24"), 1, "fortnight", CALENDAR)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (local("2026-11-24", "00:00:00"), Colour.GREEN),
        (local("2026-11-26", "23:59:59"), Colour.GREEN),
        (local("2026-11-27", "00:00:00"), Colour.YELLOW),
        (local("2026-11-27", "23:59:59"), Colour.YELLOW),
        (local("2026-11-28", "00:00:00"), Colour.RED),
    ],
)
def test_yellow_at_three_quarters_and_red_at_due_d8(now, expected):
    assert deadlines.colour(now, local("2026-11-24", "00:00:00"), end_of("2026-11-27")) is expected


def test_yellow_is_the_districts_own_share_d8():
    started_at, due_at = local("2026-11-24", "00:00:00"), end_of("2026-11-27")

    assert deadlines.colour(local("2026-11-26", "00:00:00"), started_at, due_at, yellow_share=0.5) is Colour.YELLOW


def test_a_limit_that_is_due_at_once_is_red_at_once_d8():
    assert deadlines.colour(local("2026-11-24"), local("2026-11-24"), local("2026-11-24")) is Colour.RED


def test_done_at_23_59_59_of_the_last_day_is_in_time_and_after_24_00_is_late_x11():
    due = end_of("2026-09-30")

    assert not deadlines.is_late(local("2026-09-30", "23:59:59"), due)
    assert not deadlines.is_late(local("2026-10-01", "00:00:00"), due)
    assert deadlines.is_late(local("2026-10-01", "00:00:01"), due)
    assert deadlines.last_day(due) == date(2026, 9, 30)


STARTED, OLD = local("2026-11-02", "00:00:00"), end_of("2026-11-16")


def extend(new_due_at: datetime, now: datetime, *, notice: int = 1, already: bool = False) -> datetime:
    return deadlines.extended(
        STARTED, OLD, new_due_at, now=now, calendar=CALENDAR, notice_work_d=notice, already=already
    )


def test_an_extension_in_good_time_gives_at_most_the_old_length_again_d7_x15():
    longest = OLD + (OLD - STARTED)

    assert extend(longest, local("2026-11-13", "23:59:59")) == longest  # a Friday; the next working day is the last
    with pytest.raises(deadlines.ExtensionTooLong):
        extend(longest + timedelta(seconds=1), local("2026-11-10"))
    with pytest.raises(deadlines.ExtensionTooLong):
        extend(OLD, local("2026-11-10"))


def test_an_extension_is_asked_a_working_day_before_the_end_d7():
    with pytest.raises(deadlines.ExtensionTooLate):
        extend(end_of("2026-11-20"), local("2026-11-16", "00:00:00"))
    with pytest.raises(deadlines.ExtensionTooLate):
        extend(end_of("2026-11-20"), local("2026-11-03"), notice=20)
    with pytest.raises(deadlines.ExtensionTooLate):
        extend(end_of("2026-11-20"), OLD, notice=0)


def test_a_clock_is_extended_once_d7():
    with pytest.raises(deadlines.ExtendedAlready):
        extend(end_of("2026-11-20"), local("2026-11-10"), already=True)


def test_rework_gets_at_most_half_the_original_length_t14():
    limit = deadlines.rework_limit(STARTED, OLD, now=local("2026-11-20", "00:00:00"))

    assert limit == local("2026-11-20", "00:00:00") + timedelta(days=7, hours=12)


starts = st.datetimes(datetime(2025, 1, 1), datetime(2026, 10, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
amounts = st.integers(1, 40)
units = st.sampled_from(Unit)


@given(starts, amounts, units)
def test_a_longer_limit_never_ends_earlier(start, amount, unit):
    shorter = deadlines.add(start, amount, unit, CALENDAR)
    longer = deadlines.add(start, amount + 1, unit, CALENDAR)

    assert start < shorter.due_at < longer.due_at


@given(starts, st.timedeltas(timedelta(), timedelta(days=20)), amounts, units, st.booleans())
def test_a_later_start_never_ends_earlier(start, delay, amount, unit, roll):
    earlier = deadlines.add(start, amount, unit, CALENDAR, roll=roll)

    assert earlier.due_at <= deadlines.add(start + delay, amount, unit, CALENDAR, roll=roll).due_at


@given(starts, amounts)
def test_a_working_day_limit_ends_at_midnight_of_a_working_day_d1(start, amount):
    due_at = deadlines.add(start, amount, "work_d", CALENDAR).due_at

    assert CALENDAR.is_working(deadlines.last_day(due_at))
    assert due_at.astimezone(SHANGHAI).time() == time()


@given(starts, amounts, amounts)
def test_working_days_add_up_d1(start, first, second):
    middle = datetime.combine(
        deadlines.last_day(deadlines.add(start, first, "work_d", CALENDAR).due_at), time(12), SHANGHAI
    )

    assert deadlines.add(middle, second, "work_d", CALENDAR) == deadlines.add(start, first + second, "work_d", CALENDAR)


@given(starts, amounts, amounts)
def test_working_hours_add_up(start, first, second):
    middle = deadlines.add(start, first, "work_h", CALENDAR).due_at

    assert deadlines.add(middle, second, "work_h", CALENDAR) == deadlines.add(start, first + second, "work_h", CALENDAR)


@given(starts, amounts)
def test_eight_working_hours_end_within_the_same_number_of_working_days_f77(start, days):
    by_hours = deadlines.add(start, 8 * days, "work_h", CALENDAR).due_at

    assert by_hours <= deadlines.add(start, days, "work_d", CALENDAR).due_at


@given(starts, amounts)
def test_rolling_ends_on_the_first_working_day_not_before_d3(start, amount):
    plain = deadlines.last_day(deadlines.add(start, amount, "cal_d", CALENDAR).due_at)
    rolled = deadlines.last_day(deadlines.add(start, amount, "cal_d", CALENDAR, roll=True).due_at)

    skipped = [plain + timedelta(days=i) for i in range((rolled - plain).days)]
    assert CALENDAR.is_working(rolled)
    assert not any(CALENDAR.is_working(day) for day in skipped)


@given(starts, amounts, units)
def test_the_zone_in_which_an_instant_is_said_changes_nothing_x11(start, amount, unit):
    assert deadlines.add(start.astimezone(UTC), amount, unit, CALENDAR) == deadlines.add(start, amount, unit, CALENDAR)
