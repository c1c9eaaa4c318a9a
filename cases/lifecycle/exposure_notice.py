"""The notice to the party before an exposure (E6, F70) as a table: told, agreed to, or objected to and answered."""

from cases.lifecycle import machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.machine import Move
from cases.models.exposure_notice import ExposureNotice
from people.actors import Actor
from people.roles import Role

_PUBLISHER = frozenset({Role.PUBLISHER})
_ANSWERING = frozenset({Role.LEGAL_REVIEWER, Role.SAFETY_OFFICE})

EXPOSURE_NOTICE_MOVES: dict[str, Move] = {
    "tell": Move("E6", frozenset({NEW}), "told", by=_PUBLISHER),
    "agree": Move("E6", frozenset({"told"}), "agreed", by=_PUBLISHER),
    "object": Move("E6", frozenset({"told"}), "objected", by=_PUBLISHER),
    "dismiss": Move("E6", frozenset({"objected"}), "dismissed", by=_ANSWERING),
    "uphold": Move("E6", frozenset({"objected"}), "upheld", by=_ANSWERING),
}


def move(notice: ExposureNotice, name: str, *, by: Actor) -> None:
    """Make the named move on a notice whose exposure the caller has locked; raises NotInState or NotYourRole."""
    row = EXPOSURE_NOTICE_MOVES[name]
    machine.check(notice, row, by=by)
    machine.apply(notice, row)
