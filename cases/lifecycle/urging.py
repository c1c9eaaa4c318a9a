"""The life of an urge order (M74) as a table: issued, replied to, accepted; or rejected, and a 督办单 follows."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.supervision import Interview, UrgeOrder
from people.actors import Actor
from people.roles import HANDLERS, Role

_SAFETY = frozenset({Role.SAFETY_OFFICE})
_ADDRESSEES = HANDLERS | {Role.INTAKE_OFFICER}
OPEN_ORDERS = frozenset({"issued", "replied"})

URGE_MOVES: dict[str, Move] = {
    "reply": Move("M74", frozenset({"issued"}), "replied", by=_ADDRESSEES),
    "accept": Move("M74", frozenset({"replied"}), "accepted", by=_SAFETY),
    "reject": Move("M74", frozenset({"replied"}), "rejected", by=_SAFETY),
    "withdraw": Move("M74", frozenset({"issued"}), "withdrawn", by=_SAFETY),
    # The body that was urged has no part in the case any more.
    "lapse": Move("M74", OPEN_ORDERS, "withdrawn", system=True),
}
INTERVIEW_MOVES: dict[str, Move] = {
    "hold": Move("M77", frozenset({"planned"}), "held", by=_SAFETY),
    "drop": Move("M77", frozenset({"planned"}), "dropped", by=_SAFETY),
    "call_off": Move("M77", frozenset({"planned"}), "dropped", system=True),
}


def move(order: UrgeOrder, name: str, *, by: Actor) -> None:
    """Make the named move on an urge order that the caller has locked; raises NotInState or NotYourRole."""
    machine.check(order, URGE_MOVES[name], by=by)
    machine.apply(order, URGE_MOVES[name])


def move_interview(interview: Interview, name: str, *, by: Actor) -> None:
    """Make the named move on an interview that the caller has locked; raises NotInState or NotYourRole."""
    machine.check(interview, INTERVIEW_MOVES[name], by=by)
    machine.apply(interview, INTERVIEW_MOVES[name])
