"""Figures of lines, and how small ones are hidden so that no reporter is found by them (Q12). Pure.

A line in which one or two cases were opened, or closed, is told together with others, until what they have together is
none or at least three. Sums stay true and nothing can be had by subtraction: what is told is told in whole lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from statistics import median

LEAST = 3
DAY = timedelta(days=1)
UPHELD, REFUTED = ("substantiated", "partly"), ("unsubstantiated", "unverifiable")


@dataclass(frozen=True)
class Counted:
    """One case as it counts for a month: whether it was opened in it, and if it was closed in it, how."""

    opened: bool
    closed: bool
    outcome: str | None = None
    late: bool = False
    took: timedelta | None = None


@dataclass(frozen=True, order=True)
class Name:
    """Of what a line tells: a town or a category."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Line:
    """The cases of one name, or of several told together."""

    names: tuple[Name, ...]
    cases: tuple[Counted, ...]

    @property
    def opened(self) -> int:
        """Cases opened in the month."""
        return sum(case.opened for case in self.cases)

    @property
    def closed(self) -> int:
        """Cases closed in the month, whenever they were opened."""
        return sum(case.closed for case in self.cases)

    @property
    def upheld(self) -> int:
        """Closed cases whose hazard was found, wholly or in part."""
        return sum(case.closed and case.outcome in UPHELD for case in self.cases)

    @property
    def refuted(self) -> int:
        """Closed cases in which nothing was found, or nothing could be."""
        return sum(case.closed and case.outcome in REFUTED for case in self.cases)

    @property
    def late(self) -> int:
        """Closed cases in which the responsible body was past a deadline."""
        return sum(case.closed and case.late for case in self.cases)

    @property
    def median_days(self) -> Decimal | None:
        """Days from opening to closing, the middle one of those closed, to a tenth."""
        took = [case.took / DAY for case in self.cases if case.closed and case.took is not None]
        return Decimal(median(took)).quantize(Decimal("0.1")) if took else None

    @property
    def is_small(self) -> bool:
        """Whether it would tell of one or two cases."""
        return any(hidden(count) for count in (self.opened, self.closed))


def hidden(count: int) -> bool:
    """Whether a count is so small that it may point at who reported."""
    return 0 < count < LEAST


def told(lines: Iterable[Line]) -> list[Line]:
    """The lines as they may be told: those with cases by their number, then what is told together, last the empty ones.

    Where all cases together are few, one line holds all that has any, and its small counts stay hidden themselves.
    """
    whole = sorted(lines, key=_size)
    together = [line for line in whole if line.is_small]
    alone = [line for line in whole if not line.is_small and line.cases]
    while together and alone and _merged(together).is_small:
        together.append(alone.pop(0))
    empty = [line for line in whole if not line.cases]
    return [*reversed(alone), *([_merged(together)] if together else []), *sorted(empty, key=lambda each: each.names)]


def _merged(lines: Sequence[Line]) -> Line:
    names = sorted(chain.from_iterable(line.names for line in lines))
    return Line(tuple(names), tuple(chain.from_iterable(line.cases for line in lines)))


def _size(line: Line) -> tuple[int, tuple[Name, ...]]:
    return line.opened + line.closed, line.names
