"""Buckets that all processes share (security.md 3.7): by address and network, by marks alone, and never without end."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import buckets
from kit.buckets import Bucket, wait_s
from kit.redis_line import RedisLine
from kit.throttle import Throttle

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HERE, BESIDE, ELSEWHERE = "203.0.113.7", "203.0.113.8", "198.51.100.1"


@pytest.fixture
def redis(database_url):
    line = RedisLine(os.environ["REDIS_URL"], timeout_s=2)
    yield line
    line.close()


@pytest.fixture
def away(database_url, monkeypatch):
    monkeypatch.setattr(buckets, "_line", lambda: RedisLine("redis+socket:///nowhere/redis.sock", timeout_s=0.1))


def bucket(burst=3, per_hour=60):
    return Bucket(f"test-{uuid4()}", burst, per_hour)


def spent(of, host, times, *, now=NOW, **more):
    return [wait_s(of, host, now=now, **more) for _ in range(times)]


@pytest.mark.parametrize("where", ["redis", "away"])
def test_a_burst_is_free_and_then_one_waits_as_long_as_a_token_takes(where, request):
    request.getfixturevalue(where)
    of = bucket()
    assert spent(of, HERE, 3) == [0, 0, 0]
    wait = wait_s(of, HERE, now=NOW)
    assert 60 <= wait <= 61
    assert wait_s(of, HERE, now=NOW + timedelta(seconds=wait)) == 0
    assert wait_s(of, BESIDE, now=NOW) == 0


@pytest.mark.parametrize("where", ["redis", "away"])
def test_a_network_has_ten_times_as_much_as_an_address(where, request):
    """One address may be a village, so a neighbour is not slowed by one; but by a whole network of hosts it is."""
    request.getfixturevalue(where)
    of = bucket(burst=1)
    assert [wait_s(of, f"203.0.113.{host}", now=NOW) > 0 for host in range(1, 12)] == [False] * 10 + [True]
    assert wait_s(of, ELSEWHERE, now=NOW) == 0


@pytest.mark.parametrize("where", ["redis", "away"])
def test_looking_takes_nothing(where, request):
    request.getfixturevalue(where)
    of = bucket(burst=1)
    assert spent(of, HERE, 5, take=False) == [0] * 5
    assert wait_s(of, HERE, now=NOW) == 0
    assert wait_s(of, HERE, now=NOW, take=False) > 0


@pytest.mark.parametrize(("one", "same"), [
    ("::ffff:203.0.113.7", "203.0.113.7"), ("2001:db8::1", "2001:db8::ffff:1"), ("testclient", "testclient"), ("", ""),
])  # fmt: skip
def test_the_same_place_is_known_however_it_is_written(redis, one, same):
    """A phone has a whole /64 of its own."""
    of = bucket(burst=1)
    assert (wait_s(of, one, now=NOW), wait_s(of, same, now=NOW) > 0) == (0, True)


def test_what_two_processes_take_comes_out_of_one_bucket(redis):
    of = bucket(burst=5)
    script = f"""
from datetime import datetime, UTC
from kit.buckets import Bucket, wait_s
of, now = Bucket({of.name!r}, 5, 60), datetime(2026, 11, 24, 2, tzinfo=UTC)
print(sum(not wait_s(of, {HERE!r}, now=now) for _ in range(4)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) == 4
    assert [wait > 0 for wait in spent(of, HERE, 2)] == [False, True]


def test_no_more_is_given_than_there_is_however_many_ask_at_once(redis):
    of = bucket(burst=20)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: wait_s(of, HERE, now=NOW), range(100)))
    assert waits.count(0) == 20


def test_no_address_is_written_down_and_each_mark_is_forgotten_and_is_of_its_day(redis):
    """security.md 3.1.5: marks under a key of the day, in Redis alone, for a day."""
    of, before = bucket(), set(keys(redis))
    wait_s(of, HERE, now=NOW)
    made = set(keys(redis)) - before
    assert len(made) == 2
    assert all(HERE not in key and "203.0.113" not in key and of.name not in key for key in made)
    assert all(0 < int(redis.ask("TTL", key)) <= buckets.KEPT_S for key in made)
    wait_s(of, HERE, now=NOW + timedelta(days=1))
    assert len(set(keys(redis)) - before) == 4


def keys(redis):
    """Through the script engine, for the line reads no lists."""
    told = redis.ask("EVAL", "return table.concat(redis.call('KEYS', 'jz:bucket:*'), ' ')", 0)
    return told.decode().split()


def test_a_redis_that_hangs_costs_a_moment_and_then_nothing(database_url, tmp_path, monkeypatch):
    path = tmp_path / "r.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        line = RedisLine(f"redis+socket://{path}", timeout_s=0.2)
        monkeypatch.setattr(buckets, "_line", lambda: line)
        of = bucket(burst=1)
        assert [wait > 0 for wait in spent(of, HERE, 2)] == [False, True]
        with pytest.raises(OSError, match="a moment ago"):
            line.ask("PING")
        line.close()


def test_a_line_that_broke_is_made_anew(redis):
    assert redis.ask("PING") == b"PONG"
    redis._wire.shutdown(socket.SHUT_RDWR)
    assert redis.ask("ECHO", b"\xff\r\n") == b"\xff\r\n"
    assert redis.ask("GET", f"nothing-{uuid4()}") is None
    redis.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 90), max_size=40), st.integers(1, 5), st.integers(1, 3600))
def test_redis_counts_as_the_memory_of_one_process_does(database_url, gaps, burst, per_hour):
    of, memory, now = Bucket(f"test-{uuid4()}", burst, per_hour), Throttle(burst=burst, per_hour=per_hour), NOW
    for gap in gaps:
        now += timedelta(seconds=gap)
        told, expected = wait_s(of, "one place", now=now), memory.wait_s(b"one place", now=now)
        assert abs(told - expected) <= 1
        assert (told > 0) == (expected > 0)
