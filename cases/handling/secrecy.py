"""What a town is not to know beforehand: that its closed case is to be looked at again, by whom and when (M64, M75).

It reads the whole story once the look is over. Row-level security holds the rows themselves back in the same way.
"""

from collections.abc import Iterable

from cases.access import Reach, reach_of
from cases.journey import Kind
from cases.models.case import CaseEvent, Task
from people.actors import Actor

BEFOREHAND = frozenset(
    {
        Kind.LOOK_BACK_PLANNED, Kind.LOOK_BACK_ASSIGNED, Kind.LOOK_BACK_DROPPED, Kind.REVIEW_OPENED,
        Kind.REVIEW_ASSIGNED,
    }
)  # fmt: skip
CLOCKS = frozenset({"look_back", "re_verify"})
ERRANDS = frozenset({"look_back", "review"})


def events(by: Actor, found: Iterable[CaseEvent]) -> list[CaseEvent]:
    """The entries of a trail that this actor may read."""
    return [each for each in found if not (_kept_from(by) and _is_beforehand(each))]


def tasks(by: Actor, found: Iterable[Task]) -> list[Task]:
    """The tasks of a case that this actor may read."""
    return [each for each in found if not (_kept_from(by) and each.kind in ERRANDS and each.state != "answered")]


def _kept_from(by: Actor) -> bool:
    return reach_of(by) is Reach.OWN


def _is_beforehand(entry: CaseEvent) -> bool:
    return entry.kind in BEFOREHAND or entry.body.get("clock") in CLOCKS
