"""The guards of the case machine, from verdict to acceptance, each shut and open (C2, C4.2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import handling
from cases.handling.order import DueTooLate
from cases.handling.verdict import NothingToDecide
from cases.lifecycle.guards import PLAN_ITEMS, Incomplete, NotYourBody, SamePerson, WrongLevel, WrongOutcome
from cases.models.case import Clock
from cases.models.handling import Acceptance, Visit
from cases.models.policy import PolicyValue
from geo.points import Point
from people.roles import Role
from tests import accepting, make
from tests.walk import PLAN, Walk, all_passed, order_draft

TEN_DAYS = timedelta(days=10)
FAR_AWAY = Point(120.013, 31.01)  # 286 m from the place
DAY_VISIT = datetime(2026, 11, 24, 2, tzinfo=UTC)
NIGHT_VISIT = datetime(2026, 11, 24, 12, tzinfo=UTC)  # 20:00 in Shanghai


def order(walk, by=None, **facts):
    facts.setdefault("due_at", walk.now + TEN_DAYS)
    draft = order_draft(**facts)
    return handling.order(walk.session, walk.case, draft=draft, by=by or walk.town.leader, now=walk.now)


def missing(refusal):
    return refusal.value.extra["missing"]


def _clocks(session, case, kind):
    return session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == kind).order_by(Clock.id)).all()


@pytest.mark.parametrize("who", ["finder", "visitor", "companion"])
def test_c2_whoever_verified_does_not_approve(walk, session, who):
    town = walk.town
    leader = make.officer(session, town.org, Role.TOWN_LEADER)
    walk.case = make.case(session, town.org, state="verdict_review")
    visit = make.visit(
        session, walk.case, leader if who == "visitor" else town.officer,
        companions=[leader] if who == "companion" else [],
    )  # fmt: skip
    make.verdict(session, walk.case, visit, leader if who == "finder" else town.officer)
    with pytest.raises(SamePerson):
        order(walk, by=leader)
    with pytest.raises(SamePerson):
        handling.find_unsubstantiated(session, walk.case, comment="", by=leader, now=walk.now)
    with pytest.raises(SamePerson):
        handling.return_verdict(session, walk.case, comment="", by=leader, now=walk.now)
    order(walk)


def test_t8_a_leader_of_another_body_does_not_decide(walk):
    walk.proposed()
    for stranger in (walk.district.east.leader, walk.district.fire_leader):
        with pytest.raises(NotYourBody):
            order(walk, by=stranger)


def test_t8_f18_x29_a_major_hazard_is_decided_by_a_department_with_its_criterion(walk):
    walk.proposed()
    with pytest.raises(WrongLevel):
        order(walk, grade="major")
    with pytest.raises(Incomplete) as refusal:
        order(walk, by=walk.district.fire_leader, grade="major", criterion=None)
    assert missing(refusal) == ["criterion"]
    order(walk, by=walk.district.fire_leader, grade="major")
    assert walk.case.grade == "major"


def test_t8_t9_the_way_is_that_of_the_outcome(walk, session, district):
    make.value(session, "second_look_share", 0)
    walk.proposed("unsubstantiated")
    with pytest.raises(WrongOutcome):
        order(walk)
    verdict = handling.find_unsubstantiated(session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    assert (walk.case.state, walk.case.outcome) == ("closure_review", "unsubstantiated")
    assert (verdict.state, verdict.decided_by) == ("approved", walk.town.leader.account_id)
    other = Walk(session, district).proposed("partly")
    with pytest.raises(WrongOutcome):
        handling.find_unsubstantiated(session, other.case, comment="", by=other.town.leader, now=other.now)


@pytest.mark.parametrize("name", make.UNDECIDED)
def test_t8_m50_each_of_the_four_consequences_is_decided_with_a_reason(walk, name):
    walk.proposed()
    without = {key: row for key, row in make.UNDECIDED.items() if key != name}
    for consequences in (without, without | {name: {"decided": True, "reason": " "}}):
        with pytest.raises(Incomplete) as refusal:
            order(walk, consequences=consequences)
        assert missing(refusal) == [name]


@pytest.mark.parametrize("item", PLAN_ITEMS)
def test_t8_m39_an_order_has_its_five_items(walk, item):
    walk.proposed()
    with pytest.raises(Incomplete) as refusal:
        order(walk, plan=PLAN | {item: " "})
    assert missing(refusal) == [item]


def test_t8_m39_an_order_has_its_date(walk):
    walk.proposed()
    with pytest.raises(Incomplete) as refusal:
        order(walk, due_at=None)
    assert missing(refusal) == ["due_at"]


def test_t8_m16_an_officer_is_not_the_one_who_rectifies_unless_there_is_no_operator(walk):
    walk.proposed()
    officer = PLAN | {"responsible_party": walk.town.officer.name}
    with pytest.raises(Incomplete):
        order(walk, plan=officer)
    for party in (f"{walk.town.org.name_zh}{walk.town.officer.name}", walk.district.fire.name_zh):
        with pytest.raises(Incomplete):
            order(walk, plan=PLAN | {"responsible_party": party})
    order(walk, plan=officer | {"no_operator": True})


def test_t8_m48_fixed_on_the_spot_is_proved_by_a_pair_of_photos_and_needs_no_plan(walk, session):
    walk.proposed()
    visit = session.scalars(select(Visit).where(Visit.case_id == walk.case.id)).one()
    for role, lacking in (("before", "photo_before"), ("after", "photo_after")):
        (picture,) = make.pictures(session, walk.case, role)
        picture.received_at = visit.completed_at + timedelta(seconds=1)  # back at the office
        session.flush()
        with pytest.raises(Incomplete) as refusal:
            order(walk, fixed_on_spot=True, due_at=None, plan={})
        assert missing(refusal) == [lacking]
        picture.received_at = visit.completed_at
        session.flush()
    issued = order(walk, fixed_on_spot=True, due_at=None, plan={})
    assert issued.due_at == walk.now


def test_t8_an_order_ends_within_the_profile(walk, session):
    """C5: at most 15 days for an urgent hazard, 60 for a major one, and never in the past."""
    walk.proposed()
    for due_at in (walk.now + timedelta(days=16), walk.now - timedelta(seconds=1)):
        with pytest.raises(DueTooLate), session.begin_nested():
            order(walk, due_at=due_at)
        session.refresh(walk.case)
        assert walk.case.state == "verdict_review"
    with pytest.raises(DueTooLate), session.begin_nested():
        order(walk, by=walk.district.fire_leader, grade="major", due_at=walk.now + timedelta(days=61))
    order(walk, by=walk.district.fire_leader, grade="major", due_at=walk.now + timedelta(days=60))


def test_nothing_is_decided_where_nothing_was_proposed(walk, session):
    walk.visited()
    with pytest.raises(NothingToDecide):
        order(walk)


def test_t10_a_returned_verdict_leaves_only_the_time_that_remained(walk, session):
    walk.proposed()
    first = _clocks(session, walk.case, "verify")[-1]
    left = first.due_at - first.stopped_at
    walk.now += timedelta(hours=20)
    handling.return_verdict(session, walk.case, comment="证据不足", by=walk.town.leader, now=walk.now)
    assert walk.case.state == "verifying"
    again = _clocks(session, walk.case, "verify")[-1]
    assert (again.started_at, again.due_at - again.started_at) == (walk.now, left)
    assert again.due_at < walk.now + timedelta(hours=24)
    walk.propose_again()
    assert walk.case.state == "verdict_review"


def test_t10_a_verdict_returned_late_stays_late(walk, session):
    walk.visited()
    walk.now += timedelta(days=3)
    walk.propose_again()
    handling.return_verdict(session, walk.case, comment="证据不足", by=walk.town.leader, now=walk.now)
    assert _clocks(session, walk.case, "verify")[-1].due_at < walk.now


# --- T13, T14, T15


def test_t13_completion_needs_a_photo_taken_after(walk, session):
    walk.ordered()
    with pytest.raises(Incomplete) as refusal:
        handling.complete(session, walk.case, statement="已整改", by=walk.town.officer, now=walk.now)
    assert missing(refusal) == ["photo_after"]
    walk.complete_again()


def test_x20_a_rework_is_not_proved_by_the_photo_that_failed(walk, session):
    walk.completed()
    accepting.fail(session, walk.case, note="", findings=["未清理"], by=walk.town.colleague, now=walk.now)
    with pytest.raises(Incomplete) as refusal:
        handling.complete(session, walk.case, statement="已返工", by=walk.town.officer, now=walk.now)
    assert missing(refusal) == ["photo_after"]
    walk.complete_again()
    assert walk.case.state == "acceptance"


@pytest.mark.parametrize("act", [accepting.pass_, accepting.fail])
def test_m64_x25_whoever_handled_the_case_does_not_accept_it(session, district, act):
    walk = Walk(session, district)
    walk.visited(companions=(walk.town.leader,))
    deputy = make.officer(session, walk.town.org, Role.TOWN_LEADER)
    walk.propose_again()
    order(walk, by=deputy)
    walk.complete_again()
    for handler in (walk.town.officer, walk.town.leader, deputy):
        with pytest.raises(SamePerson):
            act(session, walk.case, note="", findings=["x"], by=handler, now=walk.now)
    result = "pass" if act is accepting.pass_ else "fail"
    checks = [replace(each, result=result) for each in all_passed(session, walk.case)]
    act(session, walk.case, note="", findings=["x"], checks=checks, by=walk.town.colleague, now=walk.now)


def test_t8_f18_a_department_without_a_live_task_that_leads_decides_on_nothing(walk, session):
    """One that helps, one whose task was taken back, one that never had any: a major hazard is the leading one's."""
    walk.proposed()
    for kind, state in (("coop", "open"), ("lead", "cancelled"), ("look_back", "open")):
        body = make.org(session, "department")
        make.task(session, walk.case, body, kind=kind, state=state)
        with pytest.raises(NotYourBody):
            order(walk, by=make.officer(session, body, Role.DEPT_LEADER), grade="major")
    with pytest.raises(NotYourBody):
        order(walk, by=make.officer(session, make.org(session, "department"), Role.DEPT_LEADER), grade="major")
    order(walk, by=walk.district.fire_leader, grade="major")


