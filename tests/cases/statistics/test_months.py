"""A month is counted once it is over and settled, once, by who answers for a case, and is kept as it was told (Q12)."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from cases import statistics
from cases.models.case import Clock
from cases.models.statistics import StatisticMonth
from tests import make

OCTOBER = date(2026, 10, 1)
LATER = datetime(2026, 11, 4, tzinfo=UTC)
IN_OCTOBER = datetime(2026, 10, 14, 3, tzinfo=UTC)
FIRST_INSTANT = datetime(2026, 9, 30, 16, tzinfo=UTC)  # midnight in Shanghai
END = datetime(2026, 10, 31, 16, tzinfo=UTC)


def cases(session, town, many, **facts):
    return [make.case(session, town, opened_at=IN_OCTOBER, **facts) for _ in range(many)]


def told(session, subject, month=OCTOBER):
    found = statistics.table(session, month)
    rows = found.lines[subject]
    return [("、".join(row.zh), row.opened, row.closed, row.upheld, row.refuted, row.late) for row in rows]


def test_a_month_tells_of_each_town_and_category_what_was_opened_and_closed(session):
    east, west = make.town(session, make.EAST).org, make.town(session, make.WEST).org
    cases(session, west, 2)
    done = {"state": "closed", "closed_at": IN_OCTOBER + timedelta(days=6)}
    cases(session, west, 3, outcome="substantiated", **done)
    cases(session, west, 1, outcome="unverifiable", category="CHM-01", **done)
    cases(session, east, 5, category="CHM-01")
    cases(session, east, 1, state="void", closed_at=IN_OCTOBER)
    late = cases(session, east, 3, outcome="partly", **done)[0]
    session.add(
        Clock(case_id=late.id, kind="verify", profile_id=late.profile_id, amount=1, unit="work_d", provisional=False,
              started_at=IN_OCTOBER, due_at=IN_OCTOBER, original_due_at=IN_OCTOBER,
              stopped_at=IN_OCTOBER + timedelta(hours=1))
    )  # fmt: skip
    for _ in range(5):
        make.report(session, received_at=IN_OCTOBER)

    statistics.publish(session, now=LATER)

    assert statistics.table(session, OCTOBER).month.reports == 5
    assert told(session, "district") == [("", 14, 7, 6, 1, 1)]
    assert told(session, "town") == [(east.name_zh, 8, 3, 3, 0, 1), (west.name_zh, 6, 4, 3, 1, 0)]
    # Closed once in a category: it is told with the other.
    assert [row[1:] for row in told(session, "category")] == [(14, 7, 6, 1, 1)]
    assert statistics.table(session, OCTOBER).lines["district"][0].median_days == 6


def test_a_month_is_the_places_own_and_counts_what_was_closed_in_it_whenever_it_was_opened(session):
    town = make.town(session, make.WEST).org
    for at in (FIRST_INSTANT - timedelta(seconds=1), FIRST_INSTANT, END - timedelta(seconds=1), END):
        for _ in range(3):
            make.case(session, town, opened_at=at, state="closed", closed_at=END - timedelta(seconds=1))

    statistics.publish(session, now=LATER)

    assert told(session, "district") == [("", 6, 12, 0, 0, 0)]
    assert told(session, "district", date(2026, 9, 1)) == [("", 3, 0, 0, 0, 0)]


def test_nothing_is_told_before_a_month_has_settled_nor_of_the_time_before_the_first_case(session):
    cases(session, make.town(session, make.WEST).org, 3)

    statistics.publish(session, now=END + timedelta(days=3) - timedelta(seconds=1))
    assert statistics.newest(session) is None
    statistics.publish(session, now=END + timedelta(days=3))

    assert [row.month for row in statistics.published(session, limit=9)] == [OCTOBER]


def test_what_is_published_stays_whatever_becomes_of_the_cases(session):
    town = make.town(session, make.WEST).org
    cases(session, town, 3)
    statistics.publish(session, now=LATER)
    before = told(session, "town")
    cases(session, town, 9)

    statistics.publish(session, now=LATER + timedelta(days=1))

    assert told(session, "town") == before
    assert session.scalars(select(StatisticMonth.made_at).where(StatisticMonth.month == OCTOBER)).one() == LATER


def test_a_month_of_two_cases_tells_no_count(session):
    cases(session, make.town(session, make.WEST).org, 2)
    make.report(session, received_at=IN_OCTOBER)

    statistics.publish(session, now=LATER)

    assert statistics.table(session, OCTOBER).month.reports is None
    assert [row[1] for row in (*told(session, "district"), *told(session, "town"), *told(session, "category"))] == [
        None
    ] * 3


def test_what_the_district_answers_for_itself_is_a_line_of_its_own(session):
    desk = make.org(session, "district")
    town = make.town(session, make.WEST).org
    cases(session, town, 4)
    cases(session, desk, 3)

    statistics.publish(session, now=LATER)

    assert [row[:2] for row in told(session, "town")] == [(town.name_zh, 4), ("区级办理", 3)]
