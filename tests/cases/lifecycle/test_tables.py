"""The three machines as the domain file draws them (C3, C4.2, C7): every other state and role is refused."""

import pytest

from cases.lifecycle import case as case_machine
from cases.lifecycle import exposure as exposure_machine
from cases.lifecycle import report as report_machine
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.exposure import EXPOSURE_MOVES
from cases.lifecycle.machine import NotInState, NotYourRole, check, may_make
from cases.lifecycle.report import REPORT_MOVES
from cases.models.case import CASE_STATES, Case
from cases.models.exposure import EXPOSURE_STATES, Exposure
from cases.models.report import REPORT_STATES, Report
from people.actors import CITIZEN, SYSTEM, Actor
from people.roles import Role

CLERKS = {Role.TOWN_CLERK, Role.TOWN_LEADER}
OFFICERS = {Role.TOWN_OFFICER, Role.DEPT_OFFICER}
LEADERS = {Role.TOWN_LEADER, Role.DEPT_LEADER}
ACCEPTORS = OFFICERS | LEADERS
LOOKERS = {Role.DEPT_OFFICER, Role.DEPT_LEADER, Role.SAFETY_OFFICE}
HANDLED = {"signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review"}
HOLDABLE = {"signed", "verifying", "verdict_review", "rectifying", "acceptance"}
# move: (rule, from, to, roles, also made by)
CASE = {
    "dispatch": ("T2", {"registered"}, "dispatched", {Role.INTAKE_OFFICER}, {"system"}),
    "sign": ("T3", {"dispatched"}, "signed", CLERKS, set()),
    "start_visit": ("T6", {"signed", "verifying"}, "verifying", OFFICERS, set()),
    "propose_verdict": ("T7", {"verifying"}, "verdict_review", OFFICERS, set()),
    "order": ("T8", {"verdict_review"}, "rectifying", LEADERS, set()),
    "find_unsubstantiated": ("T9", {"verdict_review"}, "closure_review", LEADERS, set()),
    "return_verdict": ("T10", {"verdict_review"}, "verifying", LEADERS, set()),
    "look_anew": ("T9", {"closure_review"}, "verifying", {Role.SAFETY_OFFICE}, set()),
    "start_check": ("T6", {"rectifying", "acceptance", "closure_review"}, "", OFFICERS, set()),
    "accept_more": ("T15", {"closure_review"}, "acceptance", set(), {"system"}),
    "complete": ("T13", {"rectifying"}, "acceptance", OFFICERS, set()),
    "done_on_spot": ("T13", {"rectifying"}, "acceptance", set(), {"system"}),
    "reach_deadline": ("T13", {"rectifying"}, "acceptance", set(), {"system"}),
    "begin_acceptance": ("T15", {"acceptance"}, "", ACCEPTORS, set()),
    "fail_acceptance": ("T14", {"acceptance"}, "rectifying", ACCEPTORS, set()),
    "pass_acceptance": ("T15", {"acceptance"}, "closure_review", ACCEPTORS, set()),
    "close": ("T16", {"closure_review"}, "closed", {Role.TOWN_LEADER, Role.SAFETY_OFFICE}, set()),
    "look_back": ("T17", {"closed"}, "look_back", LOOKERS, set()),
    "stay_closed": ("T17", {"look_back"}, "closed", LOOKERS, set()),
    "reopen": ("T18", {"closed", "look_back"}, "", {Role.SAFETY_OFFICE}, {"system"}),
    "redo": ("R8", {"closure_review"}, "", set(), {"system"}),
    "refer": ("T11", HANDLED, "referred", LEADERS, set()),
    "take_back": ("T12", {"referred"}, "", ACCEPTORS | {Role.SAFETY_OFFICE}, set()),
    "conclude": ("T12", {"referred"}, "closure_review", {Role.SAFETY_OFFICE}, set()),
    "hold": ("T19", HOLDABLE, "on_hold", {Role.SAFETY_OFFICE}, set()),
    "resume": ("T19", {"on_hold"}, "", {Role.SAFETY_OFFICE}, {"system"}),
    "ask_return": ("T4", {"dispatched", "signed"}, "arbitrating", CLERKS, set()),
    "contest": ("T4", {"dispatched"}, "arbitrating", {Role.INTAKE_OFFICER}, set()),
    "uphold_return": ("T5", {"arbitrating"}, "dispatched", {Role.SAFETY_OFFICE}, set()),
    "reject_return": ("T5", {"arbitrating"}, "dispatched", {Role.SAFETY_OFFICE}, set()),
    "redispatch": ("T2", {"dispatched"}, "dispatched", {Role.INTAKE_OFFICER}, set()),
    "void": (
        "T20", {"registered", "dispatched", "arbitrating", "signed"}, "void",
        {Role.INTAKE_OFFICER, Role.SAFETY_OFFICE}, set(),
    ),
}  # fmt: skip
REPORT = {
    "take_up": ("R2", {"submitted"}, "in_review", set(), {"system"}),
    "ask": ("R3", {"in_review"}, "need_more", {Role.INTAKE_OFFICER}, set()),
    "hear_answer": ("R3", {"need_more"}, "in_review", set(), {"system", "citizen"}),
    "accept": ("R4", {"in_review", "need_more"}, "accepted", {Role.INTAKE_OFFICER}, {"system"}),
    "redirect": ("R5", {"in_review"}, "redirected", {Role.INTAKE_OFFICER}, set()),
    "refuse": ("R6", {"in_review"}, "not_accepted", {Role.INTAKE_OFFICER}, set()),
    "call_back": ("R6", {"accepted"}, "not_accepted", {Role.INTAKE_OFFICER}, set()),
    "overturn": ("R6", {"not_accepted"}, "in_review", {Role.SAFETY_OFFICE}, set()),
    "change_case": ("R4", {"accepted", "verifying"}, "accepted", {Role.INTAKE_OFFICER}, {"system"}),
    "return_to_desk": ("T20", {"accepted", "verifying"}, "in_review", set(), {"system"}),
    "verify": ("R4", {"accepted"}, "verifying", set(), {"system"}),
    "reply": ("R7", {"accepted", "verifying", "review_requested"}, "replied", {Role.INTAKE_OFFICER}, set()),
    "ask_review": ("R8", {"replied"}, "review_requested", set(), {"citizen"}),
    "withdraw": (
        "R9", {"submitted", "in_review", "need_more", "accepted", "verifying", "replied", "review_requested"},
        "withdrawn", set(), {"citizen"},
    ),
    "close": ("R10", {"replied"}, "closed", set(), {"system"}),
}  # fmt: skip
EXPOSURE = {
    "revise": ("E2", {"drafting"}, "drafting", {Role.PUBLISHER}, set()),
    "submit": ("E6", {"drafting"}, "legal_review", {Role.PUBLISHER}, set()),
    "return": ("E6", {"legal_review"}, "drafting", {Role.LEGAL_REVIEWER}, set()),
    "approve": ("E6", {"legal_review"}, "approved", {Role.LEGAL_REVIEWER}, set()),
    "publish": ("E5", {"approved"}, "published", {Role.PUBLISHER}, set()),
    "send_back": ("E6", {"approved"}, "drafting", {Role.LEGAL_REVIEWER, Role.SAFETY_OFFICE}, set()),
    "call_back": ("E1", {"published"}, "approved", {Role.PUBLISHER}, {"system"}),
    "correct": ("E9", {"published"}, "published", {Role.LEGAL_REVIEWER}, set()),
    "withdraw": ("E9", {"published"}, "withdrawn", {Role.PUBLISHER}, set()),
    "expire": ("E7", {"published"}, "expired", set(), {"system"}),
    "drop": ("E6", {"drafting", "legal_review", "approved"}, "dropped", {Role.PUBLISHER}, set()),
}
MACHINES = {
    "case": (CASE, CASE_MOVES, CASE_STATES, Case),
    "report": (REPORT, REPORT_MOVES, REPORT_STATES, Report),
    "exposure": (EXPOSURE, EXPOSURE_MOVES, EXPOSURE_STATES, Exposure),
}
ROWS = [(machine, name) for machine, (drawn, *_) in MACHINES.items() for name in drawn]
ACTORS = {"system": SYSTEM, "citizen": CITIZEN} | {
    str(role): Actor("officer", "某人", 1, 1, "town", frozenset({role})) for role in Role
}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_has_the_moves_of_the_domain_file_and_no_other(machine):
    drawn, moves, _, _ = MACHINES[machine]
    assert {name: (move.rule, set(move.source), move.target) for name, move in moves.items()} == {
        name: row[:3] for name, row in drawn.items()
    }


