"""What supervision has to show: orders, interviews, rungs and candidates of the cases that an actor may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from cases import access, ties
from cases.models.case import Case
from cases.models.supervision import Escalation, Interview, ListingCandidate, UrgeOrder, UrgeReply
from kit.errors import NotAllowed
from people.actors import Actor
from people.roles import Role

After = tuple[datetime, UUID] | None
READERS = (Role.SAFETY_OFFICE, Role.DISCIPLINE)


def orders(
    session: Session,
    *,
    by: Actor,
    limit: int,
    case_id: UUID | None = None,
    state: str | None = None,
    after: After = None,
) -> Sequence[tuple[UrgeOrder, UrgeReply | None]]:
    """Urge orders with their replies, the newest first: a body sees its own, those who see every case all of them."""
    found = (
        select(UrgeOrder, UrgeReply)
        .join(Case, Case.id == UrgeOrder.case_id)
        .outerjoin(UrgeReply, UrgeReply.order_id == UrgeOrder.id)
        .where(*_seen(by, UrgeOrder.org_id))
    )
    found = _narrowed(found, UrgeOrder.case_id, case_id, UrgeOrder.state, state)
    rows = session.execute(_newest(found, UrgeOrder.issued_at, UrgeOrder.id, after).limit(limit))
    return [(order, reply) for order, reply in rows]


def interviews(
    session: Session,
    *,
    by: Actor,
    limit: int,
    case_id: UUID | None = None,
    state: str | None = None,
    after: After = None,
) -> Sequence[Interview]:
    """Interviews, the newest first, as with orders."""
    found = select(Interview).join(Case, Case.id == Interview.case_id).where(*_seen(by, Interview.org_id))
    found = _narrowed(found, Interview.case_id, case_id, Interview.state, state)
    return session.scalars(_newest(found, Interview.planned_at, Interview.id, after).limit(limit)).all()


def rungs(session: Session, case: Case) -> Sequence[Escalation]:
    """Every rung that the case's clocks have reached, in order, with the leaders of that day (D8, M05)."""
    found = select(Escalation).where(Escalation.case_id == case.id)
    return session.scalars(found.order_by(Escalation.reached_at, Escalation.clock_id, Escalation.rung)).all()


def candidates(
    session: Session, *, by: Actor, limit: int, after: After = None
) -> Sequence[tuple[ListingCandidate, Case]]:
    """Open candidates for listing with their cases, the oldest first. Raises NotAllowed outside the safety office."""
    if not by.has(*READERS):
        raise NotAllowed
    found = (
        select(ListingCandidate, Case)
        .join(Case, Case.id == ListingCandidate.case_id)
        .where(ListingCandidate.state == "open", ties.untied_to(by))
        .order_by(ListingCandidate.proposed_at, ListingCandidate.id)
        .limit(limit)
    )
    if after is not None:
        found = found.where(tuple_(ListingCandidate.proposed_at, ListingCandidate.id) > after)
    return [(candidate, case) for candidate, case in session.execute(found)]


def _seen(by: Actor, org_id: Any) -> list[ColumnElement[bool]]:
    of_all = by.has(*READERS) or by.org_kind in {"district", "city"}
    return [access.visible_to(by), *([] if of_all else [org_id == by.org_id])]


def _newest(found: Any, at: Any, id_: Any, after: After) -> Any:
    if after is not None:
        found = found.where(tuple_(at, id_) < after)
    return found.order_by(at.desc(), id_.desc())


def _narrowed(found: Any, case: Any, case_id: UUID | None, column: Any, state: str | None) -> Any:
    if case_id is not None:
        found = found.where(case == case_id)
    return found if state is None else found.where(column == state)
