"""A deadline as officers read it: what is due, how long there is or how late it is, and how pressing that is."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cases.deadlines import Colour, colour_at
from web.desk.words import DUE

NEAR: Final = timedelta(hours=8)
HOURS: Final = timedelta(hours=48)  # up to here hours are told, beyond it days
HELD: Final = "hold"


class Due(NamedTuple):
    """`tone` is late, near, calm or held."""

    at: datetime
    what: str
    text: str
    tone: str


def due(at: datetime, what: str, yellow_at: datetime | None, *, now: datetime) -> Due:
    """A deadline at `now`. Where the clocks of a case stand still, the day of its review is due instead (D6)."""
    if what == HELD and now < at:
        return Due(at, DUE[what], f"暂停计时，{span(at - now)}后复查", "held")
    return running(at, what, colour_at(now, yellow_at, at), now=now)


def running(at: datetime, what: str, colour: str, *, now: datetime) -> Due:
    """A deadline whose clock runs, with the colour that the ladder gives it (D8)."""
    name = DUE.get(what, what)
    if now >= at:
        return Due(at, name, f"超期{span(now - at)}", "late")
    near = at - now < NEAR or colour == Colour.YELLOW
    return Due(at, name, f"剩{span(at - now)}", "near" if near else "calm")


def span(length: timedelta) -> str:
    """A length in words, rounded down so that nobody counts on time that is not there: 40分钟, 29小时, 5天."""
    if length < timedelta(hours=1):
        return f"{length // timedelta(minutes=1)}分钟"
    if length < HOURS:
        return f"{length // timedelta(hours=1)}小时"
    return f"{length // timedelta(days=1)}天"
