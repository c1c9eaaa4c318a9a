"""The list of cases: each filter means what it says, every page once, and nobody sees more than the actor may (M11)."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import event, select, text
from sqlalchemy.dialects import postgresql

from cases import access, lists
from cases.deadlines import colour_at
from cases.lists import Wanted
from cases.lists.page import stream
from cases.lists.stretches import stretches
from cases.lists.wanted import Shade, Sort
from cases.models.case import CASE_STATES, Case, Task
from cases.models.measure import CaseTag
from kit.db import take_role
from kit.errors import Invalid
from people.roles import Role
from tests import make
from tests.make import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@contextmanager
def seen_as(session, actor):
    """The database as the actor's office sees it; nothing done in it stays."""
    session.flush()
    with session.begin_nested() as inside:
        take_role(session, actor.database_role, {"org": str(actor.org_id or "")})
        yield
        inside.rollback()


@pytest.fixture
def world(session, district):
    """Nine cases, no two alike: two towns, the group, states, categories, days, colours, tags and flags."""
    west, east = district.west.org, district.east.org
    made = [
        make.case(session, west, state="dispatched", opened_at=NOW - 3 * DAY, provisional=True),
        make.case(session, west, state="signed", opened_at=NOW - 2 * DAY, urgency="immediate"),
        make.case(session, west, state="rectifying", category="FW-01", opened_at=NOW - 2 * DAY, rework_count=1),
        make.case(session, east, state="verifying", opened_at=NOW - DAY, grade="major", urgency="normal"),
        make.case(session, east, state="dispatched", opened_at=NOW - DAY, replies_open=True, urgency="urgent"),
        make.case(session, district.group, state="signed", category="CCL-01", opened_at=NOW),
        make.case(session, opened_at=NOW - 9 * DAY),
        make.case(session, east, state="closed", opened_at=NOW - 30 * DAY, closed_at=NOW - 20 * DAY, reopen_count=2),
        make.case(session, west, state="void", opened_at=NOW - 31 * DAY, listing_candidate_at=NOW),
    ]
    due = {0: NOW - HOUR, 1: NOW, 2: NOW + HOUR, 3: NOW + DAY, 4: NOW + 9 * DAY, 5: NOW + 2 * DAY}
    for number, at in due.items():
        task = main_task(session, made[number])
        task.due_at, task.yellow_at = at, None if number == 3 else at - 3 * HOUR
    for number in (7, 8):
        main_task(session, made[number]).state = "answered"
    make.task(session, made[3], district.fire, kind="coop")
    make.task(session, made[4], district.fire, kind="coop", state="cancelled")
    for number, code in ((0, "night"), (0, "minors"), (4, "minors")):
        session.add(
            CaseTag(case_id=made[number].id, code=code, facts="x", tagged_by=district.intake.account_id, tagged_at=NOW)
        )
    session.flush()
    return made


def main_task(session, case):
    return session.scalars(select(Task).where(Task.case_id == case.id, Task.kind.in_(("town", "group")))).one()


def found(session, by, **words):
    wanted = Wanted(**words)
    lists.check(session, wanted, now=NOW)
    rows = lists.page(session, wanted, by=by, now=NOW, limit=100)
    assert lists.count(session, wanted, by=by, now=NOW) == len(rows)
    return rows


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, {0, 1, 2, 3, 4, 5, 6, 7, 8}),
        ({"state": ["dispatched"]}, {0, 4}),
        ({"state": ["dispatched", "closed"]}, {0, 4, 7}),
        ({"category": ["FW-01", "CCL-01"]}, {2, 5}),
        ({"urgency": ["immediate"], "state": ["signed"], "category": ["FIR-02"]}, {1}),
        ({"grade": ["major"]}, {3}),
        ({"colour": ["red"]}, {0, 1}),
        ({"colour": ["yellow"]}, {2}),
        ({"colour": ["green"]}, {3, 4, 5}),
        ({"colour": ["green", "red"]}, {0, 1, 3, 4, 5}),
        ({"tag": ["minors"]}, {0, 4}),
        ({"tag": ["minors", "night"]}, {0, 4}),
        ({"tag": ["public_official"]}, set()),
        ({"flag": ["provisional"]}, {0}),
        ({"flag": ["reworked"]}, {2}),
        ({"flag": ["replies_open"]}, {4}),
        ({"flag": ["reopened"]}, {7}),
        ({"flag": ["listing_candidate"]}, {8}),
        ({"flag": ["reopened", "reworked"]}, set()),
        ({"opened_from": date(2026, 11, 23), "opened_to": date(2026, 11, 23)}, {3, 4}),
        ({"opened_to": date(2026, 11, 15)}, {6, 7, 8}),
        ({"closed_from": date(2026, 11, 4), "closed_to": date(2026, 11, 4)}, {7}),
        ({"closed_to": date(2026, 11, 3)}, set()),
        ({"due_from": date(2026, 11, 25)}, {3, 4, 5}),
        ({"due_to": date(2026, 11, 24)}, {0, 1, 2}),
    ],
)
def test_each_filter_means_what_it_says(session, district, world, words, expected):
    rows = found(session, district.supervisor, **words)

    assert {row.case.id for row in rows} == {world[number].id for number in expected}