def test_t9_f18_what_was_found_to_be_major_is_not_denied_by_the_town(walk, session):
    make.value(session, "second_look_share", 0)
    walk.proposed("unsubstantiated")
    walk.case.grade = "major"
    with pytest.raises(WrongLevel):
        handling.find_unsubstantiated(session, walk.case, comment="未见", by=walk.town.leader, now=walk.now)
    leader = walk.district.fire_leader
    handling.find_unsubstantiated(session, walk.case, comment="未见", by=leader, now=walk.now)
    assert walk.case.state == "closure_review"


@pytest.mark.parametrize("act", [accepting.pass_, accepting.fail])
def test_t14_t15_m64_a_body_without_a_live_task_accepts_nothing(walk, session, act):
    walk.completed()
    gone = make.org(session, "department")
    make.task(session, walk.case, gone, kind="coop", state="cancelled")
    said = {"note": "", "findings": ["x"], "now": walk.now}
    for body in (gone, walk.district.east.org):
        role = Role.DEPT_OFFICER if body is gone else Role.TOWN_OFFICER
        with pytest.raises(NotYourBody):
            act(session, walk.case, by=make.officer(session, body, role), **said)
    checks = [
        replace(each, result="pass" if act is accepting.pass_ else "fail") for each in all_passed(session, walk.case)
    ]
    act(session, walk.case, by=make.officer(session, walk.district.police, Role.DEPT_OFFICER), checks=checks, **said)


