"""M64: what is immediate, major, or penalised by duty is accepted by another body than the one that answers for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import clocks, handling
from cases.handling import CheckIn
from cases.lifecycle import accepting as rules
from cases.lifecycle import closing
from cases.lifecycle.accepting import ByAnotherBody
from cases.models.case import Clock, Task
from cases.supervision import answering
from people.models import Account
from people.roles import Role
from tests import accepting, answers, make
from tests.desk import notices
from tests.enforcement import Bureau
from tests.walk import RECORD, Walk, all_passed

ACTS = pytest.mark.parametrize("act", [accepting.pass_, accepting.fail])
WEIGHTY = pytest.mark.parametrize("facts", [{"urgency": "immediate"}, {"penalty_policy": "mandatory"}])
BOTH_OFF = {"immediate": False, "mandatory_penalty": False}


def grave(walk, **facts):
    """Said to be done, and as grave as told."""
    walk.ordered()
    for name, value in facts.items():
        setattr(walk.case, name, value)
    return walk.complete_again()


def without_departments(walk):
    walk.session.execute(
        update(Task).where(Task.case_id == walk.case.id, Task.kind != "town").values(state="cancelled")
    )


def accept(walk, act, by):
    checks = all_passed(walk.session, walk.case) if act is accepting.pass_ else []
    return act(walk.session, walk.case, note="-", findings=["x"], checks=checks, by=by, now=walk.now)


def accepts(walk):
    """The body against which the time of the acceptance runs."""
    running = (each for each in clocks.running(walk.session, walk.case) if each.kind == "acceptance")
    return answering.body(walk.session, walk.case, next(running))


@ACTS
@WEIGHTY
def test_m64_the_town_does_not_accept_and_reads_who_may(session, district, walk, act, facts):
    grave(walk, **facts)
    for who in (walk.town.colleague, make.deputy(session, walk.town)):
        with pytest.raises(ByAnotherBody) as refusal:
            accept(walk, act, who)
    named = {each["id"]: each["name"] for each in refusal.value.extra["bodies"]}
    assert named == {org.id: org.name_zh for org in (district.fire, district.police)}
    accept(walk, act, district.fire_officer)
    assert walk.case.state == ("closure_review" if act is accepting.pass_ else "rectifying")


def test_m64_a_body_that_only_helps_may_too_and_a_stranger_may_not(session, district, walk):
    grave(walk, urgency="immediate")
    with pytest.raises(rules.NotYourBody):
        accept(walk, accepting.pass_, district.east.colleague)
    accept(walk, accepting.pass_, district.police_officer)
    assert walk.case.state == "closure_review"


@WEIGHTY
def test_m64_it_is_a_policy_of_the_day_the_case_was_opened(session, walk, facts):
    make.value(session, "accepted_by_others", BOTH_OFF)
    both_on = {"immediate": True, "mandatory_penalty": True}
    make.value(session, "accepted_by_others", both_on, at=walk.case.opened_at + timedelta(minutes=1))
    grave(walk, **facts)
    accept(walk, accepting.pass_, walk.town.colleague)
    assert walk.case.state == "closure_review"


def test_a_general_case_stays_in_the_town_by_another_person(session, walk):
    walk.completed()
    assert not rules.by_others(session, walk.case)
    assert notices(session, "to_accept") == []
    assert accepts(walk) == walk.town.org.id
    accept(walk, accepting.pass_, walk.town.colleague)


@WEIGHTY
def test_x53_the_body_that_accepts_is_told_and_late_for_itself(session, district, walk, facts):
    grave(walk, **facts)
    told = notices(session, "to_accept")
    assert [(each.org_id, walk.case.number in each.text) for each in told] == [(district.fire.id, True)]
    assert accepts(walk) == district.fire.id
    total = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "total")).one()
    assert answering.body(session, walk.case, total) == district.fire.id
    accept(walk, accepting.fail, district.fire_officer)
    assert answering.body(session, walk.case, total) == walk.town.org.id


@WEIGHTY
@pytest.mark.parametrize("reached", [False, True])
def test_m64_m15_where_only_the_town_is_there_the_safety_office_is_told_once_and_brings_one_in(
    session, district, walk, facts, reached
):
    walk.ordered(days=1)
    without_departments(walk)
    for name, value in facts.items():
        setattr(walk.case, name, value)
    if reached:
        walk.now += timedelta(days=2)
        assert handling.reach_deadline(session, walk.case, now=walk.now)
        assert not any("请到场验收" in each.text for each in notices(session, "deadline_reached"))
    else:
        walk.complete_again()
    assert [each.account_id for each in notices(session, "nobody_is_left")] == [district.supervisor.account_id]
    with pytest.raises(ByAnotherBody) as refusal:
        accept(walk, accepting.fail, walk.town.colleague)
    assert refusal.value.extra["bodies"] == []
    line = next(each for each in closing.panel(session, walk.case) if each.code == "G-ACC")
    assert (line.reason, line.link) == ("acceptor_missing", f"/cases/{walk.case.id}#/tasks")
    assert accepts(walk) == district.office.id
    handling.bring_in(
        session, walk.case, org_id=district.fire.id, goal="到场验收", by=district.supervisor, now=walk.now
    )
    assert accepts(walk) == district.fire.id
    accept(walk, accepting.fail, district.fire_officer)
    assert walk.case.state == "rectifying"


def test_f18_another_department_stands_in_for_a_leading_one_that_has_nobody_left(session, district, walk):
    walk.ordered(grade="major", by=district.fire_leader).complete_again()
    with pytest.raises(rules.NotYourBody):
        accept(walk, accepting.fail, district.police_officer)
    session.execute(update(Account).where(Account.id == district.fire_officer.account_id).values(active=False))
    accept(walk, accepting.fail, district.police_officer)
    assert walk.case.state == "rectifying"


def test_the_county_group_does_not_accept_what_it_has_handled_either(session, district):
    walk = Walk(session, district)
    case = make.case(session, district.group, state="acceptance", urgency="immediate", outcome="substantiated")
    who = make.officer(session, district.group, Role.TOWN_OFFICER)
    make.task(session, case, district.fire, kind="lead")
    with pytest.raises(ByAnotherBody):
        handling.arrive(session, case, point=make.IN_WEST, distance_reason=None, by=who, now=walk.now)
    handling.arrive(session, case, point=make.IN_WEST, distance_reason=None, by=district.fire_officer, now=walk.now)


def test_t15_what_a_check_finds_after_the_acceptance_is_told_to_whoever_accepts(session, district, walk):
    grave(walk, urgency="immediate")
    accept(walk, accepting.pass_, district.fire_officer)
    bureau = Bureau(session, district)
    check_in = CheckIn("enforcement", make.IN_WEST, [bureau.second.account_id], None)
    handling.start_visit(session, walk.case, check_in=check_in, by=bureau.first, now=walk._tick())
    record = replace(RECORD, findings=("消火栓无水",), checks=answers.calm(session, walk.case))
    handling.complete_visit(session, walk.case, record=record, by=bureau.first, now=walk._tick())
    assert walk.case.state == "acceptance"
    leaders = {district.fire_leader.account_id, bureau.leader.account_id}
    assert {each.account_id for each in notices(session, "more_to_accept")} == leaders
