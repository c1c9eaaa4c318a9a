"""The slow lane: a flood from one place is taken like any report, and waits for a person instead of going to a town.

Nobody is refused and nobody is told: a lost report is worse than one that a person reads first (security.md 3.7).
Counted in this process alone, since intake waits for nothing but the database; and only what was stored counts, so that
a phone that repeats itself through an outage is no flood.
"""

from datetime import datetime

from cases.models.report import SLOW_LANE
from kit import buckets
from kit.buckets import Bucket

REPORTS = Bucket("reports", burst=30, per_hour=30)  # of one address; its network has ten times as much


def lane_of(host: str, *, now: datetime) -> str | None:
    """SLOW_LANE for a report from a place that has sent too many; None for all others."""
    over = buckets.is_somebody(host) and buckets.wait_here_s(REPORTS, host, now=now, take=False)
    return SLOW_LANE if over else None


def count_report(host: str, *, now: datetime) -> None:
    """Count a report that was stored, from the address that it came from."""
    if buckets.is_somebody(host):
        buckets.wait_here_s(REPORTS, host, now=now)
