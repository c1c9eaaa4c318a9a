"""Moves of what lies beside a case: a measure, a penalty, a referral, a criminal transfer (C4.4, C4.5, T11, F30).

Each has a machine of its own (X17). A move counts the case's version up as well, so that whoever acts has seen the
case as it is, and leaves its entry on the case's trail.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, trail
from cases.journey import Kind
from cases.lifecycle import machine
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import Move, Versioned
from cases.models.case import Case
from kit.errors import Conflict
from people.actors import Actor

NEW = "new"
HANDLED = ("signed", "verifying", "verdict_review", "rectifying", "acceptance", "referred", "closure_review")


class NotHandled(Conflict):
    """The case is not in the hands of an office: not signed for yet, held, or closed."""

    code = "case.not_being_handled"
    message = "The case is not being handled now."


class Beside(Versioned, Protocol):
    """Anything beside a case that a body answers for."""

    @property
    def id(self) -> Any:
        """What its clocks and its entries name it by."""

    @property
    def org_id(self) -> Any:
        """The body whose turn it is."""


@dataclass(frozen=True)
class BesideMove(Move):
    """A row of such a machine: a move with its entry on the trail and the clocks that run against the thing's body."""

    entry: Kind = Kind.REGISTERED
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


def move(
    session: Session, case: Case, thing: Beside, row: BesideMove, *, by: Actor, now: datetime, **facts: Any
) -> None:
    """Make a move on a thing beside a case that the caller has locked.

    `facts` go to the guards, those named in `trail_` (a dict) onto the trail, and those in `writes_` into the thing's
    columns together with its state. Raises NotInState, NotYourRole, or the refusal of the guard that does not hold;
    then nothing has changed.
    """
    machine.check(thing, row, by=by)
    told, written = facts.pop("trail_", {}), facts.pop("writes_", {})
    machine.hold(row, session=session, case=case, thing=thing, by=by, now=now, **facts)
    for name, value in written.items():
        setattr(thing, name, value)
    machine.apply(thing, row)
    case.version += 1
    for kind in row.stops:
        clocks.stop_beside(session, case, kind, about=thing.id, now=now)
    for kind in row.starts:
        clocks.start_beside(session, case, kind, about=thing.id, org_id=thing.org_id, now=now)
    trail.record(session, case, row.entry, by=by, now=now, rule=row.rule, id=str(thing.id), **told)


def being_handled(*, case: Case, **_: Any) -> None:
    """Something new is begun only in a case that an office has in hand."""
    if case.state not in HANDLED:
        raise NotHandled


def of_its_organ(*, thing: Beside, by: Actor, **_: Any) -> None:
    """Only the body that answers for the thing acts on it."""
    if by.org_id != thing.org_id:
        raise NotYourBody


def reasoned(*, reason: str, **_: Any) -> None:
    """M15: whoever passes on, or ends, what somebody else has begun says why."""
    if not reason.strip():
        raise Incomplete("Say why.", missing=["reason"], pointer="/reason")


def find(session: Session, case: Case, table: type[Any], thing_id: UUID, missing: type[Exception]) -> Any:
    """One thing of a locked case by its id; raises `missing` for an unknown one and for one of another case."""
    found = session.scalars(select(table).where(table.case_id == case.id, table.id == thing_id)).one_or_none()
    if found is None:
        raise missing
    return found
