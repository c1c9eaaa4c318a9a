"""A token bucket for each key, in this process's memory: enough to slow guessing, never the truth about anybody."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

MOST_KEYS = 50_000


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Throttle:
    """At most `burst` at once and `per_hour` in the long run, for each key."""

    def __init__(self, *, burst: int, per_hour: int) -> None:
        self._burst, self._per_second = burst, per_hour / 3600
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()

    def wait_s(self, key: bytes, *, now: datetime, take: bool = True) -> int:
        """Take one token: 0 if there was one, else the seconds until there will be. `take` False only looks."""
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        grown = bucket.tokens + max((now - bucket.at).total_seconds(), 0) * self._per_second
        bucket.tokens, bucket.at = min(grown, self._burst), now
        self._buckets[key] = bucket
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1:
            bucket.tokens -= take
            return 0
        return int((1 - bucket.tokens) / self._per_second) + 1