@pytest.mark.parametrize("act", [accepting.pass_, accepting.fail])
def test_t15_f18_a_major_hazard_is_accepted_by_the_department_that_leads(walk, session, act):
    walk.ordered(grade="major", by=walk.district.fire_leader)
    walk.complete_again()
    said = {"note": "", "findings": ["x"], "now": walk.now}
    for other in (walk.town.colleague, walk.district.police_officer):
        with pytest.raises(NotYourBody):
            act(session, walk.case, by=other, **said)
    with pytest.raises(SamePerson):
        act(session, walk.case, by=walk.district.fire_leader, **said)
    checks = [
        replace(each, result="pass" if act is accepting.pass_ else "fail") for each in all_passed(session, walk.case)
    ]
    act(session, walk.case, by=walk.district.fire_officer, checks=checks, **said)


def test_c2_m64_whoever_approved_and_ordered_does_not_accept_under_another_name_either(walk, session):
    walk.completed()
    second = make.officer(session, walk.town.org, Role.TOWN_OFFICER)
    same = replace(second, also=frozenset({walk.town.leader.account_id}))
    with pytest.raises(SamePerson):
        accepting.pass_(session, walk.case, note="", findings=["x"], by=same, now=walk.now)


def test_m64_whoever_stated_completion_does_not_accept_either(walk, session):
    walk.ordered()
    (picture,) = make.pictures(session, walk.case, "after")
    picture.received_at = walk.now
    handling.complete(session, walk.case, statement="已整改", by=walk.town.colleague, now=walk.now)
    with pytest.raises(SamePerson):
        accepting.pass_(session, walk.case, note="", findings=["x"], by=walk.town.colleague, now=walk.now)
    checks = all_passed(session, walk.case)
    accepting.pass_(
        session, walk.case, note="", findings=["x"], checks=checks, by=make.deputy(session, walk.town), now=walk.now
    )


def test_t14_a_failed_acceptance_names_what_failed_and_gives_half_the_time(walk, session):
    walk.completed(days=10)
    with pytest.raises(Incomplete):
        accepting.fail(session, walk.case, note="", findings=[], by=walk.town.colleague, now=walk.now)
    accepting.fail(session, walk.case, note="", findings=["未清理"], by=walk.town.colleague, now=walk.now)
    assert (walk.case.state, walk.case.rework_count) == ("rectifying", 1)
    assert _clocks(session, walk.case, "rework")[-1].due_at == walk.now + timedelta(days=5)
    walk.complete_again()
    accepting.fail(session, walk.case, note="", findings=["仍未清理"], by=walk.town.colleague, now=walk.now)
    assert walk.case.rework_count == 2
    assert _clocks(session, walk.case, "rework")[-1].due_at == walk.now + timedelta(days=5)


def test_t14_the_share_of_a_rework_is_policy(walk, session):
    session.add(
        PolicyValue(key="rework_share", version=2, effective_at=make.LONG_AGO, value=0.25, note="a stricter district")
    )
    walk.completed(days=8)
    accepting.fail(session, walk.case, note="", findings=["未清理"], by=walk.town.colleague, now=walk.now)
    assert _clocks(session, walk.case, "rework")[-1].due_at == walk.now + timedelta(days=2)


def test_t15_an_acceptance_is_written_down_with_who_and_what(walk, session):
    walk.accepted()
    written = session.scalars(select(Acceptance).where(Acceptance.case_id == walk.case.id)).one()
    assert (written.result, written.accepted_by) == ("pass", walk.town.colleague.account_id)
    assert written.findings == ["出口畅通"]
