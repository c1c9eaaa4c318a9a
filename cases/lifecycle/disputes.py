"""Return requests and voidings as tables (T4, T5, T20), and the guards that they put on the case's own moves."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.lifecycle import machine
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import Move
from cases.models.case import Case, Task
from cases.models.dispute import ReturnRequest, Voiding
from kit.errors import Conflict
from people.actors import Actor
from people.roles import Role

_SAFETY = frozenset({Role.SAFETY_OFFICE})
_DISTRICT = frozenset({Role.INTAKE_OFFICER, Role.SAFETY_OFFICE})
_LIVE = frozenset({"open", "signed"})

RETURN_MOVES: dict[str, Move] = {
    "uphold": Move("T5", frozenset({"requested"}), "upheld", _SAFETY),
    "reject": Move("T5", frozenset({"requested"}), "rejected", _SAFETY),
}
VOIDING_MOVES: dict[str, Move] = {
    "confirm": Move("T20", frozenset({"proposed"}), "confirmed", _DISTRICT),
    "reject": Move("T20", frozenset({"proposed"}), "rejected", _DISTRICT),
}
# A department says of its own task that it is not its own; the case itself goes on beside it.
ASK_ABOUT_TASK = Move("T4", _LIVE, "open", frozenset({Role.DEPT_OFFICER, Role.DEPT_LEADER}))


class TooLateToReturn(Conflict):
    """A return is asked for within one working day of the dispatch (T4)."""

    code = "return.too_late"
    message = "The time to ask for a return is over."


class ArbitratedAlready(Conflict):
    """Whose it is was decided once, or is being decided: that is final (M10)."""

    code = "return.arbitrated"
    message = "Whose case this is has been put to arbitration once already."


def move(thing: ReturnRequest | Voiding, name: str, *, by: Actor) -> None:
    """Make the named move on a request or voiding whose case the caller has locked; NotInState or NotYourRole."""
    row = (RETURN_MOVES if isinstance(thing, ReturnRequest) else VOIDING_MOVES)[name]
    machine.check(thing, row, by=by)
    machine.apply(thing, row)


def in_time(*, session: Session, case: Case, task: Task, now: datetime, **_: Any) -> None:
    """T4: within one working day of the dispatch that gave the task."""
    limit = policy.limit(policy.profile(session, case.profile_id), "return_request", case.urgency)
    last = deadlines.add(task.created_at, limit.amount, limit.unit, policy.calendar(session, now))
    if now >= last.due_at:
        raise TooLateToReturn(until=last.due_at.isoformat())


def not_arbitrated(*, session: Session, case: Case, **_: Any) -> None:
    """T4, M10: the case itself goes to arbitration once."""
    asked = select(ReturnRequest.id).where(ReturnRequest.case_id == case.id, ReturnRequest.of_main)
    if session.scalars(asked.limit(1)).first() is not None:
        raise ArbitratedAlready


def by_a_second_person(*, by: Actor, proposed_by: int, **_: Any) -> None:
    """T20: two people."""
    if by.is_person(proposed_by):
        raise SamePerson("Whoever proposed to void an entry does not confirm it.")
