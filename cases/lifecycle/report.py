"""The life of a report (C3) as a table, and the one function that moves it."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.report import Report
from people.actors import Actor
from people.roles import Role

_INTAKE = frozenset({Role.INTAKE_OFFICER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})

REPORT_MOVES: dict[str, Move] = {
    "take_up": Move("R2", frozenset({"submitted"}), "in_review", system=True),
    "ask": Move("R3", frozenset({"in_review"}), "need_more", by=_INTAKE),
    "hear_answer": Move("R3", frozenset({"need_more"}), "in_review", citizen=True, system=True),
    "accept": Move("R4", frozenset({"in_review", "need_more"}), "accepted", by=_INTAKE, system=True),
    "redirect": Move("R5", frozenset({"in_review"}), "redirected", by=_INTAKE),
    "refuse": Move("R6", frozenset({"in_review"}), "not_accepted", by=_INTAKE),
    # It went out by itself before its second person came (R2), and nobody is there yet.
    "call_back": Move("R6", frozenset({"accepted"}), "not_accepted", by=_INTAKE),
    # Looked at again, by somebody who had no hand in it, and found wrong: the desk decides anew.
    "overturn": Move("R6", frozenset({"not_accepted"}), "in_review", by=_OFFICE),
    # Merged with another's case, or separated from it again: it goes on from the start of its new case (C3, X18).
    "change_case": Move("R4", frozenset({"accepted", "verifying"}), "accepted", by=_INTAKE, system=True),
    "return_to_desk": Move("T20", frozenset({"accepted", "verifying"}), "in_review", system=True),
    "verify": Move("R4", frozenset({"accepted"}), "verifying", system=True),
    # Also where a review was asked for: what it found is told like the first result (R8).
    "reply": Move("R7", frozenset({"accepted", "verifying", "review_requested"}), "replied", by=_INTAKE),
    "ask_review": Move("R8", frozenset({"replied"}), "review_requested", citizen=True),
    "withdraw": Move(
        "R9",
        frozenset({"submitted", "in_review", "need_more", "accepted", "verifying", "replied", "review_requested"}),
        "withdrawn",
        citizen=True,
    ),
    "close": Move("R10", frozenset({"replied"}), "closed", system=True),
}


def move(report: Report, name: str, *, by: Actor) -> None:
    """Make the named move on a report that the caller has locked; raises NotInState or NotYourRole."""
    row = REPORT_MOVES[name]
    machine.check(report, row, by=by)
    machine.apply(report, row)
