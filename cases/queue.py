"""An office's work in order: its open tasks by what is due, keyset-paged, in one statement (M15)."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import ARRAY, ColumnElement, Integer, Text, any_, bindparam, func, literal_column, select, true, tuple_
from sqlalchemy.orm import Session

from cases import access, ties
from cases.access import Reach
from cases.models.case import Case, Task
from cases.models.rows import OF_A_CASE, CaseRow, one_of
from kit.lanes import written
from people.actors import Actor

PAGE_LIMIT = 100
# A count of what matches little may have to look at all of an office's tasks; no chip may hold up its page for longer.
COUNT_MS = 250


class QueueRow(NamedTuple):
    """One task of a queue and its case."""

    task_id: UUID
    task_kind: str
    task_state: str
    due_at: datetime
    due_what: str
    yellow_at: datetime | None
    person_id: int | None
    case: CaseRow


_OF_THE_TASK_SHOWN: list[ColumnElement[Any]] = [
    getattr(Task, name).expression for name in ("id", "kind", "state", "due_at", "due_what", "yellow_at", "person_id")
]


_OF_THE_TASK = len(_OF_THE_TASK_SHOWN)


@dataclass(frozen=True)
class Filter:
    """What of the queue is wanted; None is everything."""

    states: list[str] | None = None
    category_code: str | None = None
    urgency: str | None = None
    due_before: datetime | None = None
    person_id: int | None = None


# Each names its parameter after the field of Filter that it reads.
_BY_THE_CASE: Mapping[str, ColumnElement[bool]] = {
    "states": Case.state == any_(bindparam("states", type_=ARRAY(Text))),
    "category_code": Case.category_code == bindparam("category_code"),
    "urgency": Case.urgency == bindparam("urgency"),
}
_BY_THE_TASK: Mapping[str, ColumnElement[bool]] = {
    "due_before": Task.due_at < bindparam("due_before"),
    "person_id": Task.person_id == bindparam("person_id"),
}


def page(
    wanted: Filter, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> tuple[str, dict[str, Any]]:
    """The statement of a page and its values: open tasks of the actor's office with their cases, the next due first.

    The district sees every main task. Whoever runs it hands its rows to `row`.
    """
    asked = {name: value for name, value in vars(wanted).items() if value is not None}
    statement = _statement(access.reach_of(by), frozenset(asked), after is not None)
    at, task_id = after or (None, None)
    of_the_actor = {"org_id": by.org_id, "accounts": by.accounts}
    return statement, {**asked, **of_the_actor, "limit": min(limit, PAGE_LIMIT), "at": at, "task_id": task_id}


def rows(
    session: Session, wanted: Filter, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[QueueRow]:
    """The same page within a session's transaction."""
    return [row(columns) for columns in _run(session, *page(wanted, by=by, limit=limit, after=after))]


def count(session: Session, wanted: Filter, *, by: Actor, most: int, ms: int = COUNT_MS) -> int | None:
    """How many tasks are wanted, counted no further than one more than `most`; None when that would take too long."""
    statement, values = page(wanted, by=by, limit=most + 1)
    inside = session.begin_nested()  # rolled back in any case, and the limit on its time with it
    try:
        session.execute(select(func.set_config("statement_timeout", str(ms), True)))
        ((found,),) = _run(session, f"select count(*) from ({statement}) as found", values)  # noqa: S608 - our own
    except QueryCanceled:
        return None
    else:
        return int(found)
    finally:
        inside.rollback()


def row(columns: Sequence[Any]) -> QueueRow:
    """One row of a page by the names of what it shows."""
    return QueueRow._make((*columns[:_OF_THE_TASK], CaseRow._make(columns[_OF_THE_TASK:])))


def _run(session: Session, statement: str, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
    """The rows of a statement that is kept as its text, by the driver itself."""
    with closing(session.connection().connection.cursor()) as cursor:
        cursor.execute(statement, values)
        found: Sequence[Sequence[Any]] = cursor.fetchall()
    return found


@lru_cache(maxsize=256)
def _statement(reach: Reach, asked: frozenset[str], paged: bool) -> str:  # noqa: FBT001 - a shape
    """Kept for each shape that is asked for: to build it costs more than to run it."""
    # `offset 0` keeps the case a look-up for each task in the order of the index, so that a page costs its own rows and
    # not the whole queue's: a planner that takes office and visibility for independent joins and sorts all of it.
    case = (
        select(*OF_A_CASE)
        .where(Case.id == Task.case_id, access.within(reach, bindparam("org_id")))
        .where(ties.untied(bindparam("accounts", type_=ARRAY(Integer))))
        .where(*(condition for name, condition in _BY_THE_CASE.items() if name in asked))
        .offset(literal_column("0"))
        .correlate(Task)
        .lateral("looked_up")
    )
    shown: list[ColumnElement[Any]] = [*_OF_THE_TASK_SHOWN, *case.c]
    statement = (
        select(*shown)
        .join(case, true())
        .where(one_of(Task.state, "open", "signed"))
        .where(*(condition for name, condition in _BY_THE_TASK.items() if name in asked))
        .where(one_of(Task.kind, "town", "group") if reach is Reach.ALL else Task.org_id == bindparam("org_id"))
        .order_by(Task.due_at, Task.id)
        .limit(bindparam("limit"))
    )
    if paged:
        statement = statement.where(tuple_(Task.due_at, Task.id) > tuple_(bindparam("at"), bindparam("task_id")))
    return written(statement)
