"""M15, T6: a visit does not wait for somebody who cannot end it; a companion takes it over, or it is broken off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import handling, supervision
from cases.handling import CheckIn
from cases.lifecycle import handlers, whose
from cases.lifecycle.closing import panel
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotYourRole
from cases.lifecycle.visit import NoOpenVisit, NotThere, NotYoursToEnd
from cases.models.case import CaseEvent, Clock, Notice
from cases.models.handling import RecordCopy, Visit
from cases.models.supervision import Escalation
from kit.errors import Stale
from people import absences
from people.absences import Leave
from people.models import Account
from people.roles import Role
from tests import answers, make
from tests.cases.test_races import at_once, in_version_seen
from tests.walk import RECORD, Walk

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def begun(walk):
    """The officer of the western town is at the place with a colleague, and has not come back."""
    begin(walk.signed(), walk.town.colleague)
    return walk


def begin(walk, *companions, by=None, kind="verification"):
    check_in = CheckIn(kind, make.IN_WEST, [each.account_id for each in companions], None)
    return handling.start_visit(
        walk.session, walk.case, check_in=check_in, by=by or walk.town.officer, now=walk._tick()
    )


def record(walk, by):
    made = replace(RECORD, checks=answers.calm(walk.session, walk.case))
    return handling.complete_visit(walk.session, walk.case, record=made, by=by, now=walk._tick())


def end(walk, by, reason="检查人员突发疾病"):
    return handling.break_off(walk.session, walk.case, reason=reason, by=by, now=walk._tick())


def leaves(session, who):
    session.get_one(Account, who.account_id).active = False
    session.flush()


def told(session, kind):
    return set(session.scalars(select(Notice.account_id).where(Notice.kind == kind)))


# --- breaking off


def test_m15_where_the_officer_has_left_the_office_breaks_the_visit_off_and_somebody_else_verifies(begun, session):
    leaves(session, begun.town.officer)
    visit = end(begun, begun.town.clerk)
    assert (visit.state, visit.broken_off_by, visit.broken_off_reason) == (
        "broken_off", begun.town.clerk.account_id, "检查人员突发疾病"
    )  # fmt: skip
    assert begun.case.state == "verifying"
    begin(begun, by=begun.town.colleague)
    make.pictures(session, begun.case, "near", "far", at=begun.now)
    record(begun, begun.town.colleague)
    handling.propose(
        session, begun.case, outcome="substantiated", summary="属实", qualification="消防法", sanction="",
        by=begun.town.colleague, now=begun._tick(),
    )  # fmt: skip
    assert begun.case.state == "verdict_review"


@pytest.mark.parametrize("who", ["officer", "clerk", "leader"])
def test_m15_the_officer_a_clerk_and_a_leader_break_a_visit_off(begun, who):
    assert end(begun, getattr(begun.town, who)).state == "broken_off"


def test_m15_a_colleague_does_so_only_while_standing_in(begun, session):
    with pytest.raises(NotYoursToEnd):
        end(begun, begun.town.colleague)
    away = Leave(begun.town.officer.account_id, begun.town.colleague.account_id, begun.now, begun.now + DAY, "病假")
    absences.enter(session, away, by=begun.town.clerk, now=begun.now)
    assert end(begun, begun.town.colleague).broken_off_by == begun.town.colleague.account_id


def test_m15_nobody_of_another_office_breaks_it_off_nor_whoever_has_no_part_in_handling(begun, session, district):
    for who in (district.east.clerk, district.east.leader, district.fire_leader):
        with pytest.raises(NotYourBody):
            end(begun, who)
    for role in set(Role) - {
        Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER
    }:  # fmt: skip
        with pytest.raises(NotYourRole):
            end(begun, make.officer(session, begun.town.org, role))


def test_m15_a_department_s_visit_is_broken_off_by_its_leader_and_by_no_town(walk, session, district):
    walk.signed()
    begin(walk, by=district.fire_officer)
    with pytest.raises(NotYourBody):
        end(walk, walk.town.leader)
    assert end(walk, district.fire_leader).org_id == district.fire.id


def test_m15_whoever_has_moved_to_another_office_leaves_the_visit_with_the_old_one(begun, session, district):
    session.get_one(Account, begun.town.officer.account_id).org_id = district.east.org.id
    session.flush()
    moved = replace(begun.town.officer, org_id=district.east.org.id)
    with pytest.raises(NotYourBody):
        end(begun, moved)
    assert end(begun, begun.town.leader).state == "broken_off"


@pytest.mark.parametrize("reason", ["", "  "])
def test_m15_whoever_breaks_off_or_takes_over_says_why(begun, reason):
    with pytest.raises(Incomplete):
        end(begun, begun.town.clerk, reason)
    with pytest.raises(Incomplete):
        handling.take_over(begun.session, begun.case, reason=reason, by=begun.town.colleague, now=begun.now)


def test_only_a_visit_that_is_open_is_broken_off_or_taken_over(walk, session):
    walk.visited()
    with pytest.raises(NoOpenVisit):
        end(walk, walk.town.clerk)
    with pytest.raises(NoOpenVisit):
        handling.take_over(session, walk.case, reason="接办", by=walk.town.colleague, now=walk.now)


def test_what_was_broken_off_is_never_completed(begun, session):
    end(begun, begun.town.clerk)
    with pytest.raises(NoOpenVisit):
        record(begun, begun.town.officer)
    assert session.scalars(select(RecordCopy).where(RecordCopy.case_id == begun.case.id)).all() == []


def test_x20_x21_what_was_broken_off_proves_nothing(begun, session):
    make.pictures(session, begun.case, "near", "far", at=begun.now)
    end(begun, begun.town.officer)
    said = {"outcome": "unsubstantiated", "summary": "未见", "qualification": "", "sanction": ""}
    with pytest.raises(Incomplete) as refusal:
        handling.propose(session, begun.case, by=begun.town.officer, now=begun._tick(), **said)
    assert refusal.value.extra["missing"] == ["visit_record"]
    begin(begun, by=begun.town.colleague)
    record(begun, begun.town.colleague)
    with pytest.raises(Incomplete) as refusal:
        handling.propose(session, begun.case, by=begun.town.colleague, now=begun._tick(), **said)
    assert refusal.value.extra["missing"] == ["photo_near", "photo_far"]


def test_a_visit_that_was_completed_stands_behind_a_verdict_also_when_a_later_one_was_broken_off(walk, session):
    walk.visited()
    begin(walk, by=walk.town.colleague)
    end(walk, walk.town.colleague)
    walk.propose_again()
    assert walk.case.state == "verdict_review"


def test_m64_whoever_was_there_has_had_a_hand_in_the_case(begun, session):
    end(begun, begun.town.clerk)
    assert {begun.town.officer.account_id, begun.town.colleague.account_id} <= handlers.people(session, begun.case)


def test_x16_nobody_gains_time_by_going_and_leaving(session, district):
    walk = Walk(session, district)
    walk.case.urgency = "immediate"
    walk.signed()
    arrival = select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "first_arrival").order_by(Clock.id)
    first = session.scalars(arrival).one()
    begin(walk)
    session.refresh(first)
    assert first.stopped_at == walk.now
    end(walk, walk.town.officer)
    again = session.scalars(arrival).all()[1]
    assert (again.due_at, again.started_at, again.continues_id, again.stopped_at) == (
        first.due_at, first.started_at, first.id, None
    )  # fmt: skip
    supervision.climb(session, walk.case, now=first.due_at + MINUTE)
    rungs = select(Escalation.rung).where(Escalation.clock_id == again.id)
    assert "alert" in set(session.scalars(rungs))
    begin(walk, by=walk.town.colleague)
    session.refresh(again)
    assert again.stopped_at == walk.now


def test_x16_an_arrival_that_was_proved_before_stays_one(session, district):
    walk = Walk(session, district)
    walk.case.urgency = "immediate"
    walk.visited()
    begin(walk, by=walk.town.colleague)
    end(walk, walk.town.colleague)
    running = select(Clock.id).where(
        Clock.case_id == walk.case.id, Clock.kind == "first_arrival", Clock.stopped_at.is_(None)
    )
    assert session.scalars(running).all() == []


def test_g_doc_an_open_visit_keeps_the_case_open_and_a_broken_off_one_does_not(session, district):
    walk = Walk(session, district).closable()
    make.certificate(session, walk.town.officer)
    make.certificate(session, walk.town.colleague)
    begin(walk, walk.town.colleague, kind="enforcement")
    shut = [each.reason for each in panel(session, walk.case) if not each.holds]
    assert shut == ["record_open"]
    assert whose.turn_of(session, walk.case) == walk.town.org.id
    leaves(session, walk.town.officer)
    end(walk, walk.town.leader)
    assert [each.reason for each in panel(session, walk.case) if not each.holds] == []
    states = select(Visit.state).where(Visit.case_id == walk.case.id).order_by(Visit.started_at)
    assert session.scalars(states).all() == ["completed", "broken_off"]


def test_m15_the_office_is_told_that_somebody_has_to_go(begun, session):
    end(begun, begun.town.clerk)
    assert told(session, "visit_broken_off") == {begun.town.leader.account_id}
    [entry] = session.scalars(select(CaseEvent).where(CaseEvent.kind == "visit_broken_off"))
    assert entry.body["officer"] == begun.town.officer.account_id
    assert entry.body["reason"] == "检查人员突发疾病"


# --- taking over


def test_m15_f10_a_companion_goes_on_and_completes_the_record(begun, session):
    leaves(session, begun.town.officer)
    visit = handling.take_over(session, begun.case, reason="同行人员接办", by=begun.town.colleague, now=begun._tick())
    assert (visit.state, visit.officer_id, visit.companion_ids) == (
        "open", begun.town.colleague.account_id, [begun.town.officer.account_id]
    )  # fmt: skip
    with pytest.raises(NoOpenVisit):
        record(begun, begun.town.officer)
    assert record(begun, begun.town.colleague).state == "completed"
    [entry] = session.scalars(select(CaseEvent).where(CaseEvent.kind == "visit_taken_over"))
    assert (entry.body["was"], entry.body["to"]) == (begun.town.officer.account_id, begun.town.colleague.account_id)


def test_f10_only_who_was_there_goes_on_with_it(walk, session, district):
    begin(walk.signed(), by=district.fire_officer)
    for who in (walk.town.colleague, district.fire_officer):  # was not there; leads it
        with pytest.raises(NotThere):
            handling.take_over(session, walk.case, reason="接办", by=who, now=walk.now)
    for who in (walk.town.clerk, walk.town.leader, district.supervisor):
        with pytest.raises(NotYourRole):
            handling.take_over(session, walk.case, reason="接办", by=who, now=walk.now)


def test_m61_a_check_that_is_taken_over_still_supports_a_penalty(walk, session):
    walk.signed()
    for who in (walk.town.officer, walk.town.colleague):
        make.certificate(session, who)
    before = begin(walk, walk.town.colleague, kind="enforcement").certificates
    visit = handling.take_over(session, walk.case, reason="接办", by=walk.town.colleague, now=walk._tick())
    assert visit.supports_penalty
    assert visit.certificates == before


def test_m15_a_companion_of_another_body_writes_no_record_for_this_one(walk, session, district):
    begin(walk.signed(), district.fire_officer)
    with pytest.raises(NotThere):
        handling.take_over(session, walk.case, reason="接办", by=district.fire_officer, now=walk.now)


# --- who hears of it


def test_m15_the_office_hears_once_that_the_officer_of_a_visit_has_gone(begun, session):
    assert supervision.find_absent(session, now=begun.now) == []
    leaves(session, begun.town.officer)
    for _ in range(2):
        for _case in supervision.find_absent(session, now=begun.now):
            supervision.pass_on(session, begun.case, now=begun.now)
    assert told(session, "visit_without_officer") == {
        begun.town.clerk.account_id, begun.town.leader.account_id, begun.town.colleague.account_id
    }  # fmt: skip
    assert len(session.scalars(select(Notice).where(Notice.kind == "visit_without_officer")).all()) == 3
    assert supervision.find_absent(session, now=begun.now) == []


def test_m15_whoever_stands_in_hears_of_the_visit_as_well(walk, session):
    begin(walk.signed())
    away = Leave(walk.town.officer.account_id, walk.town.colleague.account_id, walk.now, walk.now + DAY, "病假")
    absences.enter(session, away, by=walk.town.clerk, now=walk.now)
    supervision.pass_on(session, walk.case, now=walk.now + MINUTE)
    assert walk.town.colleague.account_id in told(session, "visit_without_officer")


# --- two at once


@pytest.mark.parametrize("other", ["complete", "take_over", "break_off"])
def test_of_a_breaking_off_and_what_else_ends_a_visit_one_goes_through(committing, other):
    with committing() as session:
        walk = Walk(session, make.district(session)).signed()
        begin(walk, walk.town.colleague)
        make.pictures(session, walk.case, "near", "far", at=walk.now)
        checks = answers.calm(session, walk.case)
    case, town, now = walk.case, walk.town, walk.now
    acts = {
        "complete": (town.officer, lambda s, held: handling.complete_visit(
            s, held, record=replace(RECORD, checks=checks), by=town.officer, now=now
        )),
        "take_over": (town.colleague, lambda s, held: handling.take_over(
            s, held, reason="接办", by=town.colleague, now=now
        )),
        "break_off": (town.leader, lambda s, held: handling.break_off(s, held, reason="中止", by=town.leader, now=now)),
    }  # fmt: skip
    breaks = in_version_seen(
        committing, case, town.clerk,
        lambda s, held: handling.break_off(s, held, reason="病", by=town.clerk, now=now),
    )  # fmt: skip
    outcomes = at_once(breaks, in_version_seen(committing, case, *acts[other]))
    assert sorted(outcomes, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        ended = select(CaseEvent.kind).where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind.in_(("visit_completed", "visit_taken_over", "visit_broken_off")),
        )
        assert len(session.scalars(ended).all()) == 1
