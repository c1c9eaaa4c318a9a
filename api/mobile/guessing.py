"""Guessing codes is slowed by the address it comes from, of which only a keyed mark is held."""

from datetime import datetime

from fastapi import Request

from kit.errors import TooMany
from kit.secrets import mark
from kit.throttle import Throttle

_guesses = Throttle(burst=120, per_hour=600)


class TrackingThrottled(TooMany):
    """Too many look-ups from one place."""

    code = "tracking.throttled"
    message = "Too many look-ups from here. Wait a little."


def slow_down(request: Request, now: datetime) -> None:
    """Raises TrackingThrottled."""
    host = request.client.host if request.client else ""
    wait = _guesses.wait_s(mark("throttle", host.encode()), now=now)
    if wait:
        raise TrackingThrottled(retry_after_s=wait)
