"""D10: a key period or a campaign only ever shortens, for its days, categories and areas (M96, M97, M99)."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.officers.key_periods import Clock as Clock_
from cases import clocks, deadlines, holds, policy, supervision
from cases.deadlines import Unit
from cases.models.case import Clock
from cases.models.overlay import SHORTENED, DeadlineOverlay, OverlayLimit
from cases.policy import Limit, Shorter
from cases.policy.calendar_years import enter_year
from cases.supervision import key_periods
from cases.supervision.key_periods import KeyPeriod, PeriodOver, UnknownArea
from kit.clock import LOCAL_ZONE
from kit.errors import NotAllowed, Stale, Unconditional
from tests import make
from tests.cases.holds.holding import held
from tests.cases.test_any_calendar import amounts, calendars, starts
from tests.cases.test_golden import YES, instant, rows
from tests.make import LONG_AGO, NOW
from tests.walk import Walk

A_DAY = timedelta(days=1)
TODAY = NOW.astimezone(LOCAL_ZONE).date()
A_WEEK = (TODAY, TODAY + timedelta(days=6))


def overlay(session, *, code="CNY", version=1, at=LONG_AGO, days=A_WEEK, active=True, about=(), areas=(), **limits):
    """A version of an overlay; `limits` say how long a clock runs at most, as in `verify="4 clock_h"`."""
    said = {clock: text.split() for clock, text in (limits or {"verify": "4 clock_h"}).items()}
    made = DeadlineOverlay(
        code=code, version=version, effective_at=at, zh="春节重点时段", en="Spring Festival", first_day=days[0],
        last_day=days[1], category_codes=list(about), unit_codes=list(areas), basis="区安委〔2026〕1号", active=active,
        limits=[OverlayLimit(clock=clock, amount=int(n), unit=unit) for clock, (n, unit) in said.items()],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def clock_of(session, case, kind="verify"):
    own = (Clock.case_id == case.id, Clock.kind == kind, Clock.task_id.is_(None), Clock.stopped_at.is_(None))
    return session.scalars(select(Clock).where(*own)).one()


def dispatched(session, district, *, now=NOW, category="FIR-04"):
    return Walk(session, district, category=category, now=now).dispatched().case


def by(clock):
    return (clock.overlay_code, clock.overlay_version)


# --- as a rule over values


@pytest.mark.parametrize("row", rows("overlays"))
def test_d10_a_limit_ends_where_it_was_counted_by_hand(session, now, row):
    shorter = tuple(
        Shorter(code, 1, int(amount), Unit(unit)) for code, amount, unit in map(str.split, row["overlays"].split(";"))
    )
    limit = Limit("verify", int(row["amount"]), Unit(row["unit"]), roll=YES[row["roll"]], shorter=shorter)

    end = policy.ends(limit, instant(row["start"]), policy.calendar(session, now))

    assert end.due.due_at == instant(row["due"]).astimezone(UTC)
    assert (end.by.code if end.by else "") == row["by"]


overlays = st.lists(st.builds(Shorter, st.just("X"), st.integers(1, 9), amounts, st.sampled_from(Unit)), max_size=4)


@given(starts, amounts, st.sampled_from(Unit), st.booleans(), overlays, calendars)
def test_d10_an_overlay_never_lengthens(start, amount, unit, roll, shorter, calendar):
    without = deadlines.add(start, amount, unit, calendar, roll=roll)

    end = policy.ends(Limit("verify", amount, unit, roll=roll, shorter=tuple(shorter)), start, calendar)

    assert end.due.due_at <= without.due_at
    assert (end.by is None) == (end.due == without)
    if end.by is not None:
        assert deadlines.add(start, end.amount, end.unit, calendar) == end.due
        assert (end.amount, end.unit) == (end.by.amount, end.by.unit)


# --- as rows of the district


def test_m97_what_starts_within_the_period_is_shorter_and_says_by_which_version(session, district):
    overlay(session, version=1, verify="1 work_d")
    overlay(session, version=2, verify="4 clock_h", acceptance="1 work_d")
    case = dispatched(session, district)
    clock = clock_of(session, case)
    assert clock.due_at == clock.original_due_at == clock.started_at + timedelta(hours=4)
    assert (by(clock), clock.amount, clock.unit) == (("CNY", 2), 4, "clock_h")
    assert (clock.full_amount, clock.full_unit) == (3, "work_d")
    assert by(clock_of(session, case, "total")) == (None, None)
    answers = [each for each in clocks.beside(session, case) if each.kind == "answer"]
    assert answers
    assert {by(each) for each in answers} == {("CNY", 2)}  # as long as the verification, for departments too
    clocks.start(session, case, "acceptance", now=NOW + timedelta(days=3))
    assert by(clock_of(session, case, "acceptance")) == ("CNY", 2)


@pytest.mark.parametrize(
    ("start", "held_"),
    [
        ("2026-11-23T23:59", False), ("2026-11-24T00:00", True), ("2026-11-30T23:59", True),
        ("2026-12-01T00:00", False),
    ],
)  # fmt: skip
def test_m97_the_days_of_the_period_are_local_and_both_ends_belong_to_it(session, district, start, held_):
    overlay(session)
    case = make.case(session, district.west.org, opened_at=NOW)
    clocks.start(session, case, "verify", now=instant(start))
    assert (by(clock_of(session, case)) == ("CNY", 1)) is held_


@pytest.mark.parametrize(
    ("about", "areas", "applies"),
    [
        ((), (), True), (("FIR-04",), (), True), (("FIR-01", "FW-01"), (), False),
        ((), (f"{make.DISTRICT_CODE}001",), True), ((), (f"{make.DISTRICT_CODE}002",), False),
        (("FIR-04",), (f"{make.DISTRICT_CODE}002",), False),
    ],
)  # fmt: skip
def test_m96_it_is_about_its_categories_and_its_areas(session, district, about, areas, applies):
    overlay(session, about=about, areas=areas)
    unit = make.unit_of(session, f"{make.DISTRICT_CODE}001")
    case = make.case(session, district.west.org, category="FIR-04", unit_id=unit.id)
    clocks.start(session, case, "verify", now=NOW)
    assert (by(clock_of(session, case)) == ("CNY", 1)) is applies


def test_d4_a_case_has_the_version_that_was_in_force_when_it_was_opened(session, district):
    overlay(session, version=1, verify="2 work_d")
    old = make.case(session, district.west.org, category="FIR-04", opened_at=NOW)
    overlay(session, version=2, at=NOW + A_DAY, verify="4 clock_h")
    overlay(session, version=3, at=NOW + 2 * A_DAY, active=False)
    new, last = (make.case(session, district.west.org, category="FIR-04", opened_at=NOW + n * A_DAY) for n in (1, 2))
    for case in (old, new, last):
        clocks.start(session, case, "verify", now=NOW + 2 * A_DAY)
    assert [by(clock_of(session, each)) for each in (old, new, last)] == [("CNY", 1), ("CNY", 2), (None, None)]


def test_d10_a_clock_that_runs_keeps_its_end_when_a_period_begins_and_when_one_is_over(session, district):
    tomorrow = TODAY + A_DAY
    overlay(session, days=(tomorrow, tomorrow), total="10 cal_d", verify="4 clock_h")
    before = dispatched(session, district)
    within = dispatched(session, district, now=NOW + A_DAY)
    ends = {clock.id: clock.due_at for case in (before, within) for clock in clocks.running(session, case)}
    assert (by(clock_of(session, before)), by(clock_of(session, within))) == ((None, None), ("CNY", 1))
    for days in (1, 2, 3):
        for case in (before, within):
            supervision.recount(session, case, now=NOW + days * A_DAY)
            supervision.climb(session, case, now=NOW + days * A_DAY)
    assert {clock.id: clock.due_at for case in (before, within) for clock in clocks.running(session, case)} == ends


def test_d10_an_order_ends_within_what_the_period_allows(session, district):
    case = dispatched(session, district)
    full = clocks.allowed_until(session, case, "rectify", now=NOW)
    overlay(session, rectify="5 cal_d")
    assert clocks.allowed_until(session, case, "rectify", now=NOW) == deadlines.end_of(TODAY + 5 * A_DAY) < full


def test_d2_a_shortened_clock_is_counted_again_and_ends_no_later_than_without(session, district):
    december = datetime(2026, 12, 28, 2, tzinfo=UTC)  # a Monday
    day = december.astimezone(LOCAL_ZONE).date()
    overlay(
        session, days=(day, day), verify="2 work_d", total="42 work_d"
    )  # to 24 February; sixty days end on the 26th
    case = dispatched(session, district, now=december)
    verify, total = (clock_of(session, case, kind) for kind in ("verify", "total"))
    assert {by(verify), by(total)} == {("CNY", 1)}
    assert (verify.provisional, total.provisional) == (True, True)
    assert [deadlines.last_day(each.due_at) for each in (verify, total)] == [date(2026, 12, 30), date(2027, 2, 24)]
    rest = {date(2026, 12, 30): ("rest", "元旦")} | {date(2027, 2, day): ("rest", "春节") for day in range(8, 13)}
    enter_year(session, 2027, rest, source="国办2027")
    supervision.recount(session, case, now=december)
    assert [deadlines.last_day(each.due_at) for each in (verify, total)] == [date(2026, 12, 31), date(2027, 2, 26)]
    assert {by(verify), by(total)} == {("CNY", 1)}
    assert (verify.provisional, total.provisional) == (False, False)


def test_d6_what_goes_on_after_a_hold_still_says_what_has_shortened_it(session, walk):
    overlay(session, total="20 cal_d")
    walk.ordered(days=10)
    hold = held(walk)
    walk.now += A_DAY
    holds.end_hold(session, walk.case, hold, comment="鉴定已出", by=walk.district.supervisor, now=walk.now)
    assert by(clock_of(session, walk.case, "total")) == ("CNY", 1)


def period(**said):
    parts = {
        "code": "NAT-2026", "zh": "重点时段", "en": "Key period", "first_day": TODAY, "last_day": TODAY + A_DAY,
        "category_codes": ["FIR-04"], "unit_codes": [f"{make.DISTRICT_CODE}001"], "basis": "区安委〔2026〕9号",
        "active": True, "limits": {"verify": (4, "clock_h")},
    }  # fmt: skip
    return KeyPeriod(**(parts | said))


def test_d10_the_safety_office_enters_a_period_and_ends_it_by_its_next_version(session, district):
    everywhere = {"category_codes": [], "unit_codes": []}
    office, minute = district.supervisor, timedelta(minutes=1)
    first = key_periods.enter(session, period(**everywhere), seen=None, by=office, now=NOW)
    ended = period(**everywhere, active=False)
    for seen, refusal in ((None, Unconditional), (2, Stale)):
        with pytest.raises(refusal):
            key_periods.enter(session, ended, seen=seen, by=office, now=NOW)
    last = key_periods.enter(session, ended, seen=1, by=office, now=NOW + 2 * minute)
    assert [each.version for each in (first, last)] == [1, 2]
    shown = [(each.version, each.active, each.entered_by) for each in key_periods.key_periods(session)]
    assert shown == [(2, False, office.account_id)]
    for opened_at, shortened_by in ((NOW + minute, ("NAT-2026", 1)), (NOW + 3 * minute, (None, None))):
        case = make.case(session, district.west.org, opened_at=opened_at)
        clocks.start(session, case, "verify", now=NOW + 3 * minute)
        assert by(clock_of(session, case)) == shortened_by


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"last_day": TODAY - A_DAY, "first_day": TODAY - 2 * A_DAY}, PeriodOver),
        ({"first_day": TODAY + 2 * A_DAY}, PeriodOver),
        ({"category_codes": ["XX-99"]}, policy.UnknownCategory),
        ({"unit_codes": ["999999999"]}, UnknownArea),
    ],
)
def test_d10_a_period_that_would_shorten_nothing_is_not_entered(session, district, wrong, refusal):
    with pytest.raises(refusal):
        key_periods.enter(session, period(**wrong), seen=None, by=district.supervisor, now=NOW)


def test_d10_nobody_but_the_safety_office_enters_one(session, district):
    for who in (district.intake, district.west.leader, district.fire_leader):
        with pytest.raises(NotAllowed):
            key_periods.enter(session, period(), seen=None, by=who, now=NOW)


def test_d10_the_route_knows_each_clock_that_may_be_shortened():
    assert get_args(Clock_) == SHORTENED


@pytest.mark.parametrize(
    "wrong",
    [{"reply": "1 work_d"}, {"verify": "0 clock_h"}, {"verify": "1 week"}, {"days": A_WEEK[::-1]}],
    ids=["a clock of no case", "no time", "no unit", "no period"],
)
def test_x32_a_row_that_would_mean_nothing_is_not_stored(session, wrong):
    with pytest.raises(IntegrityError):
        overlay(session, **wrong)
