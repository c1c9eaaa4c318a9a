"""Which rows can be the State Council's notice of a year, and which cannot (D2, F99, X08, X09)."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import policy
from cases.policy.holiday_notices import HolidayNotice, Row, faults
from tests import holidays
from tests.make import NOW

SEEDS = Path(policy.__file__).parent / "seeds"


@pytest.fixture
def statutory(session):
    return policy.value(session, "statutory_holidays", NOW)


def shipped(year):
    """The real notice of a year, from the seed files."""
    with (SEEDS / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if str(year) in line["source"]]
    rows = tuple(Row(date.fromisoformat(line["day"]), line["kind"], line["name"]) for line in lines)
    return HolidayNotice(year, rows, lines[0]["source"], f"国办发明电〔{year - 1}〕7号")


def codes(notice, statutory):
    return [each.code for each in faults(notice, statutory)]


def without(*days):
    gone = {date.fromisoformat(day) for day in days}
    return tuple(row for row in holidays.rows() if row.day not in gone)


def row(day, kind="rest", name="假"):
    return Row(date.fromisoformat(day), kind, name)


@pytest.mark.parametrize("year", [2025, 2026])
def test_f99_the_real_notices_of_two_years_are_sound(statutory, year):
    assert faults(shipped(year), statutory) == []


def test_a_whole_notice_is_sound(statutory):
    assert faults(holidays.notice(), statutory) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"source": "国务院办公厅关于2026年部分节假日安排的通知"}, "source_year"),
        ({"document": ""}, "document_form"),
        ({"document": "国办发明电(2026)9号"}, "document_form"),
        ({"document": "国办发明电〔2026〕号"}, "document_form"),
        ({"document": "国办发明电〔2024〕9号"}, "document_year"),
        ({"rows": (*holidays.rows(), row("2027-05-01", name="劳动节"))}, "twice"),
        ({"rows": (*holidays.rows(), row("2028-01-01"))}, "other_year"),
        ({"rows": (*holidays.rows(), row("2026-11-30"))}, "other_year"),
        ({"rows": (*holidays.rows(), row("2027-06-13", "off"))}, "unknown_kind"),
        ({"rows": (*holidays.rows(), row("2027-06-14", "work"))}, "worked_weekday"),
    ],
)
@pytest.mark.parametrize("irregular", ["", "国务院另有安排"])
def test_what_no_notice_can_say_is_refused_whatever_is_explained(statutory, changes, expected, irregular):
    assert expected in codes(holidays.notice(irregular=irregular, **changes), statutory)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (without("2027-06-09"), {"holiday_short", "unbalanced"}),  # a holiday was forgotten
        (without("2027-10-02"), {"holiday_worked"}),  # a Saturday of National Day: the sums alone do not see it
        (without("2027-10-01"), {"holiday_worked", "unbalanced"}),
        (without("2027-02-20"), {"unbalanced"}),  # a worked Saturday was forgotten (X08)
        ((*holidays.rows(), row("2027-07-10", "work")), {"unbalanced", "far_from_holiday"}),
        ((*without("2027-09-15"), row("2027-08-18", name="中秋节")), {"out_of_season"}),
    ],
)
def test_sums_that_are_not_the_usual_ones_are_named_and_let_pass_where_the_notice_says_why(statutory, rows, expected):
    found = faults(holidays.notice(rows=rows), statutory)

    assert {each.code for each in found} == expected
    assert all(each.usual and each.zh and each.en for each in found)
    assert codes(holidays.notice(rows=rows, irregular="纪念日放假一天"), statutory) == []


def test_two_holidays_of_one_day_count_for_both(statutory):
    rows = (*without("2027-09-15", "2027-10-04"), row("2027-10-04", name="国庆节、中秋节"))

    assert codes(holidays.notice(rows=rows), statutory) == ["unbalanced"]  # one weekday off less than the law gives


@given(st.integers(0, len(holidays.rows()) - 1))
def test_a_single_line_left_out_is_always_seen_unless_it_is_a_weekend_that_the_week_gives(gone):
    left_out = holidays.rows()[gone]
    rows = tuple(each for each in holidays.rows() if each != left_out)
    fixed = {"元旦": ["01-01"], "劳动节": ["05-01", "05-02"], "国庆节": ["10-01", "10-02", "10-03"]}
    short = {"元旦": 1, "春节": 4, "清明节": 1, "劳动节": 2, "端午节": 1, "中秋节": 1, "国庆节": 3}
    law = [
        {"zh": name, "days": days, "fixed": fixed.get(name, []), "from": "01-01", "to": "12-31"}
        for name, days in short.items()
    ]

    seen = bool(faults(holidays.notice(rows=rows), law))

    is_plain_weekend = left_out.kind == "rest" and left_out.day.weekday() >= 5
    is_fixed = f"{left_out.day:%m-%d}" in {day for days in fixed.values() for day in days}
    assert seen is (not is_plain_weekend or is_fixed)


@given(st.lists(st.builds(Row, st.dates(date(2026, 12, 1), date(2027, 12, 31)), st.sampled_from(["rest", "work", "x"]),
                          st.text(max_size=4)), max_size=40), st.text(max_size=30), st.text(max_size=30))  # fmt: skip
def test_whatever_was_typed_in_is_judged_and_never_a_crash(rows, source, document):
    law = [{"zh": "元旦", "days": 1, "fixed": ["01-01"], "from": "01-01", "to": "01-01"}]

    assert faults(HolidayNotice(2027, tuple(rows), source, document), law)
