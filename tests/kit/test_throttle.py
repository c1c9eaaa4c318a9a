"""A token bucket for each key: so many at once, so many an hour, and no key slows another."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit import throttle
from kit.throttle import Throttle

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def test_a_burst_is_free_and_then_one_waits_as_long_as_a_token_takes():
    slow = Throttle(burst=3, per_hour=60)
    assert [slow.wait_s(b"a", now=NOW) for _ in range(3)] == [0, 0, 0]
    wait = slow.wait_s(b"a", now=NOW)
    assert 60 <= wait <= 61
    assert slow.wait_s(b"a", now=NOW + timedelta(seconds=wait)) == 0


def test_one_key_slows_no_other():
    slow = Throttle(burst=1, per_hour=1)
    slow.wait_s(b"a", now=NOW)
    assert slow.wait_s(b"a", now=NOW) > 0
    assert slow.wait_s(b"b", now=NOW) == 0


def test_a_long_rest_gives_back_the_burst_and_no_more():
    slow = Throttle(burst=2, per_hour=3600)
    for _ in range(2):
        slow.wait_s(b"a", now=NOW)
    later = NOW + timedelta(days=1)
    assert [slow.wait_s(b"a", now=later) > 0 for _ in range(3)] == [False, False, True]


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing():
    slow = Throttle(burst=1, per_hour=3600)
    slow.wait_s(b"a", now=NOW)
    assert slow.wait_s(b"a", now=NOW - timedelta(hours=1)) > 0


def test_it_remembers_only_so_many_keys_and_forgets_the_one_asked_for_longest_ago(monkeypatch):
    monkeypatch.setattr(throttle, "MOST_KEYS", 2)
    slow = Throttle(burst=1, per_hour=1)
    for key in (b"a", b"b", b"a", b"c"):
        slow.wait_s(key, now=NOW)
    assert slow.wait_s(b"a", now=NOW) > 0
    assert slow.wait_s(b"b", now=NOW) == 0


@given(st.integers(1, 20), st.integers(1, 3600), st.lists(st.floats(0, 600), max_size=60))
def test_in_any_time_no_more_pass_than_the_burst_and_what_has_grown(burst, per_hour, pauses):
    slow, now, passed = Throttle(burst=burst, per_hour=per_hour), NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        passed += slow.wait_s(b"a", now=now) == 0
    assert passed <= burst + (now - NOW).total_seconds() * per_hour / 3600 + 1e-6
