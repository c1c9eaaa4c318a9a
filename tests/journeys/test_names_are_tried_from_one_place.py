"""T18, security.md 3.7: one password tried on many names is slowed by the place it comes from, Redis or not."""

from uuid import uuid4

import pytest
import world

from kit import buckets
from kit.buckets import Bucket
from kit.redis_line import RedisLine
from people import sign_in as signing


@pytest.fixture(params=["redis", "without redis"])
def few(request, monkeypatch, built):
    """Three tries may fail."""
    monkeypatch.setattr(signing, "FAILURES", Bucket(f"test-{uuid4()}", burst=3, per_hour=60))
    if request.param == "without redis":
        monkeypatch.setattr(buckets, "_line", lambda: RedisLine("redis+socket:///nowhere/r.sock", timeout_s=0.1))


def try_in(client, name, password=world.PASSWORD):
    return client.post("/o/v1/sessions", json={"username": name, "password": password})


def test_many_names_from_one_place_are_slowed_and_what_succeeds_is_not_counted(client, few):
    for _ in range(5):  # a whole office signs in from one address
        assert try_in(client, "walk-clerk").status_code == 201
    for name in ("a", "b", "c"):
        assert try_in(client, f"nobody-{name}").json()["code"] == "sign_in.failed"

    slowed = try_in(client, "nobody-d")

    assert (slowed.status_code, slowed.json()["code"]) == (429, "sign_in.throttled")
    assert 0 < int(slowed.headers["retry-after"]) <= 61
    assert try_in(client, "walk-clerk").status_code == 429  # it cannot tell a right guess from a wrong one either
