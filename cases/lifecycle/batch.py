"""The life of a batch of exposures (M83) as a table: all its items are published by one act, and called back by one."""

from cases.lifecycle import machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.machine import Move
from cases.models.batch import ExposureBatch
from people.actors import Actor
from people.roles import Role

_PUBLISHER = frozenset({Role.PUBLISHER})

BATCH_MOVES: dict[str, Move] = {
    "publish": Move("M83", frozenset({NEW}), "published", by=_PUBLISHER),
    "call_back": Move("M83", frozenset({"published"}), "called_back", by=_PUBLISHER),
}


def move(batch: ExposureBatch, name: str, *, by: Actor) -> None:
    """Make the named move on a locked batch; raises NotInState or NotYourRole."""
    row = BATCH_MOVES[name]
    machine.check(batch, row, by=by)
    machine.apply(batch, row)
