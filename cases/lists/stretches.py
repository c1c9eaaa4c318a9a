"""A district's cases by deadline, in stretches that each follow one index: a page costs its own rows, not all of them.

The cases whose body has a running task come first, in the order of the index on such tasks; those where nothing runs
any more come after, by their id. By urgency there are two stretches for each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, literal, select, tuple_

from cases.lists.wanted import Wanted
from cases.models.case import Case, Task
from cases.models.rows import MAIN_TASK_RUNS

# Where nothing runs any more, after everything that does.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)  # before the id of every case
URGENCIES = ("immediate", "urgent", "normal")
RANK = case({word: rank for rank, word in enumerate(URGENCIES)}, value=Case.urgency, else_=len(URGENCIES) - 1)


@dataclass(frozen=True)
class Stretch:
    """Cases of one urgency, or of all, with a running task or without; from after `after` on: an instant and an id."""

    rank: int | None
    runs: bool
    after: tuple[datetime, UUID]

    @property
    def key(self) -> tuple[Any, ...]:
        """Where it begins among all cases: before its own first, and after all of the stretches before it."""
        return self.after if self.rank is None else (self.rank, *self.after)

    def places(self) -> list[ColumnElement[Any]]:
        """What its rows are sorted by, as in the whole order."""
        own = [Task.due_at, Task.case_id] if self.runs else [literal(NEVER), Case.id]
        rank = [] if self.rank is None else [literal(self.rank)]
        return [*rank, *own]

    def picked(self, conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
        """The ids of its first cases that meet the conditions, with their places."""
        places = self.places()
        found = select(Case.id.label("case_id"), *(place.label(f"k{n}") for n, place in enumerate(places)))
        if self.rank is not None:
            found = found.where(Case.urgency == URGENCIES[self.rank])
        if self.runs:
            found = found.select_from(Task).join(Case, Case.id == Task.case_id).where(MAIN_TASK_RUNS)
            found = found.where(tuple_(Task.due_at, Task.case_id) > tuple_(*self.after))
            return found.where(*conditions).order_by(Task.due_at, Task.case_id).limit(limit)
        found = found.where(~exists().where(Task.case_id == Case.id, MAIN_TASK_RUNS), Case.id > self.after[1])
        return found.where(*conditions).order_by(Case.id).limit(limit)


def stretches(wanted: Wanted, after: Sequence[Any] | None) -> Iterator[Stretch]:
    """The stretches of an order by `due` or `urgency`, each once and in this order, from the key `after` on."""
    timed = bool(wanted.colour or wanted.due_from or wanted.due_to)  # asks for a deadline, so that one runs
    for rank in _ranks(wanted):
        for runs in (True,) if timed else (True, False):
            begin = (_FIRST if runs else NEVER, _NOBODY)
            stretch = Stretch(rank, runs, begin)
            if after is None or tuple(after) < stretch.key:
                yield stretch
            elif _holds(stretch, after):
                yield Stretch(rank, runs, (after[-2], after[-1]))


def _ranks(wanted: Wanted) -> Iterator[int | None]:
    if wanted.sort != "urgency":
        yield None
        return
    yield from (rank for rank, word in enumerate(URGENCIES) if not wanted.urgency or word in wanted.urgency)


def _holds(stretch: Stretch, after: Sequence[Any]) -> bool:
    """Whether a key stands within a stretch."""
    return stretch.runs is (after[-2] < NEVER) and (stretch.rank is None or stretch.rank == after[0])
