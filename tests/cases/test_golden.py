"""The golden cases of domain.md, played: rows with their start, their length and the end that was counted by hand.

`golden/deadlines.csv` is counted under the notices of 2025 and 2026 (`naive` is what Monday to Friday would give, X08);
`golden/profile.csv` is the default profile of C5 from 17:00 of 30 September 2026 on, the eve of a seven-day holiday;
`golden/ladder.csv` holds the rungs of D8, `golden/desk.csv` the time to decide about a report with the rungs after it,
and `golden/lateness.csv` the tasks of C10; `golden/total.csv` is played in `triage/test_total.py`. 24:00 is written as
24:00 (D1).
"""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from cases import deadlines, policy
from cases.deadlines import Calendar, Due
from cases.ladder import ladder, once_over
from kit.clock import LOCAL_ZONE

GOLDEN = Path(__file__).parent / "golden"
HOURS = ((time(8), time(12)), (time(14), time(18)))  # F77
WEEKDAYS_ONLY = Calendar({}, frozenset(range(2020, 2030)), HOURS)
EVE = datetime(2026, 9, 30, 17, tzinfo=LOCAL_ZONE)
YES = {"yes": True, "no": False}


def rows(name):
    """Each row of a file, named by its first column and its line."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            pytest.param(row, id=f"{n}-{next(iter(row.values()))}") for n, row in enumerate(csv.DictReader(file), 2)
        ]


def instant(said):
    """A local moment; 24:00 is the midnight that ends its day."""
    day, _, at = said.partition("T")
    if at == "24:00":
        return datetime.combine(date.fromisoformat(day), time(), LOCAL_ZONE) + timedelta(days=1)
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), LOCAL_ZONE)


@pytest.fixture
def calendar(session, now):
    return policy.calendar(session, now)


@pytest.mark.parametrize("row", rows("deadlines"))
def test_f101_a_limit_ends_where_it_was_counted_by_hand_d1_d2_d3(calendar, row):
    start, length = instant(row["start"]), (int(row["amount"]), row["unit"])

    due = deadlines.add(start, *length, calendar, roll=YES[row["roll"]])

    assert due == Due(instant(row["due"]).astimezone(UTC), provisional=YES[row["provisional"]])
    assert due.due_at.tzinfo is UTC
    assert deadlines.add(start.astimezone(UTC), *length, calendar, roll=YES[row["roll"]]) == due
    if row["due"].endswith("T24:00"):
        assert deadlines.last_day(due.due_at).isoformat() == row["due"].removesuffix("T24:00")


@pytest.mark.parametrize("row", [each for each in rows("deadlines") if each.values[0]["naive"]])
def test_x08_the_week_alone_would_have_given_another_end(row):
    naive = deadlines.add(instant(row["start"]), int(row["amount"]), row["unit"], WEEKDAYS_ONLY, roll=YES[row["roll"]])

    assert naive.due_at == instant(row["naive"]) != instant(row["due"])


@pytest.mark.parametrize("row", rows("profile"))
def test_c5_each_clock_of_the_default_profile_over_a_holiday(session, calendar, now, row):
    limit = policy.rule(policy.profile_in_force(session, now), row["clock"], row["urgency"])

    if not row["due"]:
        assert limit is None
        return
    due = deadlines.add(EVE, limit.amount, limit.unit, calendar, roll=limit.roll)
    assert due == Due(instant(row["due"]).astimezone(UTC), provisional=YES[row["provisional"]])


def test_c5_no_clock_of_the_default_profile_is_left_out(session, now):
    played = {row.values[0]["clock"] for row in rows("profile")}

    assert played == {rule.clock for rule in policy.profile_in_force(session, now).rules}


@pytest.mark.parametrize("row", rows("ladder"))
def test_d8_each_rung_is_due_where_it_was_counted_by_hand(session, calendar, now, row):
    due, told = instant(row["due"]), policy.value(session, "escalation_ladder", now)

    rungs = ladder(told, row["urgency"], due - timedelta(days=2), due, calendar, share=0.75)

    assert {rung.name: rung.at for rung in rungs}[row["rung"]] == instant(row["at"])


@pytest.mark.parametrize("row", rows("desk"))
def test_f39_what_waits_for_the_desk_is_decided_in_time_and_late_by_the_rung(session, calendar, now, row):
    limit = policy.limit(policy.profile_in_force(session, now), "accept", row["urgency"])
    due = deadlines.add(instant(row["came"]), limit.amount, limit.unit, calendar, roll=limit.roll).due_at

    rungs = once_over(policy.value(session, "escalation_ladder", now), row["urgency"], due, calendar)

    assert due == instant(row["due"])
    assert {rung.name: rung.at for rung in rungs}[row["rung"]] == instant(row["at"])


@pytest.mark.parametrize("row", rows("lateness"))
def test_c10_in_time_or_late_to_the_second(row):
    assert deadlines.is_late(instant(row["done"]), instant(row["due"])) is YES[row["late"]]


def test_f101_working_days_of_each_month_of_2026(calendar):
    worked = [0] * 12
    day = date(2026, 1, 1)
    while day.year == 2026:
        worked[day.month - 1] += calendar.is_working(day)
        day += timedelta(days=1)

    assert worked == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