def test_bodies_are_found_by_answering_and_by_a_live_task(session, district, world):
    west, group, fire = district.west.org.id, district.group.id, district.fire.id

    assert len(found(session, district.supervisor, org_id=[west])) == 4
    assert len(found(session, district.supervisor, org_id=[west, group])) == 5
    assert [row.case.id for row in found(session, district.supervisor, tasked_org_id=fire)] == [world[3].id]


def test_a_number_is_found_by_any_part_of_it_and_nothing_in_it_is_a_pattern(session, district, world):
    number = world[2].number

    assert [row.case.number for row in found(session, district.supervisor, number=number[2:])] == [number]
    for wrong in ("%", "_" * 8, "T-%", "a b", "\0" * 3, "x" * 33, "1"):
        with pytest.raises(ValidationError):
            Wanted(number=wrong)


def test_d1_a_deadline_at_midnight_belongs_to_the_day_before(session, district, world):
    """24:00 of the 26th is the midnight at which the 27th begins (D1)."""
    main_task(session, world[5]).due_at = lists.conditions._midnight(date(2026, 11, 27))
    session.flush()

    for day, expected in ((26, {world[5].id}), (27, set())):
        on = date(2026, 11, day)
        assert {row.case.id for row in found(session, district.supervisor, due_from=on, due_to=on)} == expected


def test_what_a_row_says(session, district, world):
    rows = {row.case.id: row for row in found(session, district.supervisor)}
    first, unrouted, closed = (rows[world[number].id] for number in (0, 6, 7))

    assert (first.org_name, first.tags, first.due_what) == (district.west.org.name_zh, ["minors", "night"], "sign")
    assert (unrouted.org_name, unrouted.due_at, unrouted.tags) == (None, None, [])
    assert (closed.org_name, closed.due_at) == (district.east.org.name_zh, None)
    for row in rows.values():
        if row.due_at is not None:
            shade = colour_at(NOW, row.yellow_at, row.due_at)
            assert row.case.id in {each.case.id for each in found(session, district.supervisor, colour=[shade])}


def test_m11_everybody_sees_what_they_may_and_row_level_security_agrees(session, district, world):
    """A town its own, a department where it has a task, the discipline body all, an outsider none."""
    bodies = (district.west.org, district.east.org, district.fire, district.police, district.group, district.office)
    for body in bodies:
        for role in Role:
            actor = make.officer(session, body, role)
            may = set(session.scalars(select(Case.id).where(access.visible_to(actor))))
            with seen_as(session, actor):
                rows = lists.page(session, Wanted(), by=actor, now=NOW, limit=100)
                assert lists.count(session, Wanted(), by=actor, now=NOW) == len(may)
            assert {row.case.id for row in rows} == may
    with seen_as(session, district.east.clerk):  # the second lock holds alone, too
        rows = lists.page(session, Wanted(), by=district.supervisor, now=NOW, limit=100)
        assert {row.case.id for row in rows} == {world[number].id for number in (3, 4, 7)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(sort=st.sampled_from(get_args(Sort)), limit=st.integers(1, 10))
def test_pages_in_any_order_and_of_any_size_show_each_case_once(session, district, world, sort, limit):
    wanted, after, seen = Wanted(sort=sort), None, []
    whole = lists.page(session, wanted, by=district.supervisor, now=NOW, limit=100)

    while page := lists.page(session, wanted, by=district.supervisor, now=NOW, limit=limit, after=after):
        seen += page
        after = page[-1].key

    assert [row.case.id for row in seen] == [row.case.id for row in whole]
    assert {row.case.id for row in seen} == {case.id for case in world}
    keys = [row.key for row in seen]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


WISHES = ({}, {"state": ["dispatched"]}, {"state": ["closed", "void"]}, {"urgency": ["normal", "urgent"]},
          {"colour": ["green", "red"]}, {"due_from": date(2026, 11, 25)}, {"flag": ["reopened"]})  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    sort=st.sampled_from(["due", "urgency"]), wish=st.sampled_from(WISHES), limit=st.integers(1, 10),
    start=st.integers(0, 8),
)  # fmt: skip
def test_what_is_walked_is_what_would_be_sorted(session, district, world, sort, wish, limit, start):
    """From any place on, with any filter: the same cases in the same places, in few statements."""
    wanted, by = Wanted(sort=sort, **wish), district.supervisor
    whole = sorted_at_once(session, wanted, by)
    after = whole[start].key if start < len(whole) else None
    expected = [row.key for row in whole[start + 1 :] if after] or [row.key for row in whole if not after]

    with statements(session) as made:
        page = lists.page(session, wanted, by=by, now=NOW, limit=limit, after=after)

    assert [row.key for row in page] == expected[:limit]
    assert len(made) <= 3


