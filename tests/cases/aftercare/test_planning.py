"""T16, T17, M75, M52: which closed cases are looked back at, on which dates, by lots that can be drawn again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cases import aftercare, lots
from cases.access import NotTheOffice
from cases.models.aftercare import LookBackDraw
from cases.models.case import Case, Clock
from kit.clock import LOCAL_ZONE
from people.roles import Role
from tests import make
from tests.looking_back import closed, looks, planned


def days(walk, found):
    """How many calendar days after the closing each ends: the midnight that ends a day belongs to it (D1)."""
    first = walk.case.closed_at.astimezone(LOCAL_ZONE).date()
    return [((each.due_at - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date() - first).days for each in found]


@pytest.mark.parametrize(
    ("urgency", "grade", "expected"),
    [
        ("immediate", "general", [7, 30]),
        ("urgent", "general", [30]),
        ("normal", "general", []),
        ("normal", "major", [30, 90]),
        ("urgent", "major", [30, 90]),
        ("immediate", "major", [7, 30, 90]),
    ],
)
def test_m75_c5_a_closing_plans_look_backs_on_the_right_dates(walk, urgency, grade, expected):
    found = planned(closed(walk, urgency=urgency, grade=grade))
    assert days(walk, found) == expected
    assert [(each.step, each.state, each.origin) for each in found] == [
        (step, "due", "closing") for step, _ in enumerate(expected, start=1)
    ]
    for before, each in zip([None, *found], found, strict=False):
        assert walk.case.closed_at < each.opens_at < each.due_at
        assert before is None or each.opens_at >= before.due_at
    running = select(Clock.due_at).where(Clock.kind == "look_back", Clock.stopped_at.is_(None))
    assert sorted(walk.session.scalars(running)) == [each.due_at for each in found]


def test_planning_twice_plans_once_and_a_case_that_is_open_again_is_not_planned(walk):
    closed(walk)
    assert len(planned(walk)) == len(planned(walk)) == 1
    walk.case.state, walk.case.reopen_count = "rectifying", 1
    aftercare.plan(walk.session, walk.case.id, now=walk.now)
    assert len(looks(walk.session, walk.case)) == 1


def general(session, district, count, at):
    made = [make.case(session, district.west.org, state="closed", urgency="normal", closed_at=at) for _ in range(count)]
    session.flush()
    return made


def test_m52_c5_a_tenth_of_a_month_is_drawn_and_can_be_drawn_again(session, district):
    october = datetime(2026, 10, 15, 2, tzinfo=UTC)
    cases = general(session, district, 25, october)
    make.case(session, district.west.org, state="closed", urgency="urgent", closed_at=october)
    make.case(session, district.west.org, state="closed", urgency="normal", grade="major", closed_at=october)
    make.case(session, district.west.org, state="rectifying", urgency="normal")
    general(session, district, 3, make.NOW)  # of this month, which is not over
    aftercare.draw(session, now=make.NOW)
    kept = session.scalars(select(LookBackDraw).where(LookBackDraw.period == "2026-10")).one()
    assert kept.pool == sorted(case.number for case in cases)
    assert len(kept.drawn) == 3  # a tenth, rounded up
    assert lots.draw(kept.seed, kept.pool, share=kept.share) == kept.drawn
    found = {case.number: looks(session, case) for case in cases}
    for number, made in found.items():
        assert [(each.origin, each.draw_id) for each in made] == [("sample", kept.id)] * (number in kept.drawn)
    (look,) = found[kept.drawn[0]]
    assert (look.due_at.astimezone(LOCAL_ZONE).date() - october.astimezone(LOCAL_ZONE).date()).days == 91  # 24:00
    assert look.opens_at == make.NOW
    assert session.scalars(select(LookBackDraw.period)).all().count("2026-11") == 0


def test_a_month_is_drawn_once_and_one_that_was_missed_is_drawn_late(session, district):
    (case,) = general(session, district, 1, datetime(2026, 9, 3, tzinfo=UTC))
    for _ in range(2):
        aftercare.draw(session, now=make.NOW)
    assert len(looks(session, case)) == 1
    assert sorted(session.scalars(select(LookBackDraw.period))) == ["2026-08", "2026-09", "2026-10"]


def test_months_are_those_of_the_place_and_not_of_greenwich(session, district):
    (late,) = general(session, district, 1, datetime(2026, 10, 31, 16, 30, tzinfo=UTC))  # 1 November, 00:30 there
    aftercare.draw(session, now=make.NOW)
    assert looks(session, late) == []


def test_the_share_is_the_districts_to_set_x32(session, district):
    make.value(session, "look_back_share", 1)
    cases = general(session, district, 4, datetime(2026, 10, 3, tzinfo=UTC))
    aftercare.draw(session, now=make.NOW)
    assert all(len(looks(session, case)) == 1 for case in cases)


@given(st.sets(st.text(min_size=1, max_size=8), max_size=40), st.floats(0, 1), st.text(max_size=8))
def test_m52_a_draw_does_not_depend_on_the_order_of_its_pool(pool, share, seed):
    drawn = lots.draw(seed, sorted(pool), share=share)
    assert drawn == lots.draw(seed, sorted(pool, reverse=True), share=share)
    assert set(drawn) <= pool


def test_the_draws_are_for_the_office_and_for_whoever_watches_it(session, district):
    general(session, district, 1, datetime(2026, 10, 3, tzinfo=UTC))
    aftercare.draw(session, now=make.NOW)
    watcher = make.officer(session, district.office, Role.DISCIPLINE)
    for who in (district.supervisor, watcher):
        found = aftercare.drawn(session, "2026-10", by=who)
        assert found is not None
        assert found.seed
    assert aftercare.drawn(session, "2026-01", by=watcher) is None
    for stranger in (district.west.leader, district.fire_leader, district.intake):
        with pytest.raises(NotTheOffice):
            aftercare.drawn(session, "2026-10", by=stranger)


def test_every_case_of_a_share_of_nothing_is_left_alone(session, district):
    make.value(session, "look_back_share", 0)
    general(session, district, 5, datetime(2026, 10, 3, tzinfo=UTC))
    aftercare.draw(session, now=make.NOW)
    assert not [look for case in session.scalars(select(Case)) for look in looks(session, case)]
