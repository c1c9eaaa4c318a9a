"""Buckets that several processes fill together, though nobody who counts waits for Redis (security.md 3.7)."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import gauges
from kit.gauges import Gauges, Size
from kit.redis_line import RedisLine

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PATIENCE_S = 20.0
HOURLY = Size(burst=5, per_second=5 / 3600)


@pytest.fixture(scope="module", autouse=True)
def _patient():
    """A busy machine's Redis may be slow, and what it counts is asked here, not how soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gauges, "PATIENCE_S", PATIENCE_S)
        gauges._line.cache_clear()
        yield
    gauges._line.cache_clear()


@pytest.fixture
def redis(database_url):
    line = RedisLine(os.environ["REDIS_URL"], timeout_s=2)
    yield line
    line.close()


@pytest.fixture
def away(database_url, monkeypatch):
    monkeypatch.setattr(gauges, "_line", lambda: RedisLine("redis+socket:///nowhere/redis.sock", timeout_s=0.1))


def taken(counts, mark, times, *, size=HOURLY, now=NOW):
    for _ in range(times):
        counts.take(mark, size, now=now)
    return counts.left(mark, size, now=now)


def test_an_unknown_bucket_is_full_and_an_empty_one_stays_empty():
    counts, mark = Gauges(), token_bytes(32)
    assert counts.left(mark, HOURLY, now=NOW) == 5
    assert taken(counts, mark, 9) == 0
    assert counts.left(token_bytes(32), HOURLY, now=NOW) == 5


def test_two_processes_fill_one_bucket(redis):
    one, other, mark = Gauges(), Gauges(), token_bytes(32)
    taken(one, mark, 2)
    taken(other, mark, 1)
    assert (one.settle(now=NOW), other.settle(now=NOW)) == (True, True)
    assert other.left(mark, HOURLY, now=NOW) == pytest.approx(2)
    taken(one, mark, 1)
    one.settle(now=NOW)
    assert one.left(mark, HOURLY, now=NOW) == pytest.approx(1)
    assert not one.owes


def test_another_process_by_its_own_interpreter(redis):
    mark = token_bytes(32)
    script = f"""
from datetime import datetime, UTC
from kit import gauges
from kit.gauges import Gauges, Size
gauges.PATIENCE_S = {PATIENCE_S}
counts, now = Gauges(), datetime(2026, 11, 24, 2, tzinfo=UTC)
for _ in range(4):
    counts.take(bytes.fromhex({mark.hex()!r}), Size(5, 5 / 3600), now=now)
print(counts.settle(now=now))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True"
    here = Gauges()
    taken(here, mark, 1)
    here.settle(now=NOW)
    assert here.left(mark, HOURLY, now=NOW) == pytest.approx(0)


def test_while_redis_is_away_each_counts_for_itself_and_says_so(away):
    counts, mark = Gauges(), token_bytes(32)
    assert taken(counts, mark, 3) == 2
    assert (counts.settle(now=NOW), counts.shared, counts.owes) == (False, False, False)
    assert counts.left(mark, HOURLY, now=NOW) == 2


def test_a_redis_that_was_emptied_gives_nothing_back(redis):
    counts, mark = Gauges(), token_bytes(32)
    taken(counts, mark, 4)
    counts.settle(now=NOW)
    redis.ask("DEL", f"jz:gauge:{mark.hex()}")
    taken(counts, mark, 1)
    counts.settle(now=NOW)
    assert counts.left(mark, HOURLY, now=NOW) == 0


def test_what_is_counted_while_redis_is_asked_is_not_lost(redis):
    """Eight threads count, one settles all the time."""
    counts, mark, size = Gauges(), token_bytes(32), Size(burst=1000, per_second=0)
    with ThreadPoolExecutor(9) as pool:
        settling = pool.submit(lambda: [counts.settle(now=NOW) for _ in range(40)])
        list(pool.map(lambda _: counts.take(mark, size, now=NOW), range(400)))
        settling.result()
    counts.settle(now=NOW)
    fresh = Gauges()
    fresh.take(mark, size, now=NOW)
    fresh.settle(now=NOW)
    assert counts.left(mark, size, now=NOW) == pytest.approx(600)
    assert fresh.left(mark, size, now=NOW) == pytest.approx(599)


def test_each_mark_is_forgotten_after_a_day(redis):
    counts, mark = Gauges(), token_bytes(32)
    taken(counts, mark, 1)
    counts.settle(now=NOW)
    assert 0 < int(redis.ask("TTL", f"jz:gauge:{mark.hex()}")) <= gauges.KEPT_S


def test_memory_has_an_end(monkeypatch, redis):
    monkeypatch.setattr(gauges, "MOST_KEYS", 3)
    counts, marks = Gauges(), [token_bytes(32) for _ in range(5)]
    for mark in marks:
        taken(counts, mark, 1)
    assert [counts.left(mark, HOURLY, now=NOW) for mark in marks] == [5, 5, 4, 4, 4]
    assert counts.settle(now=NOW)


def test_another_policy_is_another_bucket_at_once():
    counts, mark = Gauges(), token_bytes(32)
    taken(counts, mark, 2)
    assert counts.left(mark, Size(burst=2, per_second=0), now=NOW) == 2
    assert counts.left(mark, Size(burst=9, per_second=0), now=NOW) == 2


Steps = st.lists(st.tuples(st.integers(-60, 900), st.booleans()), max_size=60)


@settings(deadline=None)
@given(Steps, st.integers(1, 20), st.integers(0, 120))
def test_no_bucket_overflows_runs_dry_below_nothing_or_grows_faster_than_its_time(steps, burst, per_hour):
    counts, mark, size = Gauges(), token_bytes(32), Size(burst, per_hour / 3600)
    now, latest, before = NOW, None, float(burst)
    for gap, takes in steps:
        now += timedelta(seconds=gap)
        since = now if latest is None else latest  # nothing is known, and no time runs, before the first is taken
        grown = before + max((now - since).total_seconds(), 0) * size.per_second
        left = counts.left(mark, size, now=now)
        assert 0 <= left <= min(burst, grown) + 1e-6
        if takes:
            counts.take(mark, size, now=now)
            left = max(left - 1, 0)
        if takes or latest is not None:
            latest = max(since, now)
        before = left


@settings(max_examples=30, deadline=None)
@given(Steps, st.integers(1, 20), st.integers(0, 120))
def test_redis_counts_as_the_memory_of_one_process_does(database_url, steps, burst, per_hour):
    one, mark, size, now = Gauges(), token_bytes(32), Size(burst, per_hour / 3600), NOW
    alone = Gauges()
    for gap, takes in steps:
        now += timedelta(seconds=abs(gap))
        if takes:
            for counts in (one, alone):
                counts.take(mark, size, now=now)
            assert one.settle(now=now)
            assert one.left(mark, size, now=now) == pytest.approx(alone.left(mark, size, now=now), abs=1e-3)
