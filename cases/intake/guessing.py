"""Guessing what only a reporter knows is slowed by the place that it comes from, on phones and pages alike."""

from datetime import datetime

from kit import buckets
from kit.buckets import Bucket
from kit.errors import TooMany

GUESSES = Bucket("tracking", burst=120, per_hour=600)


class TrackingThrottled(TooMany):
    """Too many look-ups from one place."""

    code = "tracking.throttled"
    message = "Too many look-ups from here. Wait a little."

    @property
    def wait_s(self) -> int:
        """Seconds until there may be another."""
        return int(self.extra["retry_after_s"])


def slow_guessing(host: str, *, now: datetime) -> None:
    """Count one use of a code or secret from an address. Raises TrackingThrottled."""
    if wait := buckets.wait_s(GUESSES, host, now=now):
        raise TrackingThrottled(retry_after_s=wait)
