"""The life of a visit as a table (T6, M46): begun with the case's own move, then recorded, passed on, or broken off.

Whoever was there writes what was found. Where the one who began it cannot any more, a companion goes on with it, or the
office breaks it off and sends somebody else: no visit waits for a person who has left (M15).
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.beside import BesideMove, reasoned
from cases.lifecycle.guards import NotYourBody
from cases.lifecycle.second_look import VISITORS
from cases.models.handling import Visit
from kit.errors import Conflict, NotAllowed
from people import absences
from people.actors import Actor
from people.roles import Role

OPEN = "open"
# Those who give out the work of an office, and so see that its visits end.
ARRANGERS = frozenset({Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_LEADER})


class NoOpenVisit(Conflict):
    """There is no visit of yours that is not completed."""

    code = "visit.none_open"
    message = "You have no open visit for this case."


class NotThere(NotAllowed):
    """Only who was at the place can say what was found there."""

    code = "visit.not_there"
    message = "Only a companion of this visit may go on with it."


class NotYoursToEnd(NotAllowed):
    """A visit is broken off by its officer, by who stands in, or by those who give out the office's work."""

    code = "visit.not_yours_to_end"
    message = "Its officer, whoever stands in, or a clerk or leader of the office breaks off a visit."


def yours(*, thing: Visit, by: Actor, **_: Any) -> None:
    """M46: the officer who leads the visit."""
    if by.account_id != thing.officer_id:
        raise NoOpenVisit


def was_there(*, thing: Visit, by: Actor, **_: Any) -> None:
    """F10: a companion, who was at the place as well."""
    if by.account_id not in {*thing.companion_ids} - {thing.officer_id} or by.org_id != thing.org_id:
        raise NotThere


def yours_to_end(*, session: Session, thing: Visit, by: Actor, now: datetime, **_: Any) -> None:
    """M15: the officer, who stands in for that one now, or a clerk or leader of the office that made the visit."""
    if by.org_id != thing.org_id:
        raise NotYourBody
    if by.has(*ARRANGERS) or by.account_id == thing.officer_id:
        return
    if by.account_id != absences.standing_in(session, thing.officer_id, now=now):
        raise NotYoursToEnd


VISIT_MOVES: dict[str, BesideMove] = {
    "complete": BesideMove(
        "M46", frozenset({OPEN}), "completed", VISITORS, guards=(yours,), entry=Kind.VISIT_COMPLETED,
    ),
    "take_over": BesideMove(
        "M15", frozenset({OPEN}), OPEN, VISITORS, guards=(was_there, reasoned), entry=Kind.VISIT_TAKEN_OVER,
    ),
    "break_off": BesideMove(
        "M15", frozenset({OPEN}), "broken_off", VISITORS | ARRANGERS, guards=(yours_to_end, reasoned),
        entry=Kind.VISIT_BROKEN_OFF,
    ),
}  # fmt: skip
