"""The life of a joint operation (M57) as a table: planned, running, closed once every member has its own result."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.operation import Operation
from people.actors import Actor
from people.roles import Role

_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})

OPERATION_MOVES: dict[str, Move] = {
    "plan": Move("M57", frozenset({"new"}), "planned", _LEADERS),
    "start": Move("M104", frozenset({"planned"}), "running", _LEADERS),
    "close": Move("M57", frozenset({"running"}), "closed", _LEADERS),
}


def move(operation: Operation, name: str, *, by: Actor) -> None:
    """Make the named move on an operation that the caller has locked; raises NotInState or NotYourRole."""
    row = OPERATION_MOVES[name]
    machine.check(operation, row, by=by)
    machine.apply(operation, row)
