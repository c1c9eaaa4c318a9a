"""The ladder as pure rules (D8): which rung is due when, under the real calendars of 2025 and 2026 (F99, F101)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import policy
from cases.deadlines import Calendar, Colour, add, colour, colour_at, yellow_from
from cases.ladder import NEVER, YELLOW, after, ladder, outstanding
from kit.clock import LOCAL_ZONE

STEPS = ["yellow", "alert", "reminder", "urge_order", "interview", "listing_candidate"]


@pytest.fixture
def calendar(session, now):
    return policy.calendar(session, now)


@pytest.fixture
def told(session, now):
    return policy.value(session, "escalation_ladder", now)


def local(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL_ZONE)


def end_of(year, month, day):
    return local(year, month, day) + timedelta(days=1)


def test_d8_the_shipped_ladder_climbs_by_working_days_after_the_deadline(told, calendar):
    """Due at 24:00 of Friday 13 February 2026: Saturday is worked, the Spring Festival is not (F101)."""
    due = end_of(2026, 2, 13)
    steps = ladder(told, "normal", due - timedelta(days=4), due, calendar, share=0.75)
    assert [rung.name for rung in steps] == STEPS
    assert [rung.at for rung in steps] == [
        due - timedelta(days=1), due, end_of(2026, 2, 14), end_of(2026, 2, 25), end_of(2026, 2, 27),
        end_of(2026, 3, 5),
    ]  # fmt: skip


def test_d8_a_pressing_case_climbs_by_hours_also_at_night_and_in_the_holiday(told, calendar):
    due = local(2026, 2, 17, 23)
    steps = ladder(told, "immediate", due - timedelta(hours=24), due, calendar, share=0.75)
    hours = [(rung.name, (rung.at - due) / timedelta(hours=1)) for rung in steps]
    assert hours == list(zip(STEPS, [-6, 0, 1, 2, 4, 8], strict=True))


@pytest.mark.parametrize(
    ("due", "amount", "expected"),
    [
        (end_of(2026, 9, 30), 1, end_of(2026, 10, 8)),  # the holiday lasts to the 7th
        (end_of(2026, 9, 30), 3, end_of(2026, 10, 10)),  # and the 10th, a Saturday, is worked
        (local(2026, 9, 30, 15), 3, end_of(2026, 10, 10)),  # the day of the event is day 0 at any hour
        (end_of(2025, 12, 31), 3, end_of(2026, 1, 6)),  # Sunday 4 January is worked (X08)
        (end_of(2026, 4, 27), 7, end_of(2026, 5, 9)),
        (end_of(2025, 1, 24), 1, end_of(2025, 1, 26)),  # a worked Sunday of 2025
        (end_of(2025, 9, 30), 1, end_of(2025, 10, 9)),
    ],
)
def test_f101_so_many_working_days_after_a_deadline(calendar, due, amount, expected):
    """X11: 24:00 is the end of its day, not the beginning of the next."""
    assert after(due, amount, "work_d", calendar) == expected


def test_d1_no_time_after_a_deadline_is_the_deadline_itself(calendar):
    due = end_of(2026, 2, 13)
    assert after(due, 0, "work_d", calendar) == due


INSTANTS = st.integers(0, 700 * 1440).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
WEEK = Calendar(
    {date(2026, 2, 14): True, **{date(2026, 2, day): False for day in range(15, 24)}, date(2026, 2, 28): True},
    frozenset({2024, 2025, 2026, 2027}),
    ((time(9), time(12)), (time(14), time(18))),
)
USUAL = {
    "default": {
        "unit": "work_d",
        "steps": [{"after": n, "step": s, "to": []} for n, s in zip((0, 1, 3, 5, 10), STEPS[1:], strict=True)],
    },
    "immediate": {
        "unit": "clock_h",
        "steps": [{"after": n, "step": s, "to": []} for n, s in zip((0, 1, 2, 4, 8), STEPS[1:], strict=True)],
    },
}


@given(start=INSTANTS, minutes=st.integers(1, 90_000), urgency=st.sampled_from(["immediate", "urgent", "normal"]))
def test_d8_rungs_come_in_order_and_none_before_the_deadline_but_yellow(start, minutes, urgency):
    due = start + timedelta(minutes=minutes)
    steps = ladder(USUAL, urgency, start, due, WEEK, share=0.75)
    instants = [rung.at for rung in steps]
    assert instants == sorted(instants)
    assert start <= steps[0].at <= due == steps[1].at
    assert all(rung.at > due for rung in steps[2:])


@given(
    start=INSTANTS,
    minutes=st.integers(1, 20_000),
    looks=st.lists(st.integers(-1_000, 60_000), min_size=1, max_size=12),
    urgency=st.sampled_from(["immediate", "normal"]),
)
def test_d8_however_often_and_in_whatever_order_of_times_one_looks_each_rung_is_seen_to_once(
    start, minutes, looks, urgency
):
    """A dead beat, two beats and a clock that jumps, forwards or back, change nothing but the moment of seeing."""
    due = start + timedelta(minutes=minutes)
    steps = ladder(USUAL, urgency, start, due, WEEK, share=0.75)
    seen: list[str] = []
    for look in looks:
        now = start + timedelta(minutes=look)
        rungs, again = outstanding(steps, frozenset(seen), now=now)
        assert all(rung.at <= now for rung in rungs)
        assert again > now
        seen += [rung.name for rung in rungs]
        assert outstanding(steps, frozenset(seen), now=now) == ([], again)
    latest = start + timedelta(minutes=max(looks))
    assert seen == [rung.name for rung in steps if rung.at <= latest]


def test_when_every_rung_is_seen_to_there_is_nothing_to_look_for():
    steps = ladder(USUAL, "normal", local(2026, 1, 5), local(2026, 1, 6), WEEK, share=0.75)
    assert outstanding(steps, frozenset(STEPS), now=local(2026, 12, 1)) == ([], NEVER)


@given(start=INSTANTS, minutes=st.integers(1, 90_000), at=st.integers(-100, 200_000))
def test_d8_the_colour_of_a_list_is_the_colour_of_the_clock(start, minutes, at):
    due, now = start + timedelta(minutes=minutes), start + timedelta(minutes=at)
    yellow_at = yellow_from(start, due, 0.75)
    assert colour_at(now, yellow_at, due) is colour(now, start, due)
    assert colour(yellow_at, start, due) in {Colour.YELLOW, Colour.RED}


def test_a_task_whose_turning_is_unknown_is_green_until_red(now):
    assert colour_at(now, None, now + timedelta(seconds=1)) is Colour.GREEN
    assert colour_at(now, None, now) is Colour.RED


def test_a_deadline_before_its_start_is_red_and_its_yellow_is_no_later(calendar):
    start = local(2026, 3, 2)
    due = start - timedelta(hours=3)
    assert yellow_from(start, due) == due
    assert add(start, 1, "work_d", calendar).due_at == end_of(2026, 3, 3)


def test_yellow_has_a_name_of_its_own():
    assert STEPS[0] == YELLOW
