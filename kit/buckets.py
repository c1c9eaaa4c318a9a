"""Token buckets that all processes share: how often something may be done from one place of the network.

A place counts as itself and as part of its network, which has ten times as much: behind one address may be a village.
Redis holds marks under a key of the day, and each for a day at the most; no address is ever written down. While Redis
is away this process's own memory stands in, so that nobody is shut out and nobody is let through without end.
"""

import atexit
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network

import structlog

from kit.redis_line import RedisLine
from kit.secrets import mark
from kit.settings import settings
from kit.throttle import Throttle

PATIENCE_S = 0.25
NETWORK_TIMES = 10
KEPT_S = 24 * 3600
PREFIXES = {4: (32, 24), 6: (64, 48)}
# For each key its burst and how fast it grows: all give a token, or none does. Answers how many seconds to wait.
_TAKE = """
local now, cost, wait, tokens, since = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, {}, {}
for i, key in ipairs(KEYS) do
    local burst, rate = tonumber(ARGV[2 * i + 2]), tonumber(ARGV[2 * i + 3])
    local known = redis.call('HMGET', key, 'tokens', 'at')
    since[i] = math.max(tonumber(known[2]) or now, now)
    tokens[i] = math.min(burst, (tonumber(known[1]) or burst) + (since[i] - (tonumber(known[2]) or now)) * rate)
    if tokens[i] < 1 then wait = math.max(wait, math.floor((1 - tokens[i]) / rate) + 1) end
end
if wait == 0 and cost > 0 then
    for i, key in ipairs(KEYS) do
        redis.call('HSET', key, 'tokens', tostring(tokens[i] - cost), 'at', tostring(since[i]))
        redis.call('EXPIRE', key, ARGV[3])
    end
end
return wait
"""

log = structlog.get_logger()


@dataclass(frozen=True)
class Bucket:
    """At most `burst` at once and `per_hour` in the long run from one address, for what `name` names."""

    name: str
    burst: int
    per_hour: int


def wait_s(bucket: Bucket, host: str, *, now: datetime, take: bool = True) -> int:
    """Take a token of the place: 0 if there was one, else the seconds until there will be. `take` False only looks."""
    places = places_of(host)
    try:
        return _shared(bucket, places, now=now, take=take)
    except OSError:
        log.warning("buckets are this process's own", bucket=bucket.name)
        return _wait_here_s(bucket, host, now=now, take=take)


def _wait_here_s(bucket: Bucket, host: str, *, now: datetime, take: bool = True) -> int:
    """The same by what this process alone remembers."""
    own = list(zip(_own(bucket), _marks(bucket, places_of(host), now), strict=False))
    wait = max(memory.wait_s(place, now=now, take=False) for memory, place in own)
    for memory, place in own if take and not wait else ():
        memory.wait_s(place, now=now)
    return wait


def is_somebody(host: str) -> bool:
    """Whether an address tells one sender from another: not one of the house itself, or of a proxy inside it."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return False


def places_of(host: str) -> tuple[str, ...]:
    """An address and the network that it lies in; what is no address, as behind a socket, is a place of its own."""
    try:
        address = ip_address(host)
    except ValueError:
        return (host,)
    mapped = getattr(address, "ipv4_mapped", None) or address
    return tuple(str(ip_network((mapped, length), strict=False)) for length in PREFIXES[mapped.version])


def _shared(bucket: Bucket, places: tuple[str, ...], *, now: datetime, take: bool) -> int:
    keys = [f"jz:bucket:{each.hex()}" for each in _marks(bucket, places, now)]
    sizes: list[float] = []
    for times in (1, NETWORK_TIMES)[: len(keys)]:
        sizes += [bucket.burst * times, bucket.per_hour * times / 3600]
    answer = _line().ask("EVAL", _TAKE, len(keys), *keys, now.timestamp(), int(take), KEPT_S, *sizes)
    return int(answer or 0)


def _marks(bucket: Bucket, places: tuple[str, ...], now: datetime) -> list[bytes]:
    day = f"{now:%Y-%m-%d}"
    return [mark(f"bucket {day}", bucket.name.encode(), place.encode()) for place in places]


@lru_cache(maxsize=1)
def _line() -> RedisLine:
    line = RedisLine(settings().redis_url, timeout_s=PATIENCE_S)
    atexit.register(line.close)
    return line


@lru_cache(maxsize=16)
def _own(bucket: Bucket) -> tuple[Throttle, Throttle]:
    wide = Throttle(burst=bucket.burst * NETWORK_TIMES, per_hour=bucket.per_hour * NETWORK_TIMES)
    return Throttle(burst=bucket.burst, per_hour=bucket.per_hour), wide
