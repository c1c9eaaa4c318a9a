"""The life of a proposal not to accept a report (R6) as a table: one officer proposes, another confirms or rejects."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.decisions import Refusal
from people.actors import Actor
from people.roles import Role

_INTAKE = frozenset({Role.INTAKE_OFFICER})
_PROPOSED = frozenset({"proposed"})

REFUSAL_MOVES: dict[str, Move] = {
    "confirm": Move("R6", _PROPOSED, "confirmed", by=_INTAKE),
    "reject": Move("R6", _PROPOSED, "rejected", by=_INTAKE),
    # The report was accepted, redirected or asked about meanwhile.
    "overtake": Move("R6", _PROPOSED, "overtaken", by=_INTAKE, system=True),
}


def move(refusal: Refusal, name: str, *, by: Actor) -> None:
    """Make the named move on a refusal whose report the caller has locked; raises NotInState or NotYourRole."""
    row = REFUSAL_MOVES[name]
    machine.check(refusal, row, by=by)
    machine.apply(refusal, row)
