"""Drawing lots that anybody can draw again: pure rules over a stored seed and the tickets of a pool (M52, R6).

Whether a ticket is drawn depends on the seed and on the ticket's own words, never on the order in which tickets came or
on who else stands beside it in a list. No database, no clock, no randomness of its own.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from kit.clock import LOCAL_ZONE

MONTHS_BACK = 3  # what was missed for longer could not be looked at in its time any more
_BITS = 53  # what a float holds exactly


def score(seed: str, ticket: str) -> float:
    """The ticket's place under this seed, in [0, 1): as good as random, and the same whenever it is asked."""
    digest = hashlib.sha256(f"{seed}\n{ticket}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / (1 << _BITS)


def is_drawn(seed: str, ticket: str, *, share: float) -> bool:
    """Whether one ticket is drawn by itself, before the rest of its pool is known: about `share` of all are."""
    return score(seed, ticket) < share


def draw(seed: str, pool: Iterable[str], *, share: float) -> list[str]:
    """The drawn tickets of a pool that is known: `share` of it, rounded up, so that a small pool has one, too.

    Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    tickets = sorted(set(pool), key=lambda ticket: (score(seed, ticket), ticket))
    return tickets[: math.ceil(share * len(tickets))]


def months_over(now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """The last months that are over, the newest first: the name of each, its first instant, and the one after its end.

    Months are those of the place (LOCAL_ZONE), not of Greenwich.
    """
    first = now.astimezone(LOCAL_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS_BACK):
        end, first = first, (first - timedelta(days=1)).replace(day=1)
        yield f"{first:%Y-%m}", first, end
