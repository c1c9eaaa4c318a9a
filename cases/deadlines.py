"""When something is due, late or may be moved: pure rules over values (C5, D1-D10). No database, no clock.

Days are days of Asia/Shanghai; every instant that goes in or comes out is aware, and comes out in UTC.
The day of the event is day 0 and a day limit ends at 24:00 of its last day, which is the next local midnight (D1).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# New Year's holiday has reached back as far as 29 December, by the notice of the year that begins (F99).
YEAR_END = (12, 29)


class Unit(StrEnum):
    """Units of a limit. `clock_*` runs always; `work_h` in working hours only; `work_d` and `cal_d` are whole days."""

    CLOCK_MIN = "clock_min"
    CLOCK_H = "clock_h"
    WORK_H = "work_h"
    WORK_D = "work_d"
    CAL_D = "cal_d"


class Colour(StrEnum):
    """How near a deadline is (D8)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: the week, but for the exceptions that the yearly notices name (D2, F99).

    `exceptions` says for a day whether it is worked; `published` are the years whose notice is known.
    `hours` are the working hours of a working day, in order and apart, local time.
    """

    exceptions: Mapping[date, bool]
    published: frozenset[int]
    hours: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        edges = [edge for opens_closes in self.hours for edge in opens_closes]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("working hours come in order, and there are some")

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day as far as is known; a worked Sunday is one (X08)."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def is_certain(self, day: date) -> bool:
        """Whether every notice that can speak about `day` is published (X09)."""
        years = {day.year, day.year + 1} if (day.month, day.day) >= YEAR_END else {day.year}
        return years <= self.published


@dataclass(frozen=True)
class Due:
    """When a limit ends. Provisional when a year it needed has no published calendar yet (D2)."""

    due_at: datetime
    provisional: bool = False


class ExtendedAlready(Conflict):
    """A clock can be extended once (D7)."""

    code = "deadline.extended_already"
    message = "This deadline has been extended once already."


class ExtensionTooLate(Conflict):
    """The extension was not asked for in good time before the deadline (D7)."""

    code = "deadline.extension_too_late"
    message = "It is too late to ask for an extension of this deadline."


class ExtensionTooLong(Invalid):
    """The new deadline is no later than the old one, or adds more than its limit allows, mostly the old length (D7)."""

    code = "deadline.extension_too_long"
    pointer = "/new_due_at"
    message = "The new deadline is not later than the old one, or later than an extension may make it."


def add(start: datetime, amount: int, unit: Unit | str, calendar: Calendar, *, roll: bool = False) -> Due:
    """When a limit of `amount` `unit` that starts at `start` ends (D1, D2, F100).

    `roll` moves a `cal_d` limit that would end on a rest day to the end of the next working day; only replies and
    procedure may ask for it (D3, X12). Raises ValueError for a naive start, a negative amount or a day limit of none.
    """
    unit = Unit(unit)
    local = _local(start)
    if amount < 0 or (amount == 0 and unit in {Unit.WORK_D, Unit.CAL_D}):
        raise ValueError(f"a limit of {amount} {unit} has no end")
    if unit is Unit.CLOCK_MIN:
        return Due(start.astimezone(UTC) + timedelta(minutes=amount))
    if unit is Unit.CLOCK_H:
        return Due(start.astimezone(UTC) + timedelta(hours=amount))
    if unit is Unit.WORK_H:
        return _add_working_hours(local, timedelta(hours=amount), calendar)
    if unit is Unit.WORK_D:
        return _add_working_days(local.date(), amount, calendar)
    return _add_calendar_days(local.date(), amount, calendar, roll=roll)


def recompute(shown: Due, new: Due) -> Due:
    """The deadline after a calendar became known: as newly counted, but never earlier than it was shown (D2)."""
    return Due(max(shown.due_at, new.due_at), new.provisional)


def colour(now: datetime, started_at: datetime, due_at: datetime, *, yellow_share: float = 0.75) -> Colour:
    """Yellow once `yellow_share` of the time has gone (policy value of that name), red from the due instant on (D8)."""
    if now >= due_at:
        return Colour.RED
    return Colour.YELLOW if now >= yellow_from(started_at, due_at, yellow_share) else Colour.GREEN


def yellow_from(started_at: datetime, due_at: datetime, yellow_share: float = 0.75) -> datetime:
    """From when on a deadline is near (D8); never after the deadline itself, also when that is before the start."""
    return min(started_at + yellow_share * (due_at - started_at), due_at)


def colour_at(now: datetime, yellow_at: datetime | None, due_at: datetime) -> Colour:
    """The same colour where the instant of turning yellow is known, as on a task; unknown means not before red."""
    if now >= due_at:
        return Colour.RED
    return Colour.YELLOW if yellow_at is not None and now >= yellow_at else Colour.GREEN


def is_late(done_at: datetime, due_at: datetime) -> bool:
    """Whether what was done at `done_at` missed its deadline; 24:00 itself is still in time (C10)."""
    return done_at > due_at


def last_day(due_at: datetime) -> date:
    """The local day in which a deadline ends, to be shown: midnight is 24:00 of the day before (D1, X11)."""
    return (_local(due_at) - timedelta(microseconds=1)).date()


def extended(
    started_at: datetime,
    due_at: datetime,
    new_due_at: datetime,
    *,
    now: datetime,
    calendar: Calendar,
    notice_work_d: int,
    already: bool,
    latest: datetime | None = None,
) -> datetime:
    """The new deadline, if an extension asked for at `now` is allowed (D7); the old one is kept beside it (X15).

    `notice_work_d` is how many working days before the end it must be asked: 1 in general, 20 for a listed hazard.
    The new one adds at most the old length, or ends at `latest` at most, where a limit of its own says so (F32).
    Raises ExtendedAlready, ExtensionTooLate, ExtensionTooLong.
    """
    if already:
        raise ExtendedAlready
    asked_by = add(now, notice_work_d, Unit.WORK_D, calendar).due_at if notice_work_d else now
    if now >= due_at or asked_by > due_at:
        raise ExtensionTooLate
    latest = latest or due_at + (due_at - started_at)
    if not due_at < new_due_at <= latest:
        raise ExtensionTooLong(latest=latest.isoformat())
    return new_due_at.astimezone(UTC)


def rework_limit(started_at: datetime, original_due_at: datetime, *, now: datetime, share: float = 0.5) -> datetime:
    """The latest deadline of a rework ordered at `now`: a `share` (`rework_share`) of the original time (T14)."""
    return now.astimezone(UTC) + (original_due_at - started_at) * share


def start_of_day(instant: datetime) -> datetime:
    """00:00 of the local day of an instant. A limit of whole days ends at the same moment from anywhere in it (D1)."""
    return datetime.combine(local_day(instant), time(), LOCAL_ZONE).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """The day of an instant in Asia/Shanghai (X11)."""
    return _local(instant).date()


def end_of(day: date) -> datetime:
    """24:00 of a local day, which is where a day limit ends (D1)."""
    return datetime.combine(day + ONE_DAY, time(), LOCAL_ZONE).astimezone(UTC)


def continued(
    due_at: datetime, unit: Unit | str, calendar: Calendar, *, paused_at: datetime, resumed_at: datetime
) -> Due:
    """When a limit ends that stood still from `paused_at` to `resumed_at` (D6).

    What counts in hours has as much left as it had, to the second; in working hours if those are counted. A day limit
    ends at 24:00 of the day by which at least as much of counted days has gone as was left: never less, and less than a
    day more. An end that is not at 24:00 was set by an act, and moves by the length of the pause. What was late is as
    late as it was (D9).
    """
    unit, moved = Unit(unit), resumed_at.astimezone(UTC) + (due_at - paused_at)
    if paused_at >= due_at:
        return Due(moved)
    if unit is Unit.WORK_H:
        left = _working_hours(_local(paused_at), _local(due_at), calendar)
        return _add_working_hours(_local(resumed_at), left, calendar) if left else Due(moved)
    if unit in {Unit.WORK_D, Unit.CAL_D} and _local(due_at).time() == time():
        return _day_limit_continued(_local(paused_at), _local(due_at), _local(resumed_at), unit, calendar)
    return Due(moved)


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without its zone")
    return instant.astimezone(LOCAL_ZONE)


def _add_working_days(day: date, amount: int, calendar: Calendar) -> Due:
    certain = True
    while amount:
        day += ONE_DAY
        certain = certain and calendar.is_certain(day)
        amount -= calendar.is_working(day)
    return Due(end_of(day), not certain)


def _add_calendar_days(day: date, amount: int, calendar: Calendar, *, roll: bool) -> Due:
    day += amount * ONE_DAY
    certain = True
    while roll:
        certain = certain and calendar.is_certain(day)
        if calendar.is_working(day):
            break
        day += ONE_DAY
    return Due(end_of(day), not certain)


def _add_working_hours(start: datetime, left: timedelta, calendar: Calendar) -> Due:
    day, certain, end = start.date() - ONE_DAY, True, start
    while left:
        day += ONE_DAY
        certain = certain and calendar.is_certain(day)
        for opens, closes in _open_hours(day, calendar):
            begin = max(opens, start)
            spent = min(max(closes - begin, timedelta()), left)
            left -= spent
            end = begin + spent if spent else end
    return Due(end.astimezone(UTC), not certain)


def _open_hours(day: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    if calendar.is_working(day):
        for opens, closes in calendar.hours:
            yield datetime.combine(day, opens, LOCAL_ZONE), datetime.combine(day, closes, LOCAL_ZONE)


def _working_hours(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    days = (start.date() + number * ONE_DAY for number in range((end.date() - start.date()).days + 1))
    opened = (hours for day in days for hours in _open_hours(day, calendar))
    return sum((max(min(closes, end) - max(opens, start), timedelta()) for opens, closes in opened), timedelta())


def _day_limit_continued(paused: datetime, due: datetime, resumed: datetime, unit: Unit, calendar: Calendar) -> Due:
    def counted(start: datetime, end: datetime) -> timedelta:
        counts = unit is Unit.CAL_D or calendar.is_working(start.date())
        return end - start if counts else timedelta()

    left, at = timedelta(), paused
    while at < due:
        left += counted(at, _next_midnight(at))
        at = _next_midnight(at)
    gone, end, certain = counted(resumed, _next_midnight(resumed)), _next_midnight(resumed), True
    while gone < left:
        gone, end = gone + counted(end, end + ONE_DAY), end + ONE_DAY
        certain = certain and (unit is Unit.CAL_D or calendar.is_certain((end - ONE_DAY).date()))
    return Due(end.astimezone(UTC), not certain)


def _next_midnight(local: datetime) -> datetime:
    return datetime.combine(local.date() + ONE_DAY, time(), LOCAL_ZONE)
