"""The life of a correction of what is published (E9) as a table: one person proposes it, a lawyer makes it."""

from cases.lifecycle import machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.machine import Move
from cases.models.correction import ExposureCorrection
from people.actors import Actor
from people.roles import Role

_PUBLISHER = frozenset({Role.PUBLISHER})
_REVIEWER = frozenset({Role.LEGAL_REVIEWER})
_PROPOSED = frozenset({"proposed"})

CORRECTION_MOVES: dict[str, Move] = {
    "propose": Move("E9", frozenset({NEW}), "proposed", by=_PUBLISHER),
    "make": Move("E9", _PROPOSED, "made", by=_REVIEWER),
    "refuse": Move("E9", _PROPOSED, "refused", by=_REVIEWER),
    "drop": Move("E9", _PROPOSED, "dropped", by=_PUBLISHER),
    # What was to be corrected has gone meanwhile.
    "lapse": Move("E9", _PROPOSED, "lapsed", by=_PUBLISHER, system=True),
}


def move(correction: ExposureCorrection, name: str, *, by: Actor) -> None:
    """Make the named move on a correction whose exposure the caller has locked; raises NotInState or NotYourRole."""
    row = CORRECTION_MOVES[name]
    machine.check(correction, row, by=by)
    machine.apply(correction, row)
