"""Entering a year's notice of holidays: its rest days and worked weekends (D2, F99)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases.models.policy import CalendarDay, CalendarYear
from kit.errors import Invalid

REST, WORK = "rest", "work"
SATURDAY = 5
DECEMBER = 12


class NotOfThisNotice(Invalid):
    """A notice speaks about its own year, and at most about the December before (F99)."""

    code = "calendar.day_of_another_year"
    message = "This day is not of the year of the notice."


class SaysNothing(Invalid):
    """A worked day of the working week, or a rest day that is unknown: the row is in error."""

    code = "calendar.day_says_nothing"
    message = "A worked day is a weekend day; check the notice."


def enter_year(session: Session, year: int, days: Mapping[date, tuple[str, str]], *, source: str) -> None:
    """Publish a year: `days` says for each day `rest` or `work`, and its name. A year entered again is corrected.

    Deadlines that waited for it are counted again by a sweep. Raises NotOfThisNotice, SaysNothing.
    """
    if not days:
        raise SaysNothing("A notice without a day is none.")
    for day, (kind, _) in days.items():
        if day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
            raise NotOfThisNotice(f"{day} is not of {year}.")
        if kind not in {REST, WORK} or (kind == WORK and day.weekday() < SATURDAY):
            raise SaysNothing(f"{day} {kind}: a worked day is a weekend day.")
    rows = [{"day": day, "kind": kind, "name": name, "source": source} for day, (kind, name) in days.items()]
    add = insert(CalendarDay)
    told = {name: add.excluded[name] for name in ("kind", "name", "source")}
    session.execute(add.on_conflict_do_update(index_elements=["day"], set_=told), rows)
    row = {"year": year, "published": True, "source": source}
    session.execute(insert(CalendarYear).values(row).on_conflict_do_update(index_elements=["year"], set_=row))
