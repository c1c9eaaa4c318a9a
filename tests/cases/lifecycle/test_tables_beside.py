"""The machines beside a case as the domain file draws them (C4.4, C4.5, T11, T12, F30, M57)."""

import pytest

from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.criminal import CRIMINAL_MOVES
from cases.lifecycle.decision import DECISION_MOVES
from cases.lifecycle.extension import EXTENSION_MOVES
from cases.lifecycle.hold import HOLD_MOVES
from cases.lifecycle.listing import LISTING_WAIVER_MOVES
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.lifecycle.machine import NotInState, NotYourRole, check, may_make
from cases.lifecycle.measure import MEASURE_MOVES
from cases.lifecycle.operation import OPERATION_MOVES
from cases.lifecycle.penalty import PENALTY_MOVES
from cases.lifecycle.referral import REFERRAL_MOVES
from cases.lifecycle.review import REVIEW_MOVES
from cases.lifecycle.second_look import SECOND_LOOK_MOVES
from cases.lifecycle.visit import VISIT_MOVES
from cases.models.aftercare import LOOK_BACK_STATES, REVIEW_STATES, LookBack, Review
from cases.models.handling import VISIT_STATES, Visit
from cases.models.listing import LISTING_WAIVER_STATES, ListingWaiver
from cases.models.measure import MEASURE_STATES, Measure
from cases.models.operation import OPERATION_STATES, Operation
from cases.models.pause import EXTENSION_STATES, HOLD_STATES, Extension, Hold
from cases.models.penalty import PENALTY_STATES, Penalty
from cases.models.referral import CRIMINAL_STATES, REFERRAL_STATES, CriminalTransfer, Referral
from cases.models.second_look import DECISION_STATES, SECOND_LOOK_STATES, DecisionTask, SecondLook
from people.actors import CITIZEN, SYSTEM, Actor
from people.roles import Role

