"""An office's work in order: its open tasks by what is due, keyset-paged, in one statement (M15)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from cases import access
from cases.models.case import Case, Task
from people.actors import Actor

PAGE_LIMIT = 100


@dataclass(frozen=True)
class Filter:
    """What of the queue is wanted; None is everything."""

    states: tuple[str, ...] | None = None
    category_code: str | None = None
    urgency: str | None = None
    due_before: datetime | None = None
    person_id: int | None = None


def page(
    session: Session, wanted: Filter, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Task]:
    """Open tasks of the actor's office with their cases, the next due first. The district sees every main task."""
    statement = (
        select(Task)
        .join(Task.case)
        .options(contains_eager(Task.case))
        .where(Task.state.in_(("open", "signed")), access.visible_to(by))
        .order_by(Task.due_at, Task.id)
        .limit(min(limit, PAGE_LIMIT))
    )
    if by.org_kind in {"district", "city"}:
        statement = statement.where(Task.kind.in_(("town", "group")))
    else:
        statement = statement.where(Task.org_id == by.org_id)
    if after is not None:
        statement = statement.where(tuple_(Task.due_at, Task.id) > after)
    return list(session.scalars(statement.where(*_conditions(wanted))))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states is not None:
        found.append(Case.state.in_(wanted.states))
    if wanted.category_code is not None:
        found.append(Case.category_code == wanted.category_code)
    if wanted.urgency is not None:
        found.append(Case.urgency == wanted.urgency)
    if wanted.due_before is not None:
        found.append(Task.due_at < wanted.due_before)
    if wanted.person_id is not None:
        found.append(Task.person_id == wanted.person_id)
    return found
