"""The machine of a task (M09, M15, T3, T5, T12, T16): drawn once more, and walked by the acts that make its moves."""

import pytest
from sqlalchemy import select

from cases import enforcing, handling
from cases.handling.sign import AnsweredAlready
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.task import LIVE, TASK_MOVES, move
from cases.models.case import TASK_STATES, Task
from people.actors import CITIZEN, SYSTEM, Actor
from people.roles import Role
from tests import desk
from tests.enforcement import Bureau, referral
from tests.make import NOW

DEPARTMENT = {Role.DEPT_OFFICER, Role.DEPT_LEADER}
OFFICE = {Role.SAFETY_OFFICE}
# move: (rule, from, to, roles)
DRAWN = {
    "sign_main": ("T3", {"open", "signed"}, "signed", {Role.TOWN_CLERK, Role.TOWN_LEADER}),
    "sign": ("M15", {"open", "signed"}, "signed", DEPARTMENT),
    "assign": ("M15", {"signed"}, "signed", {Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_LEADER}),
    "answer": ("M09", {"signed"}, "answered", DEPARTMENT),
    "let_go": (
        "M57",
        {"open", "signed"},
        "cancelled",
        OFFICE | {Role.TOWN_LEADER, Role.DEPT_LEADER, "system"},
    ),
    "settle": ("T12", {"open", "signed"}, "answered", DEPARTMENT | OFFICE),
    "finish": ("T16", {"open", "signed"}, "answered", OFFICE | {Role.TOWN_LEADER}),
    "take_back": ("T5", {"open", "signed"}, "cancelled", OFFICE | {Role.INTAKE_OFFICER}),
    "give_back": ("T18", {"answered"}, "signed", OFFICE | {"system"}),
    "ask_again": ("T18", {"answered"}, "open", OFFICE | {"system"}),
    "done_after": ("T17", {"open"}, "answered", DEPARTMENT | OFFICE),
    "drop_after": ("T18", {"open"}, "cancelled", {"system"}),
}
ACTORS = {role.value: Actor("officer", "某人", 1, 1, "town", frozenset({role})) for role in Role}
ACTORS |= {"system": SYSTEM, "citizen": CITIZEN}


def test_the_machine_is_as_it_is_drawn():
    found = {
        name: (row.rule, set(row.source), row.target, set(row.by) | ({"system"} if row.system else set()))
        for name, row in TASK_MOVES.items()
    }
    assert found == DRAWN


@pytest.mark.parametrize("name", DRAWN)
def test_a_move_is_made_from_its_states_by_its_people_and_otherwise_changes_nothing(name):
    _, source, target, roles = DRAWN[name]
    for state in TASK_STATES:
        for who, actor in ACTORS.items():
            task = Task(state=state)
            refusal = NotYourRole if who not in roles else NotInState if state not in source else None
            if refusal is None:
                move(task, name, by=actor)
                assert task.state == target
            else:
                with pytest.raises(refusal):
                    move(task, name, by=actor)
                assert task.state == state


def test_what_is_answered_or_taken_back_stays_so_unless_its_case_is_opened_again_t18():
    again = {"give_back", "ask_again"}
    left = [row for name, row in TASK_MOVES.items() if name not in again]
    assert {state for state in TASK_STATES if any(state in row.source for row in left)} == LIVE
    assert {state for name in again for state in TASK_MOVES[name].source} == {"answered"}


def task_of(session, case, org):
    return session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == org.id)).one()


def test_m09_whoever_answers_without_having_signed_signs_in_the_same_moment(session, walk, district):
    walk.dispatched()
    who = district.fire_officer
    handling.answer_task(session, walk.case, text="已配合", by=who, now=walk.now)
    task = task_of(session, walk.case, district.fire)
    assert (task.state, task.person_id, task.signed_at, task.answered_at) == (
        "answered", who.account_id, walk.now, walk.now,
    )  # fmt: skip
    assert desk.entries(session, walk.case)[-2:] == ["task_signed", "task_answered"]
    with pytest.raises(AnsweredAlready):
        handling.answer_task(session, walk.case, text="x", by=who, now=walk.now)


def test_m15_who_has_signed_stays_named_when_another_answers(session, walk, district):
    walk.dispatched()
    leader = district.fire_leader.account_id
    handling.sign_task(session, walk.case, person_id=leader, by=district.fire_officer, now=NOW)
    handling.answer_task(session, walk.case, text="已配合", by=district.fire_officer, now=walk.now)
    task = task_of(session, walk.case, district.fire)
    assert (task.person_id, task.signed_at) == (leader, NOW)
    assert desk.entries(session, walk.case).count("task_signed") == 1


def test_t16_closing_ends_the_main_task(session, walk):
    walk.closable()
    walk.case.replies_open = False
    handling.close(session, walk.case, note="x", by=walk.town.leader, now=walk.now)
    task = task_of(session, walk.case, walk.town.org)
    assert (task.state, task.answered_at) == ("answered", walk.now)


@pytest.mark.parametrize(("takes_it", "state"), [(True, "answered"), (False, "cancelled")])
def test_t12_a_receiver_s_task_ends_with_its_referral(session, district, takes_it, state):
    bureau, police = Bureau(session, district), Bureau(session, district, district.police)
    case = bureau.case()
    sent = enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)
    enforcing.refuse(session, case, sent, reason="x", slip="", by=police.leader, now=NOW)
    by = district.supervisor
    enforcing.settle(session, case, sent, receiver_takes_it=takes_it, text="x", by=by, now=NOW)
    if takes_it:
        enforcing.answer(session, case, sent, result="已立案", by=police.first, now=NOW)
    assert task_of(session, case, district.police).state == state
