"""What the demo tells: stories of reports, each with a place, a way to arrive and a state in which it is left.

The same number always gives the same story, so that a second run sends nothing new; and the first few dozen already
show every state.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from random import Random
from typing import Final
from uuid import UUID, uuid5

from cli.demo.district import JURISDICTIONS, TOWNS

OURS: Final = UUID("6b0d6c1e-6a53-4b1e-9a54-9c0c6f6a7d11")


class Arrival(StrEnum):
    """How a report comes in: plain ones are dispatched by the system, all others wait for a person (C3, C13)."""

    PLAIN = "plain"
    BORDER = "border"
    OUTSIDE = "outside"
    NO_POSITION = "no_position"
    EMERGENCY = "emergency"
    DEATH = "death"
    DUPLICATE = "duplicate"
    UNSURE = "unsure"


class Goal(StrEnum):
    """Where a story is left."""

    UNSEEN = "unseen"  # on the desk, and nobody has looked
    WAITS = "waits"  # on the desk, looked at
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    DISPATCHED = "dispatched"
    EXTRACTED = "extracted"
    SIGNED = "signed"
    VISITING = "visiting"
    VISITED = "visited"
    VERDICT = "verdict"
    RETURNED = "returned"
    RECTIFYING = "rectifying"
    DRAFTED = "drafted"  # rectifying, with an exposure in drafting
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ACCEPTANCE = "acceptance"
    REWORK = "rework"
    ACCEPTED = "accepted"  # rectified, and a mandatory penalty keeps it open
    UNFOUND = "unfound"
    CLOSED = "closed"
    CLOSED_UNFOUND = "closed_unfound"


MIX: Final[tuple[tuple[Arrival, Goal, int], ...]] = (
    (Arrival.PLAIN, Goal.DISPATCHED, 12), (Arrival.PLAIN, Goal.SIGNED, 14), (Arrival.PLAIN, Goal.VISITED, 8),
    (Arrival.PLAIN, Goal.VERDICT, 12), (Arrival.PLAIN, Goal.DRAFTED, 3), (Arrival.PLAIN, Goal.IN_REVIEW, 3),
    (Arrival.PLAIN, Goal.APPROVED, 3), (Arrival.PLAIN, Goal.ACCEPTANCE, 10), (Arrival.PLAIN, Goal.ACCEPTED, 14),
    (Arrival.PLAIN, Goal.CLOSED, 24), (Arrival.PLAIN, Goal.EXTRACTED, 13), (Arrival.PLAIN, Goal.VISITING, 6),
    (Arrival.PLAIN, Goal.RETURNED, 4), (Arrival.PLAIN, Goal.RECTIFYING, 18), (Arrival.PLAIN, Goal.REWORK, 5),
    (Arrival.PLAIN, Goal.UNFOUND, 5), (Arrival.PLAIN, Goal.CLOSED_UNFOUND, 4), (Arrival.PLAIN, Goal.WITHDRAWN, 4),
    (Arrival.BORDER, Goal.WAITS, 3), (Arrival.BORDER, Goal.SIGNED, 1), (Arrival.OUTSIDE, Goal.WAITS, 3),
    (Arrival.NO_POSITION, Goal.WAITS, 2), (Arrival.NO_POSITION, Goal.EXTRACTED, 1),
    (Arrival.EMERGENCY, Goal.WAITS, 3), (Arrival.EMERGENCY, Goal.UNSEEN, 2), (Arrival.EMERGENCY, Goal.RECTIFYING, 2),
    (Arrival.DEATH, Goal.WAITS, 2), (Arrival.DEATH, Goal.VISITED, 1), (Arrival.DEATH, Goal.ACCEPTED, 1),
    (Arrival.DUPLICATE, Goal.WAITS, 3), (Arrival.DUPLICATE, Goal.JOINED, 3), (Arrival.UNSURE, Goal.WAITS, 3),
    (Arrival.UNSURE, Goal.DISPATCHED, 2), (Arrival.UNSURE, Goal.ASKED, 4), (Arrival.UNSURE, Goal.ANSWERED, 2),
)  # fmt: skip
# A mandatory penalty is closed by a lawful exit only, which the demo carries none to: such a case is rectified (X22).
PENALISED: Final = (
    "FW-01", "FW-02", "FW-03", "BLD-01", "BLD-03", "TRN-01", "GAS-01", "CHM-01", "MIN-01", "SEQ-01",
)  # fmt: skip
BY_NIGHT: Final = ("TRN-02", "FIR-03")  # accepted by night only, and the demo is played by day too (X20)
LENIENT: Final = (
    "FW-04", "BLD-02", "BLD-04", "TRN-03", "WTR-01", "FIR-01", "FIR-02", "FIR-04", "FIR-05", "GAS-02", "IND-01",
    "PUB-01", "RNT-01",
)  # fmt: skip
ANY: Final = (*PENALISED, *LENIENT, *BY_NIGHT)
CLOSABLE: Final = {Goal.CLOSED, Goal.CLOSED_UNFOUND, Goal.UNFOUND}
OPEN_GOALS: Final = (Goal.DISPATCHED, Goal.EXTRACTED, Goal.SIGNED, Goal.VISITING, Goal.VISITED, Goal.VERDICT)


@dataclass(frozen=True, slots=True)
class Story:
    """One report and what becomes of it."""

    number: int
    arrival: Arrival
    goal: Goal
    category: str
    town: str
    of: int | None = None
    """Of a duplicate: the number of the story that came first."""

    @property
    def client_id(self) -> UUID:
        """The report's id, the same at every run."""
        return uuid5(OURS, f"report:{self.number}")

    def id_of(self, what: str) -> UUID:
        """The id of something that belongs to this story."""
        return uuid5(OURS, f"{what}:{self.number}")


def stories(count: int) -> list[Story]:
    """The first `count` stories."""
    towns = cycle([place.code for place in (*TOWNS, *JURISDICTIONS)])
    kinds = {id(codes): cycle(codes) for codes in (PENALISED, LENIENT, ANY)}
    told: list[Story] = []
    for number, (arrival, goal) in enumerate(islice(cycle(_order()), count)):
        original = _original(told) if arrival is Arrival.DUPLICATE else None
        category = original.category if original else _category(arrival, goal, kinds)
        town = original.town if original else next(towns)
        told.append(Story(number, arrival, goal, category, town, original.number if original else None))
    return told


def _order() -> list[tuple[Arrival, Goal]]:
    """Every kind of story once, then the rest in a mixed order that is always the same."""
    rest = [(arrival, goal) for arrival, goal, count in MIX for _ in range(count - 1)]
    Random(27).shuffle(rest)  # noqa: S311 - an order, not a secret
    return [(arrival, goal) for arrival, goal, _ in MIX] + rest


def _category(arrival: Arrival, goal: Goal, kinds: dict[int, cycle[str]]) -> str:
    if arrival is Arrival.DEATH:
        return "CCL-01"
    if arrival is Arrival.UNSURE:
        return "OTH-01"
    if goal in CLOSABLE:
        return next(kinds[id(LENIENT)])
    return next(kinds[id(PENALISED if goal is Goal.ACCEPTED else ANY)])


def _original(told: list[Story]) -> Story:
    """A story whose case stays open and has no duplicate yet."""
    taken = {story.of for story in told}
    fitting = (s for s in told if s.arrival is Arrival.PLAIN and s.goal in OPEN_GOALS and s.number not in taken)
    return next(fitting)
