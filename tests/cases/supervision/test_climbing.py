"""Climbing the ladder (D8, M74): each rung once and in order, told to whom it must, whatever the clock or beat does."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from cases import clocks, supervision
from cases.enforcing.tags import obstructed
from cases.ladder import NEVER
from cases.models.case import Clock, Notice
from cases.models.supervision import BulletinEntry, Escalation, Interview, ListingCandidate, UrgeOrder
from people import absences, leaders
from people.absences import Leave
from people.leaders import Naming
from tests import make
from tests.cases.supervision.conftest import A_DAY, DUE
from tests.cases.test_races import at_once
from tests.make import NOW
from workers import beat, sweeps
from workers import clocks as jobs_of_clocks

EVERY = ["yellow", "alert", "reminder", "urge_order", "interview", "listing_candidate"]


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_d8_before_the_deadline_is_near_nobody_is_told(session, case, clock, rungs, told):
    supervision.climb(session, case, now=NOW - A_DAY / 2)
    assert (rungs(), told()) == ([], [])
    assert clock.ladder_at == NOW - A_DAY + (DUE - NOW + A_DAY) * 0.75


def test_d8_yellow_is_told_to_the_assignee_alone(session, district, case, rungs, told):
    task = case_task(session, case)
    task.person_id = district.west.officer.account_id
    supervision.climb(session, case, now=DUE - timedelta(hours=1))
    assert rungs() == ["yellow"]
    assert told() == [("due_soon", district.west.officer.account_id)]


def case_task(session, case):
    session.flush()
    return session.scalars(select(make.Task).where(make.Task.case_id == case.id)).one()


def test_d8_red_is_told_to_the_assignee_and_the_leader(session, district, case, clock, climb, rungs, told):
    case_task(session, case).person_id = district.west.officer.account_id
    climb()
    assert rungs() == ["yellow", "alert"]  # yellow was missed: there is no sense in telling it now
    assert told() == [("overdue", district.west.officer.account_id), ("overdue", district.west.leader.account_id)]
    assert clock.overdue_noted_at == DUE


def test_d8_a_working_day_later_the_safety_office_reminds(session, district, case, climb, told):
    climb()
    climb(1)
    order = session.scalars(select(UrgeOrder)).one()
    assert (order.level, order.org_id, order.issued_by, order.state) == (
        "reminder", district.west.org.id, None, "issued"
    )  # fmt: skip
    assert order.reply_due_at == DUE + 3 * A_DAY  # issued in the first minute of Thursday, so until the end of Friday
    assert told("reminder") == [
        ("reminder", district.west.leader.account_id), ("reminder", district.supervisor.account_id),
    ]  # fmt: skip


def test_d8_a_late_case_that_becomes_immediate_climbs_that_ladder_at_once(session, district, case, clock, climb, rungs):
    """M59, M74: what was to be reminded of in days is urged in hours, and nobody waits for the day."""
    climb()
    due_next = clock.ladder_at
    obstructed(session, case, facts="拒绝检查", by=district.west.officer, now=DUE)
    session.refresh(clock)
    assert (case.urgency, clock.ladder_at, clock.due_at) == ("immediate", None, DUE)
    climb(1 / 12)
    assert rungs() == ["yellow", "alert", "reminder", "urge_order"]
    assert due_next > DUE + A_DAY / 12


def test_d8_the_whole_ladder_with_what_stands_on_each_rung(session, case, climb, rungs, trail_of):
    """Thursday 26, Friday 27 and Monday 30 November, Tuesday 1 and Tuesday 8 December are the days of its rungs."""
    reached = {0: 2, 1: 3, 2: 3, 3: 4, 4: 4, 5: 4, 6: 4, 7: 5, 13: 5, 14: 6, 30: 6}
    for days, many in reached.items():
        climb(days)
        assert rungs() == EVERY[:many], days
    assert list(session.scalars(select(UrgeOrder.level).order_by(UrgeOrder.issued_at))) == [
        "reminder", "urge_order", "interview",
    ]  # fmt: skip
    assert (count(session, Interview), count(session, BulletinEntry), count(session, ListingCandidate)) == (1, 1, 1)
    kinds = [event.kind for event in trail_of(case, "overdue", "escalated")]
    assert sorted(kinds) == sorted(["overdue", *["escalated"] * 5])


def test_d8_after_an_outage_every_rung_is_made_up_for_in_order_and_once(session, case, clock, climb, rungs, trail_of):
    for _ in range(3):
        climb(40)
    assert rungs() == EVERY
    order = [event.body["rung"] for event in trail_of(case, "overdue", "escalated")]
    assert order == EVERY
    assert clock.ladder_at == NEVER


def test_d8_a_clock_that_jumps_forwards_and_back_repeats_nothing(session, case, climb, rungs, told):
    climb(1)
    once = told()
    for days in (-3, 0, 0.5, 1, -40):
        climb(days)
    assert rungs() == EVERY[:3]
    assert told() == once


def test_d8_a_pressing_case_climbs_by_hours(session, district, rungs):
    case = make.case(session, district.west.org, state="signed", urgency="immediate")
    clocks.start_until(session, case, "verify", due_at=DUE, now=NOW)
    for hours, many in ((0, 2), (1, 3), (2, 4), (3.9, 4), (4, 5), (8, 6)):
        supervision.climb(session, case, now=DUE + timedelta(hours=hours))
        assert session.scalar(select(func.count()).where(Escalation.case_id == case.id)) == many, hours


def test_a_clock_that_was_stopped_climbs_no_further(session, case, climb, rungs):
    climb()
    clocks.stop(session, case, "verify", now=DUE)
    climb(30)
    assert rungs() == EVERY[:2]


def test_d7_a_deadline_that_is_moved_brings_the_next_rung_with_it(session, case, clock, climb, rungs):
    """Whoever moves it need not know the ladder: the database empties `ladder_at`."""
    climb(-0.1)
    session.flush()
    clock.due_at = DUE + 20 * A_DAY
    session.flush()
    session.refresh(clock)
    assert clock.ladder_at is None
    climb(3)
    assert rungs() == ["yellow"]
    climb(20)
    assert rungs() == ["yellow", "alert"]


def test_d6_a_clock_that_goes_on_after_a_hold_does_not_begin_the_ladder_again(session, case, clock, climb, rungs):
    climb(1)
    clocks.stop(session, case, "verify", now=DUE + A_DAY)
    session.flush()
    row = {"case_id": case.id, "kind": "verify", "profile_id": case.profile_id, "amount": 3, "unit": "work_d"}
    later = Clock(
        **row, started_at=DUE + 9 * A_DAY, due_at=DUE + 9 * A_DAY, original_due_at=DUE + 9 * A_DAY, provisional=False,
        continues_id=clock.id,
    )  # fmt: skip
    session.add(later)
    session.flush()
    climb(9)
    assert rungs() == EVERY[:3]
    climb(30)
    assert rungs() == EVERY


def test_m05_a_rung_keeps_the_leaders_of_its_day(session, district, case, climb, trail_of):
    by, org_id = district.supervisor, district.west.org.id
    day = NOW.date()
    old = leaders.assign(session, Naming(org_id, "李某", "镇长", "government", "安全生产", day), by=by, now=NOW)
    climb()
    leaders.end(session, old.id, last_day=day + A_DAY, by=by)
    naming = Naming(org_id, "王某", "镇长", "government", "安全生产", day + 2 * A_DAY)
    leaders.assign(session, naming, by=by, now=NOW)
    climb(3)
    rows = session.execute(select(Escalation.rung, Escalation.leaders).order_by(Escalation.reached_at))
    names = {rung: [each["name"] for each in who] for rung, who in rows}
    assert names == {"yellow": ["李某"], "alert": ["李某"], "reminder": ["李某"], "urge_order": ["王某"]}


def test_who_is_away_is_not_told_but_who_stands_in(session, district, case, climb, told):
    west = district.west
    case_task(session, case).person_id = west.officer.account_id
    leave = Leave(west.officer.account_id, west.colleague.account_id, NOW, DUE + 9 * A_DAY, "年休假")
    absences.enter(session, leave, by=west.clerk, now=NOW)
    climb()
    assert told("overdue") == [("overdue", west.colleague.account_id), ("overdue", west.leader.account_id)]


def test_m09_a_departments_clock_is_told_to_the_department_and_to_the_lead(session, district, told):
    case = make.case(session, district.west.org, state="signed", urgency="normal")
    make.task(session, case, district.fire, kind="lead")
    coop = make.task(session, case, district.police, kind="coop")
    clocks.start_beside(session, case, "answer", org_id=district.police.id, task=coop.id, now=NOW, due_at=DUE)
    supervision.climb(session, case, now=DUE)
    assert told() == [("overdue", -district.police.id), ("overdue", district.fire_leader.account_id)]


def test_d5_what_the_district_must_settle_is_told_to_the_district(session, district, told):
    case = make.case(session, state="registered")
    clocks.start_until(session, case, "dispatch", due_at=DUE, now=NOW)
    supervision.climb(session, case, now=DUE)
    assert told() == [("overdue", -district.office.id)]


def test_the_words_name_a_category_a_number_and_a_limit_and_nobody(session, case, climb):
    case.extract, case.extract_confirmed_at, case.place_text = "消防通道堵塞，王先生", NOW, "幸福路1号"
    climb(40)
    for words in session.scalars(select(Notice.text)):
        assert "王先生" not in words
        assert "幸福路" not in words
        assert case.number in words


# --- really at once


@pytest.fixture
def standing(committing):
    """A case of a committed district whose verification is overdue by ten days."""
    with committing() as session:
        district = make.district(session)
        case = make.case(session, district.west.org, state="signed", urgency="normal")
        clocks.start_until(session, case, "verify", due_at=DUE, now=NOW - A_DAY)
    return case


def test_two_workers_that_climb_at_once_reach_each_rung_once(committing, standing):
    def climb():
        with committing() as session:
            jobs_of_clocks.climb(session, standing.id, now=DUE + 30 * A_DAY)

    assert at_once(climb, climb, climb) == [None, None, None]
    with committing() as session:
        assert session.scalar(select(func.count()).where(Escalation.case_id == standing.id)) == len(EVERY)
        assert count(session, UrgeOrder) == 3
        assert count(session, Interview) == count(session, ListingCandidate) == 1


def test_two_beats_and_a_sweep_that_comes_often_make_one_job_for_a_case(committing, standing):
    assert at_once(*[lambda: beat.strike(now=DUE)] * 3) == [None, None, None]
    with committing() as session:
        for _ in range(3):
            sweeps.find_overdue(session, now=DUE)
        jobs = text("select count(*) from handling.job where step = 'climb' and subject = :case")
        assert session.scalar(jobs, {"case": standing.id}) == 1


def test_an_officer_who_acts_while_the_ladder_fires_is_not_told_that_the_case_changed(committing, standing):
    """The ladder leaves the case's version alone: what the officer saw is still so."""
    with committing() as session:
        seen = session.get_one(make.Case, standing.id).version
        jobs_of_clocks.climb(session, standing.id, now=DUE)
    with committing() as session:
        assert session.get_one(make.Case, standing.id).version == seen


def test_of_an_officer_who_is_in_time_and_the_ladder_only_one_wins(committing, standing):
    def stop():
        with committing() as session:
            held = session.get_one(make.Case, standing.id, with_for_update=True)
            clocks.stop(session, held, "verify", now=DUE)

    def climb():
        with committing() as session:
            jobs_of_clocks.climb(session, standing.id, now=DUE)

    assert at_once(stop, climb) == [None, None]
    with committing() as session:
        fired = session.scalar(select(func.count()).where(Escalation.case_id == standing.id))
        assert fired in {0, 2}
        assert bool(count(session, Notice)) == bool(fired)
