"""How full token buckets are, told at once from memory, and set right by what all processes have counted together.

For a request that may wait for nothing: it asks and counts in this process's memory. `settle` carries what was counted
to Redis, all in one question, and brings back how much is left there, so that several processes fill one bucket. While
Redis is away each process counts for itself. Keys are marks under a key of the day (kit/secrets.py), kept for a day.
"""

import atexit
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

import structlog

from kit.redis_line import RedisLine
from kit.settings import settings

PATIENCE_S = 0.25
KEPT_S = 24 * 3600
MOST_KEYS = 50_000
AT_ONCE = 500
# Of each key its burst, how fast it grows, and how many are taken, whether they are there or not. Answers what is left.
_SETTLE = """
local now, left = tonumber(ARGV[1]), {}
for i, key in ipairs(KEYS) do
    local burst, rate, taken = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
    local known = redis.call('HMGET', key, 'tokens', 'at')
    local at = math.max(tonumber(known[2]) or now, now)
    local grown = math.min(burst, (tonumber(known[1]) or burst) + (at - (tonumber(known[2]) or now)) * rate)
    left[i] = string.format('%.6f', math.max(grown - taken, 0))
    redis.call('HSET', key, 'tokens', left[i], 'at', tostring(at))
    redis.call('EXPIRE', key, ARGV[2])
end
return table.concat(left, ' ')
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Size:
    """A bucket of `burst` tokens that grows by `per_second`."""

    burst: float
    per_second: float


@dataclass(slots=True)
class _Gauge:
    size: Size
    left: float
    at: datetime
    untold: int = 0

    def grow(self, now: datetime) -> None:
        """Nothing grows, and nothing is lost, by a clock that goes back."""
        gone = max((now - self.at).total_seconds(), 0)
        self.left = min(self.left + gone * self.size.per_second, self.size.burst)
        self.at = max(self.at, now)


class Gauges:
    """Buckets by their marks. Safe to share between threads; only `settle` waits for anything."""

    def __init__(self) -> None:
        """Nothing is known yet: every bucket is full."""
        self._known: OrderedDict[bytes, _Gauge] = OrderedDict()
        self._untold: dict[bytes, None] = {}
        self._lock = Lock()
        self.shared = False  # whether Redis has answered when it was last asked

    @property
    def owes(self) -> bool:
        """Whether something was counted that the others have not been told."""
        return bool(self._untold)

    def left(self, mark: bytes, size: Size, *, now: datetime) -> float:
        """How many tokens are in the bucket, as far as this process knows."""
        with self._lock:
            known = self._known.get(mark)
            if known is None:
                return size.burst
            known.size = size
            known.grow(now)
            return known.left

    def take(self, mark: bytes, size: Size, *, now: datetime) -> None:
        """Take one token; from an empty bucket none."""
        with self._lock:
            known = self._known.pop(mark, None) or _Gauge(size, size.burst, now)
            known.size = size
            known.grow(now)
            known.left = max(known.left - 1, 0)
            known.untold += 1
            self._known[mark] = known
            self._untold[mark] = None
            if len(self._known) > MOST_KEYS:
                gone, _ = self._known.popitem(last=False)
                self._untold.pop(gone, None)

    def settle(self, *, now: datetime) -> bool:
        """Tell Redis what was taken here and learn what all have taken; False while it is away, and nobody is told."""
        told = self._to_tell()
        if not told:
            return self.shared
        try:
            answers = _asked(told, now)
        except OSError:
            if self.shared:
                log.warning("gauges are this process's own")
            self.shared = False
            return False
        self._correct(told, answers)
        self.shared = True
        return True

    def _to_tell(self) -> list[tuple[bytes, Size, int]]:
        with self._lock:
            marks = list(self._untold)[:AT_ONCE]
            told = [(mark, self._known[mark].size, self._known[mark].untold) for mark in marks]
            for mark in marks:
                del self._untold[mark]
                self._known[mark].untold = 0
            return told

    def _correct(self, told: Sequence[tuple[bytes, Size, int]], answers: Sequence[float]) -> None:
        """What others have taken is missing here, too. Redis never fills a bucket: it may have been emptied."""
        with self._lock:
            for (mark, _, _), left in zip(told, answers, strict=True):
                known = self._known.get(mark)
                if known is not None:
                    known.left = min(known.left, max(left - known.untold, 0))


def _asked(told: Sequence[tuple[bytes, Size, int]], now: datetime) -> list[float]:
    keys = [f"jz:gauge:{mark.hex()}" for mark, _, _ in told]
    sizes = [each for _, size, taken in told for each in (size.burst, size.per_second, taken)]
    answer = _line().ask("EVAL", _SETTLE, len(keys), *keys, now.timestamp(), KEPT_S, *sizes)
    return [float(each) for each in answer.split()] if isinstance(answer, bytes) else []


@lru_cache(maxsize=1)
def _line() -> RedisLine:
    line = RedisLine(settings().redis_url, timeout_s=PATIENCE_S)
    atexit.register(line.close)
    return line
