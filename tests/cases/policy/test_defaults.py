"""The shipped policy goes in once, is safe to repeat, and never overrules the district."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from cases import policy
from cases.models.policy import (
    CalendarDay,
    CalendarYear,
    Category,
    CategoryVersion,
    DeadlineProfile,
    DeadlineRule,
    DepartmentKind,
    DutyItem,
    PolicyValue,
    ReasonCode,
)

TABLES = (
    CalendarDay, CalendarYear, Category, CategoryVersion, DeadlineProfile, DeadlineRule, DepartmentKind, DutyItem,
    PolicyValue, ReasonCode,
)  # fmt: skip


def counts(session):
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) for table in TABLES}


@pytest.fixture(autouse=True)
def _shipped(session, now):
    policy.load_defaults(session, now)


def test_loading_twice_changes_nothing(session, now):
    before = counts(session)

    policy.load_defaults(session, now + timedelta(days=400))

    assert counts(session) == before
    assert all(before.values())


def test_what_the_district_changed_stays_changed_x32(session, now):
    session.execute(update(PolicyValue).where(PolicyValue.key == "checkin_m").values(value=90))
    session.execute(update(CategoryVersion).where(CategoryVersion.category_code == "FW-01").values(zh="我区的说法"))

    policy.load_defaults(session, now)

    assert policy.value(session, "checkin_m", now) == 90
    assert policy.category_in_force(session, "FW-01", now).zh == "我区的说法"


def test_a_rest_day_the_district_added_to_a_published_year_stays(session, now):
    session.add(CalendarDay(day=date(2026, 4, 20), kind="rest", name="三月三", source="自治区"))
    session.execute(update(CalendarDay).where(CalendarDay.day == date(2026, 5, 9)).values(kind="rest"))
    session.flush()

    policy.load_defaults(session, now)

    calendar = policy.calendar(session, now)
    assert not calendar.is_working(date(2026, 4, 20))
    assert not calendar.is_working(date(2026, 5, 9))


def test_a_year_awaited_becomes_published_when_its_notice_is_shipped_d2(session, now):
    session.execute(update(CalendarYear).where(CalendarYear.year == 2026).values(published=False))
    assert 2026 not in policy.calendar(session, now).published

    policy.load_defaults(session, now)

    assert 2026 in policy.calendar(session, now).published


def test_every_shipped_text_is_there_in_both_languages(session):
    for table in (ReasonCode, DutyItem, DepartmentKind):
        for row in session.scalars(select(table)):
            assert row.zh.strip(), row.code
            assert row.en.strip(), row.code


def test_the_rows_of_a_year_are_those_its_notice_names_f99(session):
    def named(year, kind):
        days = select(CalendarDay.day).where(CalendarDay.kind == kind, CalendarDay.source.contains(str(year)))
        return {f"{day:%m-%d}" for day in session.scalars(days)}

    assert named(2026, "work") == {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
    assert named(2025, "work") == {"01-26", "02-08", "04-27", "09-28", "10-11"}
    assert len(named(2026, "rest")) == 33
    assert len(named(2025, "rest")) == 28
