"""The life of a paper as a table: asked for by an officer, then printed by a worker, or found not printable."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.paper import Paper
from people.actors import Actor

PAPER_MOVES: dict[str, Move] = {
    "print": Move("M47", frozenset({"asked"}), "printed", system=True),
    "fail": Move("M47", frozenset({"asked"}), "failed", system=True),
}


def move(paper: Paper, name: str, *, by: Actor) -> None:
    """Make the named move on a paper that the caller has locked; raises NotInState or NotYourRole."""
    row = PAPER_MOVES[name]
    machine.check(paper, row, by=by)
    machine.apply(paper, row)
