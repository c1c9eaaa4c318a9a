"""Entering a year's notice of holidays: checked, previewed, published, and all that waited for it counted again (D2).

The safety office enters it from the notice of the State Council; an operator may with a command. Nothing of what was
pinned under a known calendar moves (D4, X13): only dates that were provisional are counted again, and never earlier.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cases import deadlines, policy, provisional, trail
from cases.deadlines import Due
from cases.journey import Step
from cases.models.calendars import CalendarEntry
from cases.models.policy import CalendarYear
from cases.policy import calendar_years, holiday_notices
from cases.policy.holiday_notices import HolidayNotice
from cases.supervision import calendars
from kit.errors import Invalid, NotAllowed
from people.actors import Actor
from people.roles import Role

MOST_SHOWN = 100


class UnsoundNotice(Invalid):
    """The rows cannot be a notice, or its sums are not the usual ones and nothing says why; `faults` names each."""

    code = "calendar.unsound"
    message = "These rows cannot be the notice of the year; see the faults."
    pointer = "/rows"


@dataclass
class Preview:
    """What publishing would change: how many dates become certain and later, how many go on waiting."""

    certain: int = 0
    later: int = 0
    waiting: int = 0
    items: list[dict[str, Any]] = field(default_factory=list)

    def add(self, was: datetime, new: Due, **told: Any) -> None:
        """Count one date; those that move are shown, the first hundred of them."""
        if new.provisional:
            self.waiting += 1
            return
        self.certain += 1
        until = deadlines.recompute(Due(was), new).due_at
        if until != was:
            self.later += 1
            self.items += [{**told, "was": was, "until": until}] if len(self.items) < MOST_SHOWN else []


def preview(session: Session, notice: HolidayNotice, *, by: Actor, now: datetime) -> Preview:
    """What would change, without changing it. Raises NotAllowed, UnsoundNotice."""
    _check(session, notice, by=by, now=now)
    calendar = calendar_years.with_year(policy.calendar(session, now), notice.year, _days(notice))
    told = Preview()
    for clock, number in calendars.waiting(session):
        told.add(clock.due_at, calendars.counted(session, clock, calendar), case=number, clock=clock.kind)
    for row, reference in provisional.noted(session):
        told.add(row.due_at, provisional.counted(session, row, calendar), report=reference, clock=row.clock)
    return told


def publish(session: Session, notice: HolidayNotice, *, by: Actor, now: datetime) -> CalendarEntry:
    """Publish a year, or replace what was entered of it, and have what waited counted again at once.

    One entry at a time. Raises NotAllowed, UnsoundNotice.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("handling.calendar"))))
    _check(session, notice, by=by, now=now)
    calendar_years.enter_year(session, notice.year, _days(notice), source=notice.source)
    rows = [{"day": row.day.isoformat(), "kind": row.kind, "name": row.name} for row in notice.rows]
    entry = CalendarEntry(
        year=notice.year, source=notice.source, document=notice.document, days=rows, irregular=notice.irregular,
        entered_by=by.account_id, entered_at=now,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    trail.enqueue(session, Step.FIND_RECOUNTABLE, None, now=now)
    return entry


def years(session: Session) -> list[tuple[CalendarYear, CalendarEntry | None]]:
    """Every year with what was last entered of it; None for one that the software came with."""
    newest = (
        select(CalendarEntry).ext(distinct_on(CalendarEntry.year)).order_by(CalendarEntry.year, CalendarEntry.id.desc())
    )
    entries = {entry.year: entry for entry in session.scalars(newest)}
    found = session.scalars(select(CalendarYear).order_by(CalendarYear.year))
    return [(year, entries.get(year.year)) for year in found]


def _check(session: Session, notice: HolidayNotice, *, by: Actor, now: datetime) -> None:
    if by.kind != "system" and not (by.org_kind == "district" and by.has(Role.SAFETY_OFFICE)):
        raise NotAllowed("Calendars are entered by the safety office.")
    found = holiday_notices.faults(notice, policy.value(session, "statutory_holidays", now))
    if found:
        raise UnsoundNotice(
            faults=[
                {"code": each.code, "zh": each.zh, "en": each.en, "day": each.day.isoformat() if each.day else None,
                 "may_be_explained": each.usual}
                for each in found
            ]
        )  # fmt: skip


def _days(notice: HolidayNotice) -> dict[date, tuple[str, str]]:
    return {row.day: (row.kind, row.name) for row in notice.rows}
