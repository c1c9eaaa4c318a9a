"""Entering a year's notice of holidays: its rest days and worked weekends (D2, F99)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases.deadlines import Calendar
from cases.models.policy import CalendarDay, CalendarYear
from kit.errors import Invalid

REST, WORK = "rest", "work"
SATURDAY = 5
DECEMBER = 12


class NotOfThisNotice(Invalid):
    """A notice speaks about its own year, and at most about the December before (F99)."""

    code = "calendar.day_of_another_year"
    message = "This day is not of the year of the notice."
    pointer = "/rows"


class SaysNothing(Invalid):
    """A worked day of the working week, or a rest day that is unknown: the row is in error."""

    code = "calendar.day_says_nothing"
    message = "A worked day is a weekend day; check the notice."
    pointer = "/rows"


def enter_year(session: Session, year: int, days: Mapping[date, tuple[str, str]], *, source: str) -> None:
    """Publish a year: `days` says for each day `rest` or `work`, and its name. A year entered again is replaced.

    A December day that the next year's notice has spoken about stays as that says (F99). Deadlines that waited for the
    year are counted again by a sweep. Raises NotOfThisNotice, SaysNothing.
    """
    if not days:
        raise SaysNothing("A notice without a day is none.")
    for day, (kind, _) in days.items():
        if day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
            raise NotOfThisNotice(f"{day} is not of {year}.")
        if kind not in {REST, WORK} or (kind == WORK and day.weekday() < SATURDAY):
            raise SaysNothing(f"{day} {kind}: a worked day is a weekend day.")
    sources = {row.year: row.source for row in session.scalars(select(CalendarYear).with_for_update())}
    _take_back(session, sources.get(year), set(days))
    rows = [{"day": day, "kind": kind, "name": name, "source": source} for day, (kind, name) in days.items()]
    add = insert(CalendarDay)
    told = {name: add.excluded[name] for name in ("kind", "name", "source")}
    of_others = CalendarDay.source.is_distinct_from(sources.get(year + 1))
    session.execute(add.on_conflict_do_update(index_elements=["day"], set_=told, where=of_others), rows)
    row = {"year": year, "published": True, "source": source}
    session.execute(insert(CalendarYear).values(row).on_conflict_do_update(index_elements=["year"], set_=row))


def _take_back(session: Session, source: str | None, kept: set[date]) -> None:
    """What an earlier notice said and the new one does not: these days are again what the week makes of them."""
    for day in session.scalars(select(CalendarDay).where(CalendarDay.source == source, CalendarDay.day.not_in(kept))):
        day.kind, day.name = (WORK if day.day.weekday() < SATURDAY else REST), ""
    session.flush()


def with_year(calendar: Calendar, year: int, days: Mapping[date, tuple[str, str]]) -> Calendar:
    """The calendar as it would be with that year's notice."""
    told = {day: kind == WORK for day, (kind, _) in days.items()}
    return Calendar({**calendar.exceptions, **told}, calendar.published | {year}, calendar.hours)
