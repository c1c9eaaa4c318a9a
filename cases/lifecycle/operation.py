"""The life of a joint operation (M57) as a table: planned, running, closed once every member has its own result.

One that reaches no result is called off with a reason, and one that nobody starts by the system; a member that never
comes is dropped.
"""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.operation import Operation
from people.actors import Actor
from people.roles import Role

_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})
_OPEN = frozenset({"planned", "running"})

OPERATION_MOVES: dict[str, Move] = {
    "plan": Move("M57", frozenset({"new"}), "planned", _LEADERS),
    "start": Move("M104", frozenset({"planned"}), "running", _LEADERS),
    "close": Move("M57", frozenset({"running"}), "closed", _LEADERS),
    "drop_member": Move("M57", _OPEN, "", _LEADERS, stays=True),
    "call_off": Move("M57", _OPEN, "called_off", _LEADERS | _OFFICE),
    "lapse": Move("M57", frozenset({"planned"}), "called_off", system=True),
}


def move(operation: Operation, name: str, *, by: Actor) -> None:
    """Make the named move on an operation that the caller has locked; raises NotInState or NotYourRole."""
    row = OPERATION_MOVES[name]
    machine.check(operation, row, by=by)
    machine.apply(operation, row)
