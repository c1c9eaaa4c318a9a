"""Loading what supervision acts on: only of cases that the actor may see, the case locked first, as everybody does."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import access
from cases.models.case import Case
from cases.models.supervision import Interview, UrgeOrder
from kit.errors import NotFound, Stale, Unconditional
from people.actors import Actor

Thing = TypeVar("Thing", UrgeOrder, Interview)


def a_case(session: Session, case_id: UUID, *, by: Actor) -> Case:
    """A case, locked for something new about it, in whatever version it is. Raises NoSuchCase."""
    access.find(session, case_id, by=by)
    held = select(Case).where(Case.id == case_id).with_for_update(of=Case)
    return session.scalars(held.execution_options(populate_existing=True)).one()


def a_thing(
    session: Session, table: type[Thing], thing_id: UUID, *, by: Actor, seen: int | None, unknown: type[NotFound]
) -> tuple[Case, Thing]:
    """An urge order or an interview with its case, both locked, in the version that the actor saw.

    Raises `unknown` for a stranger, Unconditional and Stale.
    """
    found = session.get(table, thing_id)
    if found is None:
        raise unknown
    try:
        case = a_case(session, found.case_id, by=by)
    except access.NoSuchCase as stranger:
        raise unknown from stranger
    session.refresh(found, with_for_update=True)
    if seen is None:
        raise Unconditional
    if found.version != seen:
        raise Stale(current={"id": str(found.id), "state": found.state, "version": found.version})
    return case, found
