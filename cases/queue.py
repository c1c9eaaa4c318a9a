"""An office's work in order: its open tasks by what is due, keyset-paged, in one statement (M15)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager

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
    # `offset 0` keeps the case a look-up for each task in the order of the index, so that a page costs its own rows and
    # not the whole queue's: a planner that takes office and visibility for independent joins and sorts all of it.
    looked_up = select(Case).where(Case.id == Task.case_id, access.visible_to(by), *_of_the_case(wanted)).offset(0)
    case = aliased(Case, looked_up.correlate(Task).lateral("looked_up"))
    statement = (
        select(Task)
        .join(case, true())
        .options(contains_eager(Task.case.of_type(case)))
        .where(_one_of(Task.state, "open", "signed"))
        .order_by(Task.due_at, Task.id)
        .limit(min(limit, PAGE_LIMIT))
    )
    if by.org_kind in {"district", "city"}:
        statement = statement.where(_one_of(Task.kind, "town", "group"))
    else:
        statement = statement.where(Task.org_id == by.org_id)
    if after is not None:
        statement = statement.where(tuple_(Task.due_at, Task.id) > after)
    return list(session.scalars(statement.where(*_of_the_task(wanted))))


def _one_of(column: InstrumentedAttribute[str], *words: str) -> ColumnElement[bool]:
    """Written into the statement, or a prepared plan could not use the partial index on just these words."""
    return column.in_(bindparam(None, words, expanding=True, literal_execute=True))


def _of_the_case(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states is not None:
        found.append(Case.state.in_(wanted.states))
    if wanted.category_code is not None:
        found.append(Case.category_code == wanted.category_code)
    if wanted.urgency is not None:
        found.append(Case.urgency == wanted.urgency)
    return found


def _of_the_task(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.due_before is not None:
        found.append(Task.due_at < wanted.due_before)
    if wanted.person_id is not None:
        found.append(Task.person_id == wanted.person_id)
    return found