def sorted_at_once(session, wanted, by):
    """The order that exports have, all in one statement."""
    return list(stream(session, wanted, by=by, now=NOW, most=100))


@contextmanager
def statements(session):
    """What is asked of the database meanwhile."""
    made = []

    def note(_connection, _cursor, statement, *_rest):
        made.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    yield made
    event.remove(session.connection(), "before_cursor_execute", note)


@pytest.mark.parametrize("sort", ["due", "urgency"])
def test_a_page_by_deadline_reads_its_own_rows_and_not_the_whole_district_s(session, district, sort):
    """Two thousand cases, and a page of ten: the index on running tasks is followed as far as the page goes."""
    for number in range(20):
        make.case(session, district.west.org, state="dispatched", urgency=("immediate", "normal")[number % 2])
    session.execute(text(MANY))
    session.execute(text('analyze handling."case", handling.task'))
    with statements(session) as made:
        page = lists.page(session, Wanted(sort=sort), by=district.supervisor, now=NOW, limit=10)
    assert len(page) == 10
    assert len(made) == 1
    plan = session.execute(text("explain (analyze, timing off, costs off) " + walked(sort))).scalars().all()
    assert any("ix_task_due" in line for line in plan), plan
    assert not any("Seq Scan on task" in line or 'Seq Scan on "case"' in line for line in plan), plan


def walked(sort):
    """The statement of a first page, with its values written in."""
    (first, *_) = stretches(Wanted(sort=sort), None)
    picked = first.picked([], 10)
    return str(picked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))


MANY = """with made as (
    insert into handling."case" (id, number, state, source, category_code, category_version, urgency, penalty_policy,
        responsible_org_id, opened_at, seen_on, routed_how, profile_id)
    select gen_random_uuid(), 'M-' || n, 'dispatched', source, category_code, category_version, urgency,
        penalty_policy, responsible_org_id, opened_at, seen_on, routed_how, profile_id
    from (select * from handling."case" order by number limit 20) c, generate_series(1, 100) g,
        lateral (select g || '-' || c.number as n) as named
    returning id, responsible_org_id, opened_at
)
insert into handling.task (case_id, org_id, kind, state, goal, duty_item, due_at, due_what, created_at)
select id, responsible_org_id, 'town', 'open', 'x', 'TOWN-01', opened_at + random() * interval '30 days', 'sign',
    opened_at
from made"""


def test_the_orders_are_what_they_are_called(session, district, world):
    def numbers(sort):
        place = {case.id: number for number, case in enumerate(world)}
        return [place[row.case.id] for row in found(session, district.supervisor, sort=sort)]

    assert numbers("due")[:6] == [0, 1, 2, 3, 5, 4]
    assert numbers("opened")[:3] == [8, 7, 6]
    assert numbers("-opened")[0] == 5
    assert numbers("number") == list(range(9))
    assert numbers("urgency")[0] == 1


def test_words_that_mean_nothing_are_refused_with_their_field(session, district):
    for words, field in (
        ({"category": ["ZZZ-99"]}, "?category"), ({"org_id": [2**31 - 1]}, "?org_id"), ({"tag": ["nope"]}, "?tag"),
        ({"tasked_org_id": 2**31 - 1}, "?tasked_org_id"),
        ({"opened_from": "2026-11-02", "opened_to": "2026-11-01"}, "?opened_to"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            lists.check(session, Wanted(**words), now=NOW)
        assert refused.value.pointer == field


@pytest.mark.parametrize(
    "words",
    [
        {"state": ["done"]}, {"urgency": ["high"]}, {"colour": ["blue"]}, {"flag": ["x"]}, {"sort": "random()"},
        {"org_id": [0]}, {"org_id": [2**31]}, {"org_id": list(range(1, 52))}, {"opened_from": "1999-12-31"},
        {"tag": ["a"] * 21}, {"tag": ["A'; drop"]},
        {"nonsense": 1}, {"category": ["FIR-01'"]}, {"state": ["signed"] * 15},
    ],
)  # fmt: skip
def test_what_is_not_of_a_known_form_is_refused(words):
    with pytest.raises(ValidationError):
        Wanted(**words)


def test_the_words_are_those_of_the_tables():
    """A state that the machine has and the filter does not could never be looked for."""
    assert set(get_args(lists.State)) == set(CASE_STATES)
    assert set(get_args(Shade)) == {"green", "yellow", "red"}
    assert set(get_args(lists.Urgency)) == {"immediate", "urgent", "normal"}


def test_words_say_what_was_asked_for_and_come_back_the_same():
    wanted = Wanted(state=["signed"], opened_from=date(2026, 1, 2), sort="due", org_id=[3])

    assert wanted.words() == {"state": ["signed"], "opened_from": "2026-01-02", "sort": "due", "org_id": [3]}
    assert Wanted(**wanted.words()) == wanted
    assert Wanted().words() == {}


def test_a_count_is_bounded(session, district, world):
    assert lists.count(session, Wanted(), by=district.supervisor, now=NOW, most=4) == 5