OFFICERS = {Role.TOWN_OFFICER, Role.DEPT_OFFICER}
LEADERS = {Role.TOWN_LEADER, Role.DEPT_LEADER}
BOTH = OFFICERS | LEADERS
OFFICE = {Role.SAFETY_OFFICE}
HOLDING = {"in_force", "extended"}
OPEN = {"filed", "investigated", "notified", "hearing"}
# move: (from, to, roles, clocks stopped, clocks started); the system's own move has no role.
MEASURE = {
    "propose": ({NEW}, "proposed", OFFICERS, (), ()),
    "approve": ({"proposed"}, "approved", LEADERS, (), ()),
    "drop": ({"proposed", "approved"}, "dropped", LEADERS, (), ()),
    "put_in_force": ({"approved"}, "in_force", OFFICERS, (), ()),
    "hand_over": (HOLDING | {"lift_requested"}, "", LEADERS, (), ()),
    "extend": (HOLDING, "extended", LEADERS, (), ()),
    "request_lift": (HOLDING, "lift_requested", BOTH | {Role.TOWN_CLERK}, (), ()),
    "begin_review": ({"lift_requested"}, "", BOTH, (), ()),
    "refuse_lift": ({"lift_requested"}, "in_force", BOTH, ("acceptance_suspended",), ()),
    "lift": ({"lift_requested"}, "lifted", LEADERS, ("acceptance_suspended",), ()),
    "expire": (HOLDING | {"lift_requested"}, "expired", set(), ("acceptance_suspended",), ()),
    "replace": (HOLDING | {"lift_requested"}, "replaced", OFFICERS, ("acceptance_suspended",), ()),
}
PENALTY = {
    "file": ({NEW}, "filed", OFFICERS, (), ("penalty",)),
    "investigate": ({"filed"}, "investigated", OFFICERS, (), ()),
    "hand_over": (OPEN, "", LEADERS, (), ()),
    "notify": ({"investigated"}, "notified", OFFICERS, (), ()),
    "grant_hearing": ({"notified"}, "hearing", OFFICERS, (), ()),
    "decide": ({"notified", "hearing"}, "decided", LEADERS, ("penalty",), ("publish_penalty",)),
    "waive": (OPEN, "not_penalised", {Role.LEGAL_REVIEWER}, ("penalty",), ()),
    "refuse_waiver": (OPEN, "", {Role.LEGAL_REVIEWER}, (), ()),
    "serve": ({"decided"}, "served", OFFICERS, (), ()),
    "execute": ({"served"}, "executed", OFFICERS, (), ()),
    "revoke": (
        {"decided", "served", "executed"}, "revoked", LEADERS, ("publish_penalty",), ("withdraw_publication",),
    ),
}  # fmt: skip
REFERRAL = {
    "refer": ({NEW}, "sent", LEADERS, (), ("referral_accept",)),
    "accept": ({"sent"}, "accepted", BOTH, ("referral_accept",), ()),
    "refuse": ({"sent"}, "refused", LEADERS, ("referral_accept",), ()),
    "uphold": ({"refused"}, "accepted", OFFICE, (), ()),
    "give_back": ({"refused"}, "returned", OFFICE, (), ()),
    "answer": ({"accepted", "external"}, "answered", BOTH | OFFICE, ("referral_check",), ()),
    "find": ({"accepted", "external"}, "found", BOTH | OFFICE, ("referral_check",), ()),
    "conclude": ({"found"}, "concluded", OFFICE, (), ()),
    "ask_again": ({"found"}, "accepted", OFFICE, (), ()),
    "track": ({"sent", "accepted"}, "external", OFFICE, ("referral_accept",), ()),
    "check": ({"external"}, "external", OFFICE, ("referral_check",), ()),
}
CRIMINAL = {
    "report": ({NEW}, "reported", OFFICERS, (), ("criminal_decision",)),
    "approve": ({"reported"}, "approved", LEADERS, ("criminal_decision",), ("criminal_transfer",)),
    "reject": ({"reported"}, "rejected", LEADERS, ("criminal_decision",), ()),
    "send": ({"approved"}, "sent", OFFICERS, (), ()),
    "acknowledge": ({"sent"}, "accepted", BOTH, ("criminal_transfer",), ()),
    "decline": ({"sent", "accepted"}, "not_filed", BOTH, ("criminal_transfer",), ()),
}
OPERATION = {
    "plan": ({NEW}, "planned", LEADERS, (), ()),
    "start": ({"planned"}, "running", LEADERS, (), ()),
    "close": ({"running"}, "closed", LEADERS, (), ()),
    "drop_member": ({"planned", "running"}, "", LEADERS, (), ()),
    "call_off": ({"planned", "running"}, "called_off", LEADERS | OFFICE, (), ()),
    "lapse": ({"planned"}, "called_off", set(), (), ()),
}
SECOND_LOOK = {
    "draw": ({NEW}, "waiting", LEADERS, (), ()),
    "spare": ({NEW}, "not_drawn", LEADERS, (), ()),
    "confirm": ({"waiting"}, "confirmed", OFFICE, ("second_look",), ()),
    "return": ({"waiting"}, "returned", OFFICE, ("second_look",), ()),
}
DECISION = {
    "demand": ({NEW}, "open", BOTH, (), ()),
    "decide": ({"open"}, "decided", LEADERS, ("decision",), ()),
}
REVIEW = {
    "open": ({NEW}, "requested", set(), (), ()),
    "assign": ({"requested", "assigned"}, "assigned", OFFICE, (), ()),
    "uphold": ({"assigned"}, "upheld", OFFICE | {Role.DEPT_OFFICER, Role.DEPT_LEADER}, ("re_verify",), ()),
    "dismiss": ({"assigned"}, "dismissed", OFFICE | {Role.DEPT_OFFICER, Role.DEPT_LEADER}, ("re_verify",), ()),
}
LOOKERS = {Role.DEPT_OFFICER, Role.DEPT_LEADER, Role.SAFETY_OFFICE}
LOOK_BACK = {
    "plan": ({NEW}, "due", set(), (), ()),
    "assign": ({"due", "visiting"}, "due", OFFICE, (), ()),
    "start": ({"due"}, "visiting", LOOKERS, (), ()),
    "confirm": ({"visiting"}, "confirmed", LOOKERS, ("look_back",), ()),
    "rebound": ({"visiting"}, "rebound", LOOKERS, ("look_back",), ()),
    "drop": ({"due", "visiting"}, "dropped", set(), ("look_back",), ()),
}
EXTENSION = {
    "request": ({NEW}, "requested", BOTH | OFFICE | {Role.TOWN_CLERK}, (), ()),
    "grant": ({"requested"}, "granted", LEADERS | OFFICE, (), ()),
    "refuse": ({"requested"}, "refused", LEADERS | OFFICE, (), ()),
    "lapse": ({"requested"}, "lapsed", set(), (), ()),
}
HOLD = {
    "request": ({NEW}, "requested", BOTH, (), ()),
    "withdraw": ({"requested"}, "ended", BOTH, (), ()),
    "approve": ({"requested"}, "active", OFFICE, (), ()),
    "refuse": ({"requested"}, "refused", OFFICE, (), ()),
    "renew": ({"active"}, "active", OFFICE, (), ()),
    "end": ({"active"}, "ended", OFFICE, (), ()),
    "run_out": ({"active"}, "ended", set(), (), ()),
    "lapse": ({"requested"}, "ended", set(), (), ()),
}
LISTING_WAIVER = {
    "owe": ({NEW}, "owed", set(), (), ()),
    "propose": ({"owed"}, "proposed", OFFICE, (), ()),
    "confirm": ({"proposed"}, "confirmed", OFFICE, (), ()),
    "reject": ({"proposed"}, "owed", OFFICE, (), ()),
    "withdraw": ({"confirmed"}, "withdrawn", OFFICE, (), ()),
    "let_go": ({"owed", "proposed"}, "not_owed", set(), (), ()),
}
VISIT = {
    "complete": ({"open"}, "completed", OFFICERS, (), ()),
    "take_over": ({"open"}, "open", OFFICERS, (), ()),
    "break_off": ({"open"}, "broken_off", BOTH | {Role.TOWN_CLERK}, (), ()),
}
MACHINES = {
    "visit": (VISIT, VISIT_MOVES, VISIT_STATES, Visit),
    "measure": (MEASURE, MEASURE_MOVES, MEASURE_STATES, Measure),
    "penalty": (PENALTY, PENALTY_MOVES, PENALTY_STATES, Penalty),
    "referral": (REFERRAL, REFERRAL_MOVES, REFERRAL_STATES, Referral),
    "criminal": (CRIMINAL, CRIMINAL_MOVES, CRIMINAL_STATES, CriminalTransfer),
    "second look": (SECOND_LOOK, SECOND_LOOK_MOVES, SECOND_LOOK_STATES, SecondLook),
    "decision": (DECISION, DECISION_MOVES, DECISION_STATES, DecisionTask),
    "review": (REVIEW, REVIEW_MOVES, REVIEW_STATES, Review),
    "look-back": (LOOK_BACK, LOOK_BACK_MOVES, LOOK_BACK_STATES, LookBack),
    "extension": (EXTENSION, EXTENSION_MOVES, EXTENSION_STATES, Extension),
    "hold": (HOLD, HOLD_MOVES, HOLD_STATES, Hold),
    "listing waiver": (LISTING_WAIVER, LISTING_WAIVER_MOVES, LISTING_WAIVER_STATES, ListingWaiver),
    "operation": (OPERATION, OPERATION_MOVES, OPERATION_STATES, Operation),
}
ROWS = [(machine, name) for machine, (drawn, *_) in MACHINES.items() for name in drawn]
ACTORS = {"system": SYSTEM, "citizen": CITIZEN} | {
    str(role): Actor("officer", "某人", 1, 1, "town", frozenset({role})) for role in Role
}


