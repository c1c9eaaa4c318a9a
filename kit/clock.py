"""The only reading of the clock. Everything else takes `now` as an argument."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here, and only here


def sleep(seconds: float) -> None:
    """Let time pass."""
    time.sleep(seconds)
