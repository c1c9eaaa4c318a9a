"""The district's list of cases, filtered and sorted, keyset-paged, in one statement; how many there are, bounded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from cases import access
from cases.lists.conditions import conditions
from cases.lists.stretches import NEVER, RANK, stretches
from cases.lists.wanted import Wanted
from cases.models.case import OVER, Case, Task
from cases.models.measure import CaseTag
from cases.models.rows import MAIN_TASK_RUNS, OF_A_CASE, CaseRow
from people.actors import Actor
from people.models import Org

PAGE_LIMIT = 100
COUNT_LIMIT = 1000
WALKED = ("due", "urgency")
AT_ONCE = 500
# An order is walked in so many statements at most; what is left of it is then sorted in one (design.md 8).
STRETCHES = 2
_RUNNING = and_(Task.case_id == Case.id, MAIN_TASK_RUNS)
_DUE = func.coalesce(Task.due_at, literal(NEVER))
# What each order goes by, the id last so that no two stand in one place; with a minus the other way round.
_KEYS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "opened": (Case.opened_at.expression, Case.id.expression),
    "due": (_DUE, Case.id.expression),
    "urgency": (RANK, _DUE, Case.id.expression),
    "number": (Case.number.expression, Case.id.expression),
}
_COLUMNS: list[ColumnElement[Any]] = [
    Org.name_zh.expression,
    Task.due_at.expression,
    Task.due_what.expression,
    Task.yellow_at.expression,
    Task.person_id.expression,
    func.array(select(CaseTag.code).where(CaseTag.case_id == Case.id).order_by(CaseTag.code).scalar_subquery()),
]


class ListRow(NamedTuple):
    """One case of a list, with the running deadline of the body that answers for it; `key` is where it stands."""

    case: CaseRow
    org_name: str | None
    due_at: datetime | None
    due_what: str | None
    yellow_at: datetime | None
    person_id: int | None
    tags: list[str]
    key: tuple[Any, ...]


def page(
    session: Session, wanted: Wanted, *, by: Actor, now: datetime, limit: int, after: Sequence[Any] | None = None
) -> list[ListRow]:
    """The cases that this actor may see and wants; `after` is the key of the last row of the page before.

    A district's, which are all there are, are walked in the order of an index where they are asked for by deadline.
    """
    limit = min(limit, PAGE_LIMIT)
    if not _is_walked(wanted, by):
        return [_row(row) for row in session.execute(_listed(wanted, by, now, limit, after))]
    rows: list[ListRow] = []
    wishes = list(conditions(wanted, now=now))
    for number, stretch in enumerate(stretches(wanted, after)):
        left = limit - len(rows)
        if not left or number > STRETCHES:
            break
        shown = (
            _shown(stretch.picked(wishes, left), down=False)
            if number < STRETCHES else _listed(wanted, by, now, left, stretch.key)
        )  # fmt: skip
        rows += [_row(row) for row in session.execute(shown)]
    return rows


def _is_walked(wanted: Wanted, by: Actor) -> bool:
    """Of cases that are over none has a running task: there would be nothing but a long way to them."""
    over = bool(wanted.state) and set(wanted.state) <= set(OVER)
    return wanted.sort in WALKED and access.reach_of(by) is access.Reach.ALL and not over


def stream(session: Session, wanted: Wanted, *, by: Actor, now: datetime, most: int) -> Iterator[ListRow]:
    """The same by a cursor of the server: as many rows as there are, at most `most`, and never all in memory."""
    shown = _listed(wanted, by, now, most, None).execution_options(yield_per=AT_ONCE)
    return (_row(row) for row in session.execute(shown))


def _listed(wanted: Wanted, by: Actor, now: datetime, limit: int, after: Sequence[Any] | None) -> Select[Any]:
    down, keys = wanted.sort.startswith("-"), _KEYS[wanted.sort.removeprefix("-")]
    found = _found(wanted, by, now, Case.id.label("case_id"), *(key.label(f"k{n}") for n, key in enumerate(keys)))
    if after is not None:
        here, there = tuple_(*keys), tuple_(*after)
        found = found.where(here < there if down else here > there)
    return _shown(found.order_by(*_in_order(keys, down=down)).limit(limit), down=down)


def _shown(found: Select[Any], *, down: bool) -> Select[Any]:
    """Sorted by what they are sorted by alone, and only then shown."""
    picked = found.subquery("picked")
    places = [column for column in picked.c if column.key != "case_id"]
    return (
        select(*OF_A_CASE, *_COLUMNS, *places)
        .select_from(picked)
        .join(Case, Case.id == picked.c.case_id)
        .outerjoin(Task, _RUNNING)
        .outerjoin(Org, Org.id == Case.responsible_org_id)
        .order_by(*_in_order(places, down=down))
    )


def count(session: Session, wanted: Wanted, *, by: Actor, now: datetime, most: int = COUNT_LIMIT) -> int:
    """How many there are, counted no further than one more than `most`: a count that nobody waits for."""
    some = _found(wanted, by, now, Case.id).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def key_of(wanted: Wanted, told: Sequence[Any]) -> list[Any]:
    """The key in a cursor, as values again."""
    read = {"opened": (_at, UUID), "due": (_at, UUID), "urgency": (int, _at, UUID), "number": (str, UUID)}
    return [make(value) for make, value in zip(read[wanted.sort.removeprefix("-")], told, strict=True)]


def _found(wanted: Wanted, by: Actor, now: datetime, *shown: Any) -> Select[Any]:
    some = select(*shown).select_from(Case).outerjoin(Task, _RUNNING)
    return some.where(access.visible_to(by), *conditions(wanted, now=now))


def _in_order(keys: Sequence[ColumnElement[Any]], *, down: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if down else key.asc() for key in keys]


def _row(row: Any) -> ListRow:
    end, shown = len(OF_A_CASE), len(OF_A_CASE) + len(_COLUMNS)
    return ListRow._make((CaseRow._make(row[:end]), *row[end:shown], tuple(row[shown:])))


def _at(told: Any) -> datetime:
    return datetime.fromisoformat(told)