def clocks_of(move):
    return (move.stops, move.starts) if isinstance(move, BesideMove) else ((), ())


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_has_the_moves_that_are_drawn_and_no_other(machine):
    drawn, moves, _, _ = MACHINES[machine]
    assert {name: (set(move.source), move.target, *clocks_of(move)) for name, move in moves.items()} == {
        name: (source, target, stops, starts) for name, (source, target, _, stops, starts) in drawn.items()
    }


@pytest.mark.parametrize(("machine", "name"), ROWS)
def test_a_move_is_made_from_its_states_by_its_people_only(machine, name):
    drawn, moves, states, table = MACHINES[machine]
    source, _, roles, _, _ = drawn[name]
    allowed = {str(role) for role in roles} or {"system"}
    for state in (NEW, *states):
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


def test_no_machine_leads_to_a_state_of_its_own_making():
    for _, moves, states, _ in MACHINES.values():
        assert {target for move in moves.values() for target in move.targets} <= set(states)


def test_m07_the_supervisor_imposes_penalises_and_reports_nothing():
    """The safety office looks again and back, reviews, settles, tracks, confirms, asks for time; it handles nothing."""
    able = {
        (machine, name) for machine, (_, moves, _, _) in MACHINES.items() for name, move in moves.items()
        if may_make(move, ACTORS[str(Role.SAFETY_OFFICE)])
    }  # fmt: skip
    referrals = ("uphold", "give_back", "answer", "track", "check", "find", "conclude", "ask_again")
    assert able == {("referral", name) for name in referrals} | {
        ("second look", "confirm"),
        ("second look", "return"),
        ("extension", "request"),
        ("extension", "grant"),
        ("extension", "refuse"),
        ("look-back", "assign"),
        ("look-back", "start"),
        ("look-back", "confirm"),
        ("look-back", "rebound"),
        ("review", "assign"),
        ("review", "uphold"),
        ("review", "dismiss"),
        ("operation", "call_off"),
    } | {("hold", name) for name in ("approve", "refuse", "renew", "end")} | {
        ("listing waiver", name) for name in ("propose", "confirm", "reject", "withdraw")
    }  # fmt: skip


def test_no_role_of_reading_makes_a_move_at_all():
    for role in (Role.DISCIPLINE, Role.FINANCE, Role.SYSADMIN, Role.CUSTODIAN, Role.HOTLINE_CLERK, Role.PUBLISHER):
        for _, moves, _, _ in MACHINES.values():
            assert not any(may_make(move, ACTORS[str(role)]) for move in moves.values())
