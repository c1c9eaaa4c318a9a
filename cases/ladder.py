"""The ladder of a missed deadline (D8): which rung is due when, as pure rules over values. No database, no clock.

A rung is reached by time alone. Whoever climbs keeps which were seen to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cases import deadlines
from cases.deadlines import Calendar, Unit

YELLOW = "yellow"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
DAYS = frozenset({Unit.WORK_D, Unit.CAL_D})


@dataclass(frozen=True)
class Rung:
    """One step of the ladder with the instant from which it is due; `to` names who is told."""

    name: str
    at: datetime
    to: tuple[str, ...]


def ladder(
    told: Mapping[str, Any], urgency: str, started_at: datetime, due_at: datetime, calendar: Calendar, *, share: float
) -> list[Rung]:
    """Every rung of a clock, the first first: yellow, then those of a deadline that is over."""
    yellow = Rung(YELLOW, deadlines.yellow_from(started_at, due_at, share), ("assignee",))
    return [yellow, *once_over(told, urgency, due_at, calendar)]


def once_over(told: Mapping[str, Any], urgency: str, due_at: datetime, calendar: Calendar) -> list[Rung]:
    """The rungs from the deadline on: the steps of the policy value `told` for this urgency (D8).

    The day in which the deadline ends is day 0 of those that follow, also when it ends at 24:00 (D1).
    """
    steps = told.get(urgency, told["default"])
    return [
        Rung(step["step"], after(due_at, step["after"], steps["unit"], calendar), tuple(step["to"]))
        for step in steps["steps"]
    ]


def after(due_at: datetime, amount: int, unit: Unit | str, calendar: Calendar, *, roll: bool = False) -> datetime:
    """The instant so long after a deadline; 24:00 still belongs to the day that ends with it (D1, X11)."""
    if amount == 0:
        return due_at
    start = due_at - A_MOMENT if Unit(unit) in DAYS else due_at
    return deadlines.add(start, amount, unit, calendar, roll=roll).due_at


def outstanding(ladder: Sequence[Rung], fired: frozenset[str], *, now: datetime) -> tuple[list[Rung], datetime]:
    """The rungs that are due and not seen to, in order, and when to look again."""
    left = [rung for rung in ladder if rung.name not in fired]
    coming = [rung.at for rung in left if rung.at > now]
    return [rung for rung in left if rung.at <= now], min(coming, default=NEVER)
