"""How long a clock runs: the profile's rule, replaced by the category's own limit where it has one (C5).

What a key period or a campaign allows comes on top, and only ever shortens (D10).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines
from cases.deadlines import Calendar, Due, Unit
from cases.models.policy import CategoryVersion, DeadlineProfile, DeadlineRule
from cases.policy.once import once

DISTRICT = "district"
PRESSING = ("immediate", "urgent", "normal")
HOURS_OF = {Unit.CLOCK_MIN: 1 / 60, Unit.CLOCK_H: 1, Unit.WORK_H: 3, Unit.WORK_D: 24, Unit.CAL_D: 24}  # to compare only


@dataclass(frozen=True)
class Shorter:
    """What a version of an overlay allows a clock at most."""

    code: str
    version: int
    amount: int
    unit: Unit


@dataclass(frozen=True)
class Limit:
    """The length of one clock. `at_once`: to be done on the spot, the length is only the outer limit.

    `shorter` are the overlays that may end it earlier.
    """

    clock: str
    amount: int
    unit: Unit
    roll: bool = False
    at_once: bool = False
    basis: str = ""
    note_zh: str = ""
    note_en: str = ""
    shorter: tuple[Shorter, ...] = ()


@dataclass(frozen=True)
class Ending:
    """When a limit ends, the length that was counted for it, and the overlay by which, if by one."""

    due: Due
    amount: int
    unit: Unit
    by: Shorter | None = None


class NoLimit(LookupError):
    """The profile has no limit for this clock at this urgency, and the caller needs one."""


def profile_in_force(session: Session, at: datetime, code: str = DISTRICT) -> DeadlineProfile:
    """The profile that a dispatch at `at` pins (D4), with its rules. Raises LookupError when none is in force."""
    for found in once(session, _versions, code):
        if found.effective_at <= at:
            return found
    raise LookupError(f"no deadline profile {code!r} is in force at {at}")


def _versions(session: Session, code: str) -> list[DeadlineProfile]:
    rows = select(DeadlineProfile).where(DeadlineProfile.code == code).order_by(DeadlineProfile.version.desc())
    return list(session.scalars(rows))


def profile(session: Session, profile_id: int) -> DeadlineProfile:
    """The profile that a case has pinned, with its rules (D4, X13)."""
    return once(session, _profile, profile_id)


def _profile(session: Session, profile_id: int) -> DeadlineProfile:
    return session.get_one(DeadlineProfile, profile_id)


def rule(profile: DeadlineProfile, clock: str, urgency: str, category: CategoryVersion | None = None) -> Limit | None:
    """The limit of `clock` at `urgency`, or None where no time runs ("–" in C5).

    A category's own limit replaces the profile's; but where a case is more urgent than its category, the shorter of
    the two limits to verify holds, so that urgency never gives time.
    """
    general = _of_profile(profile, clock, urgency)
    if category is None:
        return general
    own = _of_category(category, clock, general)
    if clock == "verify" and general and own and PRESSING.index(urgency) < PRESSING.index(category.urgency):
        return min(own, general, key=_nominal_hours)
    return own


def limit(profile: DeadlineProfile, clock: str, urgency: str, category: CategoryVersion | None = None) -> Limit:
    """`rule` for a clock that must run. Raises NoLimit."""
    found = rule(profile, clock, urgency, category)
    if found is None:
        raise NoLimit(f"profile {profile.code} v{profile.version} has no limit for {clock} at {urgency}")
    return found


def ends(limit: Limit, start: datetime, calendar: Calendar) -> Ending:
    """When a limit ends that starts then: by its own length, or by that of the overlay that ends first (D10).

    Ends are compared and not lengths, for hours of work may be longer than days: so no overlay ever lengthens.
    """
    own = deadlines.add(start, limit.amount, limit.unit, calendar, roll=limit.roll)
    found = Ending(own, limit.amount, limit.unit)
    for each in limit.shorter:
        due = deadlines.add(start, each.amount, each.unit, calendar)
        if due.due_at < found.due.due_at:
            found = Ending(due, each.amount, each.unit, each)
    return found


def _of_profile(profile: DeadlineProfile, clock: str, urgency: str) -> Limit | None:
    rows = {row.urgency: row for row in profile.rules if row.clock == clock}
    row = rows.get(urgency) or rows.get("any")
    return None if row is None else _from_row(row)


def _from_row(row: DeadlineRule) -> Limit:
    return Limit(
        row.clock, row.amount, Unit(row.unit), row.roll, row.at_once, row.outer_basis, row.note_zh, row.note_en
    )


def _of_category(category: CategoryVersion, clock: str, general: Limit | None) -> Limit | None:
    if clock == "verify":
        return _replaced(general, category, clock, "verify")
    if clock == "rectify":
        fixed = _replaced(general, category, clock, "fix")
        return replace(fixed, at_once=True) if fixed and category.fix_at_once else fixed
    own = category.more_limits.get(clock)
    if own is None:
        return general
    return Limit(clock, own["amount"], Unit(own["unit"]), basis=category.basis, note_zh=own["zh"], note_en=own["en"])


def _replaced(general: Limit | None, category: CategoryVersion, clock: str, column: str) -> Limit | None:
    amount, unit = getattr(category, f"{column}_amount"), getattr(category, f"{column}_unit")
    note_zh, note_en = getattr(category, f"{column}_note_zh"), getattr(category, f"{column}_note_en")
    if amount is not None:
        return Limit(clock, amount, Unit(unit), basis=category.basis, note_zh=note_zh, note_en=note_en)
    return replace(general, note_zh=note_zh, note_en=note_en) if general and note_zh else general


def _nominal_hours(limit: Limit) -> float:
    return limit.amount * HOURS_OF[limit.unit]
