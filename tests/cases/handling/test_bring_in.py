"""X21, M09, M67: where nobody of a small body may look anew, it is said, and a department is brought in."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from cases import aftercare, clocks, handling, routing
from cases.handling import CheckIn, HasItAlready, NotADepartment
from cases.lifecycle import accepting as guards_of_accepting
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.machine import NotYourRole
from cases.lifecycle.second_look import NotByOthers, somebody_is_left
from cases.models.case import Task
from cases.models.second_look import SecondLook
from people.actors import SYSTEM
from people.models import AccountRole
from people.roles import Role
from tests import accepting, answers, make
from tests.desk import entries, notices
from tests.looking_back import DAY, denied
from tests.make import NOW
from tests.walk import RECORD
from workers import reopenings


@pytest.fixture
def alone(session, walk):
    """A town with one officer who visits; no department has a part in the case."""
    session.execute(delete(AccountRole).where(AccountRole.account_id == walk.town.colleague.account_id))
    make.value(session, "second_look_share", 1)
    walk.proposed("unsubstantiated")
    session.execute(update(Task).where(Task.case_id == walk.case.id, Task.kind != "town").values(state="cancelled"))
    return walk


def sent_back(walk):
    handling.find_unsubstantiated(walk.session, walk.case, comment="未见", by=walk.town.leader, now=walk.now)
    look = walk.session.scalars(select(SecondLook).where(SecondLook.case_id == walk.case.id)).one()
    handling.return_look(walk.session, walk.case, look, comment="再查", by=walk.district.supervisor, now=walk.now)
    return walk


def bring_in(walk, org=None, by=None):
    org_id = (org or walk.district.fire).id
    return handling.bring_in(walk.session, walk.case, org_id=org_id, by=by or walk.district.supervisor, now=walk.now)


def test_x21_a_body_of_one_is_said_to_have_nobody_left_and_a_department_goes_on(session, alone):
    sent_back(alone)
    told = [each.account_id for each in notices(session, "nobody_is_left")]
    assert (alone.case.state, told) == ("verifying", [alone.district.supervisor.account_id])
    alone.visit_again()
    with pytest.raises(NotByOthers):
        alone.propose_again("unsubstantiated")

    task = bring_in(alone)

    assert (task.kind, task.state, task.org_id) == ("coop", "open", alone.district.fire.id)
    assert [each.org_id for each in clocks.beside(session, alone.case) if each.kind == "answer"][-1] == task.org_id
    assert entries(session, alone.case)[-1] == "involved"
    assert [each.org_id for each in notices(session, "brought_in")] == [alone.district.fire.id]
    looked_at_by(alone, alone.district.fire_officer)
    assert alone.case.state == "verdict_review"
    handling.find_unsubstantiated(session, alone.case, comment="两次未见", by=alone.town.leader, now=alone.now)


def looked_at_by(walk, who):
    handling.start_visit(
        walk.session, walk.case, check_in=CheckIn("verification", make.IN_WEST, [], None), by=who, now=walk._tick()
    )
    make.pictures(walk.session, walk.case, "near", "far", at=walk.now)
    record = replace(RECORD, checks=answers.calm(walk.session, walk.case))
    handling.complete_visit(walk.session, walk.case, record=record, by=who, now=walk._tick())
    handling.propose(
        walk.session, walk.case, outcome="unsubstantiated", summary="未见", qualification="", sanction="", by=who,
        now=walk._tick(),
    )  # fmt: skip


def test_x21_where_a_colleague_or_a_department_is_there_nobody_is_told(session, walk):
    make.value(session, "second_look_share", 1)
    walk.proposed("unsubstantiated")
    sent_back(walk)
    assert somebody_is_left(session, walk.case)
    assert notices(session, "nobody_is_left") == []


@pytest.mark.parametrize("reached", [False, True])
def test_m64_m15_where_everybody_of_a_body_has_handled_a_case_it_is_said_and_a_department_accepts(
    session, walk, reached
):
    for who in (walk.town.colleague, walk.town.clerk):
        session.execute(delete(AccountRole).where(AccountRole.account_id == who.account_id))
    walk.ordered(days=1)
    session.execute(update(Task).where(Task.case_id == walk.case.id, Task.kind != "town").values(state="cancelled"))
    if reached:
        walk.now += 2 * DAY
        assert handling.reach_deadline(session, walk.case, now=walk.now)
    else:
        walk.complete_again()
    told = [each.account_id for each in notices(session, "nobody_is_left")]
    assert (walk.case.state, told) == ("acceptance", [walk.district.supervisor.account_id])
    bring_in(walk)
    assert guards_of_accepting.somebody_is_left(session, walk.case)
    who = walk.district.fire_officer
    accepting.fail(session, walk.case, note="未清理", findings=["通道仍堵"], by=who, now=walk._tick())
    assert walk.case.state == "rectifying"


def test_m64_where_somebody_may_accept_nobody_is_told(session, walk):
    walk.completed()
    assert notices(session, "nobody_is_left") == []


def test_m67_it_stands_on_the_list_of_the_night_until_somebody_is_there(session, alone):
    sent_back(alone)
    listed = aftercare.find_orphans(session, now=alone.now + DAY).items
    assert [(each["kind"], each["number"]) for each in listed] == [("nobody_is_left", alone.case.number)]
    bring_in(alone)
    assert aftercare.find_orphans(session, now=alone.now + DAY).items == []


def test_r8_what_is_to_be_verified_anew_by_others_after_a_reopening_is_said_too(session, walk):
    denied(walk)
    for role in (Role.TOWN_OFFICER, Role.DEPT_OFFICER):
        session.execute(delete(AccountRole).where(AccountRole.role == role))
    found = aftercare.Grounds("review_upheld", "现场确有堵塞")
    aftercare.reopen(session, walk.case, found, by=walk.district.supervisor, now=walk._tick())
    reopenings.settle(session, walk.case.id, now=walk.now)
    assert walk.case.state == "verifying"
    assert len(notices(session, "nobody_is_left")) == 1


def test_m07_m08_only_the_safety_office_brings_in_and_only_a_department_that_is_not_there(session, alone):
    sent_back(alone)
    for who in (alone.town.leader, alone.district.intake, alone.district.fire_leader):
        with pytest.raises(NotYourRole):
            bring_in(alone, by=who)
    for org in (alone.district.east.org, alone.district.group, alone.district.office):
        with pytest.raises(NotADepartment):
            bring_in(alone, org)
    bring_in(alone)
    with pytest.raises(HasItAlready):
        bring_in(alone)


@pytest.mark.parametrize("state", ["registered", "dispatched", "on_hold", "closed", "void"])
def test_m09_only_into_a_case_that_somebody_has_in_hand(session, walk, state):
    walk.case = make.case(session, walk.town.org, state=state)
    with pytest.raises(NotHandled):
        bring_in(walk)


@pytest.mark.parametrize("stands_in", [False, True])
def test_m09_ccl_01_the_safety_office_names_the_department_of_the_trade_which_has_a_task_of_its_own(
    session, district, stands_in
):
    """The catalogue cannot know which one it is; where a department stands in for it, that has its task at once."""
    if stands_in:
        make.value(session, "department_stands_in", {"line_department": "fire"})
    case = make.case(session, category="CCL-01")
    routing.dispatch(session, case, to=make.org(session, "group"), by=SYSTEM, now=NOW)
    told = [(each.account_id, "行业主管部门" in each.text) for each in notices(session, "department_to_name")]
    assert told == ([] if stands_in else [(district.supervisor.account_id, True)])
    tasked = select(Task.id).where(Task.case_id == case.id, Task.org_id == district.fire.id)
    assert (session.scalars(tasked).first() is not None) == stands_in
    if not stands_in:
        case.state = "verifying"
        task = handling.bring_in(
            session, case, org_id=district.fire.id, goal="核实本行业事故报告情况", by=district.supervisor, now=NOW
        )
        assert (task.goal, task.kind, task.state) == ("核实本行业事故报告情况", "coop", "open")
        assert [each.org_id for each in clocks.beside(session, case) if each.task_id == task.id] == [district.fire.id]


def test_m09_of_a_category_without_such_a_party_nobody_is_asked(session, walk):
    walk.dispatched()
    assert notices(session, "department_to_name") == []
