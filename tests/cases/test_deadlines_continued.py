"""D6 as values: what stood still goes on with what was left of it, whatever it counts in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import deadlines
from cases.deadlines import Calendar, Due, Unit
from tests.cases.test_deadlines import CALENDAR, HOURS, SHANGHAI, end_of, local

DAYS = timedelta(days=1)
UNITS = st.sampled_from(list(Unit))
MOMENTS = st.integers(0, 270 * 24 * 3600).map(lambda seconds: local("2026-01-01") + timedelta(seconds=seconds))


def counted(start: datetime, end: datetime, unit: Unit) -> timedelta:
    """How much of what a unit counts lies between two instants, counted minute by minute: slow and plain."""
    if unit in {Unit.CLOCK_MIN, Unit.CLOCK_H, Unit.CAL_D}:
        return end - start
    total, day = timedelta(), start.astimezone(SHANGHAI).date()
    while day <= end.astimezone(SHANGHAI).date():
        if CALENDAR.is_working(day):
            edges = HOURS if unit is Unit.WORK_H else None
            for opens, closes in edges or ((None, None),):
                first = datetime.combine(day, opens or datetime.min.time(), SHANGHAI)
                last = datetime.combine(day, closes, SHANGHAI) if closes else first + DAYS
                total += max(min(last, end) - max(first, start), timedelta())
        day += DAYS
    return total


@given(unit=UNITS, amount=st.integers(1, 30), start=MOMENTS, ran=st.floats(0, 1), stood=st.integers(0, 90 * 24 * 60))
def test_d6_time_left_is_kept_for_every_kind_of_clock_and_grows_by_less_than_a_day(unit, amount, start, ran, stood):
    due = deadlines.add(start, amount, unit, CALENDAR).due_at
    paused = start + ran * (due - start) * 0.999
    resumed = paused + timedelta(minutes=stood)
    then = deadlines.continued(due, unit, CALENDAR, paused_at=paused, resumed_at=resumed).due_at
    left, has = counted(paused, due, unit), counted(resumed, then, unit)
    assert then >= resumed
    if unit in {Unit.WORK_D, Unit.CAL_D}:
        assert left <= has < left + DAYS
        assert then.astimezone(SHANGHAI).time() == datetime.min.time()
        assert counted(then - DAYS, then, unit) > timedelta() or has == left == timedelta()
    elif left:
        assert has == left
    else:  # closed until it ends, so that nothing of it counts: the plain length stays
        assert then - resumed == due - paused


@given(unit=UNITS, amount=st.integers(1, 30), start=MOMENTS, late=st.integers(0, 10**7), stood=st.integers(0, 10**7))
def test_d9_what_was_late_is_as_late_as_it_was(unit, amount, start, late, stood):
    due = deadlines.add(start, amount, unit, CALENDAR).due_at
    paused = due + timedelta(seconds=late)
    resumed = paused + timedelta(seconds=stood)
    then = deadlines.continued(due, unit, CALENDAR, paused_at=paused, resumed_at=resumed)
    assert resumed - then.due_at == timedelta(seconds=late)


@given(start=MOMENTS, hours=st.integers(1, 2000), ran=st.floats(0, 1), stood=st.integers(0, 10**6), unit=UNITS)
def test_d6_an_end_that_an_act_has_set_moves_by_the_length_of_the_pause(start, hours, ran, stood, unit):
    due = start + timedelta(hours=hours, minutes=7, seconds=1, microseconds=1)
    paused = start + ran * (due - start) * 0.999
    resumed = paused + timedelta(seconds=stood)
    then = deadlines.continued(due, unit, CALENDAR, paused_at=paused, resumed_at=resumed).due_at
    if unit is Unit.WORK_H and counted(paused, due, unit):
        assert counted(resumed, then, unit) == counted(paused, due, unit)
    else:
        assert then - resumed == due - paused


@given(unit=UNITS, amount=st.integers(1, 30), start=MOMENTS)
def test_d6_a_pause_of_no_length_changes_nothing(unit, amount, start):
    due = deadlines.add(start, amount, unit, CALENDAR).due_at
    for part in (0, 0.3, 0.9):
        at = start + part * (due - start)
        then = deadlines.continued(due, unit, CALENDAR, paused_at=at, resumed_at=at).due_at
        if counted(at, due, unit):
            assert then == due


@pytest.mark.parametrize(
    ("unit", "due", "paused", "resumed", "until"),
    [
        # two working days after this Monday: from a Thursday on until a worked Sunday (X08); from a Monday on until its
        # Wednesday, and later in the day, when less of it was left than before, until the Thursday
        ("work_d", end_of("2026-09-09"), local("2026-09-07"), local("2026-09-17"), end_of("2026-09-20")),
        ("work_d", end_of("2026-09-09"), local("2026-09-07"), local("2026-09-14"), end_of("2026-09-16")),
        ("work_d", end_of("2026-09-09"), local("2026-09-07"), local("2026-09-14", "15:00:00"), end_of("2026-09-17")),
        # over a week of rest: what was left of the last day is a day of its own, never a day of rest (X08, X12)
        ("work_d", end_of("2026-09-30"), local("2026-09-30"), local("2026-10-02"), end_of("2026-10-08")),
        ("cal_d", end_of("2026-09-30"), local("2026-09-30"), local("2026-10-02"), end_of("2026-10-02")),
        ("cal_d", end_of("2026-09-30"), local("2026-09-29"), local("2026-10-02", "23:59:00"), end_of("2026-10-04")),
        # the last 90 minutes of a working day, begun anew in the lunch break
        ("work_h", local("2026-09-08", "12:00:00"), local("2026-09-08", "10:30:00"), local("2026-09-09", "13:00:00"),
         local("2026-09-09", "15:30:00")),
        ("clock_h", local("2026-09-08", "12:00:00"), local("2026-09-08"), local("2026-10-01"),
         local("2026-10-01", "12:00:00")),
    ],
)  # fmt: skip
def test_d6_golden_ends(unit, due, paused, resumed, until):
    then = deadlines.continued(due, unit, CALENDAR, paused_at=paused, resumed_at=resumed)
    assert then == Due(until.astimezone(UTC))


def test_d2_an_end_in_a_year_without_its_calendar_is_provisional():
    unknown = Calendar({}, frozenset({2026}), HOURS)
    due = end_of("2026-12-16")
    paused, resumed = local("2026-12-14"), local("2026-12-30")
    assert deadlines.continued(due, "work_d", unknown, paused_at=paused, resumed_at=resumed).provisional
    assert not deadlines.continued(due, "cal_d", unknown, paused_at=paused, resumed_at=resumed).provisional


def test_d1_a_day_ends_at_its_24_00():
    assert deadlines.end_of(date(2026, 9, 8)) == end_of("2026-09-08")