@pytest.mark.parametrize(("machine", "name"), ROWS)
def test_a_move_is_made_from_its_states_by_its_people_and_refused_from_every_other_and_to_every_other(machine, name):
    drawn, moves, states, table = MACHINES[machine]
    _, source, _, roles, others = drawn[name]
    allowed = {str(role) for role in roles} | others
    for state in states:
        for who, actor in ACTORS.items():
            thing = table(state=state, version=1)
            if who not in allowed:
                with pytest.raises(NotYourRole):
                    check(thing, moves[name], by=actor)
            elif state not in source:
                with pytest.raises(NotInState):
                    check(thing, moves[name], by=actor)
            else:
                check(thing, moves[name], by=actor)


@pytest.mark.parametrize("name", CASE)
def test_a_refused_move_of_a_case_changes_nothing_and_asks_no_guard(name, now):
    _, source, _, roles, others = CASE[name]
    for state in set(CASE_STATES) - source:
        case = Case(state=state, version=3)
        with pytest.raises(NotInState):
            case_machine.move(None, case, name, by=ACTORS[min(roles | others, default="system")], now=now)
        assert (case.state, case.version) == (state, 3)


@pytest.mark.parametrize("name", REPORT)
def test_a_report_moves_to_its_new_state_and_version_once(name):
    _, source, target, roles, others = REPORT[name]
    who = ACTORS[min({str(role) for role in roles} | others)]
    for state in source:
        report = Report(state=state, version=1)
        report_machine.move(report, name, by=who)
        assert (report.state, report.version) == (target, 2)
        if target not in source:
            with pytest.raises(NotInState):
                report_machine.move(report, name, by=who)


