"""The words of a GeoReport query. An empty one is as good as none; one that cannot be read is refused by its name."""

import re
from datetime import datetime, time, timedelta
from math import isfinite

from starlette.datastructures import QueryParams

from kit.clock import LOCAL_ZONE
from kit.errors import Invalid

LONGEST = timedelta(days=90)
MOST = 1000  # in one answer, as the standard says
MOST_PAGES = 10_000
YEARS = range(2000, 2100)
_W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")


class BadTime(Invalid):
    """No w3 date and time, or one without its zone."""

    code = "georeport.time"
    message = "A time is w3 with its zone, such as 2026-11-28T00:00:00Z."


class BadSpan(Invalid):
    """A span of more than 90 days, or one that ends before it begins."""

    code = "georeport.span"
    message = "start_date and end_date are at most 90 days apart, the earlier first."
    pointer = "?end_date"


class BadNumber(Invalid):
    """No number, or one beyond what is taken here; `least` and `most` say what is."""

    code = "georeport.number"
    message = "This is no number, or it is out of range."


class BadStatus(Invalid):
    """The standard knows two."""

    code = "georeport.status"
    message = "status is open, closed, or both."
    pointer = "?status"


class Words:
    """What a query says."""

    def __init__(self, given: QueryParams) -> None:
        self._given = {name: said.strip() for name, said in given.items() if said.strip()}

    def one(self, name: str) -> str | None:
        """A word as it is."""
        return self._given.get(name)

    def several(self, name: str) -> tuple[str, ...]:
        """A list with commas between; each once."""
        return tuple(dict.fromkeys(part.strip() for part in self._given.get(name, "").split(",") if part.strip()))

    def truth(self, name: str) -> bool:
        """Whether it says true."""
        return self._given.get(name, "").lower() in {"true", "1"}

    def time(self, name: str) -> datetime | None:
        """An instant. Raises BadTime."""
        said = self._given.get(name)
        return None if said is None else instant(said, pointer=f"?{name}")

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """A number within bounds. Raises BadNumber."""
        said = self._given.get(name)
        if said is None:
            return None
        try:
            number = float(said)
        except ValueError as wrong:
            raise BadNumber(pointer=f"?{name}", least=least, most=most) from wrong
        if not (isfinite(number) and least <= number <= most):
            raise BadNumber(pointer=f"?{name}", least=least, most=most)
        return number

    def page(self) -> tuple[int, int]:
        """How many rows to leave out, and how many to give. Pages count from 1. Raises BadNumber."""
        number = int(self.number("page", least=1, most=MOST_PAGES) or 1)
        size = int(self.number("page_size", least=1, most=MOST) or MOST)
        return (number - 1) * size, size

    def span(self, *, now: datetime) -> tuple[datetime, datetime]:
        """From `start_date` to `end_date`, both included; the last 90 days where neither is given.

        With one of them the span is 90 days from there. Raises BadTime, BadSpan.
        """
        first, last = self.time("start_date"), self.time("end_date")
        if first is None and last is None:
            return datetime.combine((now - LONGEST).astimezone(LOCAL_ZONE).date(), time.min, LOCAL_ZONE), now
        if first is None or last is None:
            return (first, first + LONGEST) if first else ((last or now) - LONGEST, last or now)
        if not first <= last <= first + LONGEST:
            raise BadSpan
        return first, last

    def rectified(self) -> bool | None:
        """Whether `status` asks for closed ones or for open ones; None for both. Raises BadStatus."""
        asked = {word.lower() for word in self.several("status")}
        if asked - {"open", "closed"}:
            raise BadStatus
        return "closed" in asked if len(asked) == 1 else None


def instant(said: str, *, pointer: str) -> datetime:
    """An instant in w3 form with its zone; a + that came as a space in a query is read as one. Raises BadTime."""
    said = said.replace(" ", "+")
    try:
        found = datetime.fromisoformat(said) if _W3.fullmatch(said) else None
    except ValueError as wrong:
        raise BadTime(pointer=pointer) from wrong
    if found is None or found.year not in YEARS:
        raise BadTime(pointer=pointer)
    return found
