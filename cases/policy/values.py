"""Thresholds, reasons and the working calendar as they stood at an instant."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cases.deadlines import Calendar, Unit
from cases.models.policy import CalendarDay, CalendarYear, PolicyValue, ReasonCode
from cases.policy.limits import Limit
from cases.policy.once import once
from kit.errors import Invalid


class UnknownReason(Invalid):
    """The act must cite a reason of its list, and this is none."""

    code = "reason.unknown"
    message = "This is no reason for this act."
    pointer = "/reason"


def value(session: Session, key: str, at: datetime) -> Any:
    """The value of `key` in force at `at`, as JSON. Raises LookupError: a missing value is an installation at fault."""
    for effective_at, found in once(session, _versions, key):
        if effective_at <= at:
            return found
    raise LookupError(f"no policy value {key!r} is in force at {at}")


def _versions(session: Session, key: str) -> list[tuple[datetime, Any]]:
    """Since when each version of a value is in force, the newest version first."""
    rows = select(PolicyValue.effective_at, PolicyValue.value).where(PolicyValue.key == key)
    return [(at, found) for at, found in session.execute(rows.order_by(PolicyValue.version.desc()))]


def values(session: Session, at: datetime) -> dict[str, Any]:
    """Every value in force at `at`, in one question."""
    newest = (
        select(PolicyValue.key, PolicyValue.value)
        .where(PolicyValue.effective_at <= at)
        .ext(distinct_on(PolicyValue.key))
        .order_by(PolicyValue.key, PolicyValue.version.desc())
    )
    return {key: found for key, found in session.execute(newest)}  # noqa: C416 - `dict()` would lose the types


def reasons(session: Session, kind: str, at: datetime) -> list[ReasonCode]:
    """The reasons that an act of `kind` may cite at `at`, in the order of the list (C3, C4)."""
    newest = (
        select(ReasonCode)
        .where(ReasonCode.kind == kind, ReasonCode.effective_at <= at)
        .ext(distinct_on(ReasonCode.code))
        .order_by(ReasonCode.code, ReasonCode.version.desc())
    )
    return sorted((row for row in session.scalars(newest) if row.active), key=lambda row: row.position)


def reason(session: Session, kind: str, code: str, at: datetime, *, field: str = "reason") -> ReasonCode:
    """The one reason that an act cites in a field of its body. Raises UnknownReason, which names the field."""
    for found in reasons(session, kind, at):
        if found.code == code:
            return found
    raise UnknownReason(pointer=f"/{field}")


def calendar(session: Session, at: datetime) -> Calendar:
    """The working calendar, with the working hours in force at `at` (D2, F77, F99)."""
    days, years = once(session, _days)
    hours = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in value(session, "working_hours", at))
    return Calendar(days, years, hours)


def _days(session: Session) -> tuple[dict[date, bool], frozenset[int]]:
    """Which days of the calendar are worked against their weekday, or not, and which years it was published for."""
    days = session.execute(select(CalendarDay.day, CalendarDay.kind))
    years = session.scalars(select(CalendarYear.year).where(CalendarYear.published))
    return {day: kind == "work" for day, kind in days}, frozenset(years)


def limit_of_value(session: Session, key: str, at: datetime, *, urgency: str | None = None) -> Limit:
    """The limit that a value gives as an amount and a unit, for each urgency or for all (C5)."""
    given = value(session, key, at)
    given = given if urgency is None else given[urgency]
    return Limit(key, given["amount"], Unit(given["unit"]))