@pytest.mark.parametrize("name", EXPOSURE)
def test_an_exposure_moves_to_its_new_state_and_version_once(name):
    _, source, target, roles, others = EXPOSURE[name]
    who = ACTORS[min({str(role) for role in roles} | others)]
    for state in source:
        exposure = Exposure(state=state, version=1)
        exposure_machine.move(exposure, name, by=who)
        assert (exposure.state, exposure.version) == (target, 2)
        if target not in source:
            with pytest.raises(NotInState):
                exposure_machine.move(exposure, name, by=who)


def test_a_person_with_two_roles_may_make_the_moves_of_both():
    both = Actor("officer", "某人", 1, 1, "town", frozenset({Role.TOWN_CLERK, Role.TOWN_OFFICER}))
    assert may_make(CASE_MOVES["sign"], both)
    assert may_make(CASE_MOVES["start_visit"], both)
    assert not may_make(CASE_MOVES["close"], both)


def test_no_role_of_reading_makes_a_move_at_all():
    for role in (Role.DISCIPLINE, Role.FINANCE, Role.SYSADMIN, Role.CUSTODIAN, Role.HOTLINE_CLERK):
        for _, moves, _, _ in MACHINES.values():
            assert not any(may_make(move, ACTORS[str(role)]) for move in moves.values())


def test_the_supervisor_writes_no_handling_result():
    """M07, X25: the safety office arbitrates, sends others to look, looks back, holds, confirms, closes."""
    able = {name for name, move in CASE_MOVES.items() if may_make(move, ACTORS[str(Role.SAFETY_OFFICE)])}
    assert able == {
        "close", "look_anew", "take_back", "conclude", "hold", "resume", "uphold_return", "reject_return", "void",
        "look_back", "stay_closed", "reopen",
    }  # fmt: skip
