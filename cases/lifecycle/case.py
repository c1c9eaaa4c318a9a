"""The life of a case (C4) as a table, and the one function that moves it.

A row says who may make the move, from where to where, under which guards, what its entry on the trail is called, which
clocks it stops and which it starts. Guards that need more than the case (a visit, a verdict, the closing screen) are in
`guards` and `closing`. Clocks whose length is decided in the act (an order's date, half of it for rework, the time that
remained of a verification) are started by that act.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import clocks, trail
from cases.journey import Kind
from cases.lifecycle import (
    accepting,
    begun,
    certified,
    checked,
    closing,
    decision,
    disputes,
    guards,
    hold,
    machine,
    proof,
    second_look,
)
from cases.lifecycle.look_back import LOOKERS
from cases.lifecycle.machine import Move
from cases.models.case import Case
from people.actors import Actor
from people.roles import Role

_CLERKS = frozenset({Role.TOWN_CLERK, Role.TOWN_LEADER})
_OFFICERS = second_look.VISITORS
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
_CLOSERS = frozenset({Role.TOWN_LEADER, Role.SAFETY_OFFICE})
# What comes before a result, where the profile or the category sets it a time: somebody there, the police told, the
# place cordoned off, the county's verification begun ((d), C5).
_FIRST = ("first_arrival", "relay", "cordon", "verify_start")
_HANDLED = frozenset({"signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review"})


@dataclass(frozen=True)
class CaseMove(Move):
    """A row of the case machine: a move with its entry on the trail and its clocks (C4.2, last column)."""

    entry: Kind = Kind.REGISTERED
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


CASE_MOVES: dict[str, CaseMove] = {
    "dispatch": CaseMove(
        "T2", frozenset({"registered"}), "dispatched", frozenset({Role.INTAKE_OFFICER}), system=True,
        guards=(guards.has_one_owner,), entry=Kind.DISPATCHED, stops=("dispatch",),
        starts=("sign", *_FIRST, "verify", "total"),
    ),
    "sign": CaseMove(
        "T3", frozenset({"dispatched"}), "signed", _CLERKS,
        guards=(guards.of_responsible_body,), entry=Kind.SIGNED, stops=("sign",),
    ),
    # Also from verifying: what is denied by day may need a visit by night, and a returned verdict a second look (X21).
    "start_visit": CaseMove(
        "T6", frozenset({"signed", "verifying"}), "verifying", _OFFICERS,
        guards=(guards.of_a_tasked_body, guards.near_enough_or_reason, certified.enough_people),
        entry=Kind.VISIT_STARTED, stops=("first_arrival", "verify_start"),
    ),
    "propose_verdict": CaseMove(
        "T7", frozenset({"verifying"}), "verdict_review", _OFFICERS,
        guards=(guards.of_a_tasked_body, guards.record_complete, checked.checks_answered, second_look.others_looked),
        entry=Kind.VERDICT_PROPOSED, stops=("verify",), starts=("verdict_review",),
    ),
    "order": CaseMove(
        "T8", frozenset({"verdict_review"}), "rectifying", _LEADERS,
        guards=(guards.not_the_verifier, guards.right_level, guards.substantiated, guards.consequences_decided,
                checked.suspicion_decided, checked.criterion_cited, checked.criterion_followed, guards.five_items,
                guards.safe_meanwhile, proof.pair_of_visit),
        entry=Kind.ORDERED, stops=("verdict_review",), starts=("stop_work",),
    ),
    "find_unsubstantiated": CaseMove(
        "T9", frozenset({"verdict_review"}), "closure_review", _LEADERS,
        guards=(guards.not_the_verifier, guards.right_level, guards.not_substantiated, guards.commented),
        entry=Kind.NOT_SUBSTANTIATED, stops=("verdict_review", "relay", "cordon"), starts=("close",),
    ),
    "return_verdict": CaseMove(
        "T10", frozenset({"verdict_review"}), "verifying", _LEADERS,
        guards=(guards.not_the_verifier, guards.answers_or_leads, guards.commented),
        entry=Kind.VERDICT_RETURNED, stops=("verdict_review",),
    ),
    # Other people look anew, with their own time; the overall clock, promised to the reporter, runs on (T9, X21).
    "look_anew": CaseMove(
        "T9", frozenset({"closure_review"}), "verifying", frozenset({Role.SAFETY_OFFICE}), entry=Kind.LOOKED_AT_ANEW,
        stops=("close",), starts=("verify",),
    ),
    # Whoever verified may have had no certificate, and a penalty rests on an enforcement check (M61): it is made where
    # and when it is needed, and the case goes on meanwhile. What it finds is accepted like the rest (T15, M66).
    "start_check": CaseMove(
        "T6", frozenset({"rectifying", "acceptance", "closure_review"}), "", _OFFICERS, stays=True,
        guards=(guards.of_a_tasked_body, guards.was_found, closing.still_ours, guards.near_enough_or_reason,
                certified.enough_people),
        entry=Kind.CHECK_STARTED,
    ),
    "accept_more": CaseMove(
        "T15", frozenset({"closure_review"}), "acceptance", system=True, guards=(accepting.not_all_passed,),
        entry=Kind.MORE_TO_ACCEPT, stops=("close",), starts=("acceptance",),
    ),
    "complete": CaseMove(
        "T13", frozenset({"rectifying"}), "acceptance", _OFFICERS,
        guards=(guards.of_a_tasked_body, decision.consequence_taken, proof.after_photo), entry=Kind.COMPLETED,
        stops=("rectify", "rework", "stop_work"), starts=("acceptance",),
    ),
    # What was fixed on the spot is accepted next: its pair of photos has shown it, and no time runs that could be over.
    "done_on_spot": CaseMove(
        "T13", frozenset({"rectifying"}), "acceptance", system=True, entry=Kind.COMPLETED, stops=("stop_work",),
        starts=("acceptance",),
    ),
    # Nobody has stated anything by the date: whoever accepts goes and looks. The missed clock runs on until they have,
    # so that its ladder goes on (T13, D8).
    "reach_deadline": CaseMove(
        "T13", frozenset({"rectifying"}), "acceptance", system=True,
        guards=(decision.consequence_taken, accepting.time_is_over), entry=Kind.DEADLINE_REACHED,
        starts=("acceptance",),
    ),
    "begin_acceptance": CaseMove(
        "T15", frozenset({"acceptance"}), "", accepting.ACCEPTORS, stays=True,
        guards=(accepting.of_an_accepting_body, accepting.not_a_handler, guards.near_enough_or_reason),
        entry=Kind.ACCEPTANCE_BEGUN,
    ),
    # What was stated did not hold: the order's own time runs on beside the rework's (T15, D9).
    "fail_acceptance": CaseMove(
        "T14", frozenset({"acceptance"}), "rectifying", accepting.ACCEPTORS,
        guards=(accepting.of_an_accepting_body, accepting.not_a_handler, accepting.failed_item_named,
                proof.shown_by_the_acceptor),
        entry=Kind.ACCEPTANCE_FAILED, stops=("acceptance", "rework"),
    ),
    "pass_acceptance": CaseMove(
        "T15", frozenset({"acceptance"}), "closure_review", accepting.ACCEPTORS,
        guards=(accepting.of_an_accepting_body, accepting.not_a_handler, accepting.each_finding_passed,
                proof.shown_by_the_acceptor, proof.by_night),
        entry=Kind.ACCEPTANCE_PASSED, stops=("acceptance", "rectify", "rework", "stop_work", "relay", "cordon"),
        starts=("close",),
    ),
    # No overall time runs for an immediate case: once nothing else does, closing has a time of its own (M15, M67).
    "close": CaseMove(
        "T16", frozenset({"closure_review"}), "closed", _CLOSERS,
        guards=(guards.right_closer, closing.all_hold), entry=Kind.CLOSED, stops=("total", "close"),
    ),
    # Other people look whether it holds. A visit that is given up, or that finds it holds, leaves the case closed.
    "look_back": CaseMove("T17", frozenset({"closed"}), "look_back", LOOKERS, entry=Kind.LOOK_BACK_BEGUN),
    "stay_closed": CaseMove("T17", frozenset({"look_back"}), "closed", LOOKERS, entry=Kind.STAYS_CLOSED),
    # A rebound or a breach that was found is no one's to weigh: the system reopens at once. Its clocks are the act's
    # (M75, M41, T18).
    "reopen": CaseMove(
        "T18", frozenset({"closed", "look_back"}), "", frozenset({Role.SAFETY_OFFICE}), system=True,
        returns_to=frozenset({"rectifying", "verifying"}), entry=Kind.REOPENED,
    ),
    # An upheld review finds it badly done before it is closed: it goes round again, and the whole clock runs on (R8).
    "redo": CaseMove(
        "R8", frozenset({"closure_review"}), "", system=True, returns_to=frozenset({"rectifying", "verifying"}),
        entry=Kind.REOPENED, stops=("close",),
    ),
    # The case's own clocks go on: only an approved hold pauses one (D6), and a transfer is not done (X24).
    "refer": CaseMove(
        "T11", _HANDLED, "referred", _LEADERS, guards=(guards.answers_or_leads,), entry=Kind.CASE_REFERRED,
    ),
    "take_back": CaseMove(
        "T12", frozenset({"referred"}), "", _OFFICERS | _LEADERS | {Role.SAFETY_OFFICE}, returns_to=_HANDLED,
        entry=Kind.CASE_TAKEN_BACK,
    ),
    # The whole matter was another organ's, and what it found is confirmed: nothing is left for the town but to close.
    "conclude": CaseMove(
        "T12", frozenset({"referred"}), "closure_review", frozenset({Role.SAFETY_OFFICE}), entry=Kind.CASE_CONCLUDED,
        stops=(*_FIRST, "verify", "verdict_review", "rectify", "rework", "stop_work", "acceptance", "close"),
        starts=("close",),
    ),
    # Set aside until a review date; the clocks stand still meanwhile, and none of an immediate case (D6).
    "hold": CaseMove(
        "T19", hold.HOLDABLE, "on_hold", frozenset({Role.SAFETY_OFFICE}), guards=(hold.never_immediate,),
        entry=Kind.CASE_HELD,
    ),
    "resume": CaseMove(
        "T19", frozenset({"on_hold"}), "", frozenset({Role.SAFETY_OFFICE}), system=True, returns_to=hold.HOLDABLE,
        entry=Kind.CASE_RESUMED,
    ),
    # From here on what is done when it is in doubt whose a case is, or whether it is one (T4, T5, T20).
    "ask_return": CaseMove(
        "T4", frozenset({"dispatched", "signed"}), "arbitrating", _CLERKS,
        guards=(guards.of_responsible_body, disputes.in_time, disputes.not_arbitrated, begun.nothing_of_ours),
        entry=Kind.RETURN_REQUESTED,
        starts=("arbitrate",),
    ),
    "contest": CaseMove(
        "T4", frozenset({"dispatched"}), "arbitrating", frozenset({Role.INTAKE_OFFICER}),
        guards=(disputes.not_arbitrated,), entry=Kind.SENT_TO_ARBITRATION, starts=("arbitrate",),
    ),
    # The overall clock was promised to the reporter and runs on; what an office has for itself begins anew (T5, F39).
    "uphold_return": CaseMove(
        "T5", frozenset({"arbitrating"}), "dispatched", frozenset({Role.SAFETY_OFFICE}),
        guards=(guards.has_one_owner,), entry=Kind.DISPATCHED,
        stops=("arbitrate", "sign", *_FIRST, "verify"), starts=("sign", *_FIRST, "verify"),
    ),
    "reject_return": CaseMove(
        "T5", frozenset({"arbitrating"}), "dispatched", frozenset({Role.SAFETY_OFFICE}), entry=Kind.RETURN_REJECTED,
        stops=("arbitrate",),
    ),
    "redispatch": CaseMove(
        "T2", frozenset({"dispatched"}), "dispatched", frozenset({Role.INTAKE_OFFICER}),
        guards=(guards.has_one_owner, disputes.not_arbitrated), entry=Kind.DISPATCHED,
        stops=("sign", *_FIRST, "verify"), starts=("sign", *_FIRST, "verify"),
    ),
    "void": CaseMove(
        "T20", frozenset({"registered", "dispatched", "arbitrating", "signed"}), "void",
        frozenset({Role.INTAKE_OFFICER, Role.SAFETY_OFFICE}),
        guards=(disputes.by_a_second_person, begun.nothing_of_anybody), entry=Kind.VOIDED,
    ),
}  # fmt: skip


def move(session: Session, case: Case, name: str, *, by: Actor, now: datetime, **facts: Any) -> None:
    """Make the named move on a case that the caller has locked, with its clocks and its entry on the trail.

    `facts` go to the guards, and those named in `trail_` (a dict) onto the trail; `since_` (a dict) names clocks that
    began before the move, with their instants; `back_to` is the state that a move with `returns_to` takes it to. Raises
    NotInState, NotYourRole, or the refusal of the guard that does not hold; then nothing has changed.
    """
    row = CASE_MOVES[name]
    machine.check(case, row, by=by)
    back_to = facts.pop("back_to", None)
    told, since = facts.pop("trail_", {}), facts.pop("since_", {})
    machine.hold(row, session=session, case=case, by=by, now=now, **facts)
    machine.apply(case, row, back_to=back_to)
    if row.stops:
        clocks.stop(session, case, *row.stops, now=now)
    for kind in row.starts:
        clocks.start(session, case, kind, now=since.get(kind, now))
    trail.record(session, case, row.entry, by=by, now=now, rule=row.rule, **told)
