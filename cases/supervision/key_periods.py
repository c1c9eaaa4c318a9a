"""Entering a key period or a campaign that shortens limits: its days, what it is about, and what each clock has (D10).

The safety office enters it, version by version; nothing that runs is moved, and no limit is ever lengthened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.models.overlay import DeadlineOverlay, OverlayLimit
from geo.models import Unit
from kit.errors import Invalid, NotAllowed, Stale, Unconditional
from people.actors import Actor
from people.roles import Role


class PeriodOver(Invalid):
    """A period ends no earlier than it begins, and not before today: it could shorten nothing any more."""

    code = "key_period.days"
    message = "The last day is before the first, or is past."
    pointer = "/last_day"


class UnknownArea(Invalid):
    """A period is for areas of this district, by their codes; `codes` names those that are none."""

    code = "key_period.unknown_area"
    message = "One of these codes is no area of the district."
    pointer = "/unit_codes"


@dataclass(frozen=True)
class KeyPeriod:
    """What the published document says; the days are local and both belong to it. Without codes it is about all."""

    code: str
    zh: str
    en: str
    first_day: date
    last_day: date
    category_codes: Sequence[str]
    unit_codes: Sequence[str]
    basis: str
    active: bool
    limits: Mapping[str, tuple[int, str]]


def key_periods(session: Session) -> list[DeadlineOverlay]:
    """The newest version of each, those that end last first."""
    newest = (
        select(DeadlineOverlay)
        .ext(distinct_on(DeadlineOverlay.code))
        .order_by(DeadlineOverlay.code, DeadlineOverlay.version.desc())
    )
    return sorted(session.scalars(newest), key=lambda each: each.last_day, reverse=True)


def enter(session: Session, period: KeyPeriod, *, seen: int | None, by: Actor, now: datetime) -> DeadlineOverlay:
    """Enter a period, or its next version over the one that was `seen`. It holds for cases opened from now on (D4).

    Raises NotAllowed, Unconditional, Stale, PeriodOver, UnknownCategory, UnknownArea.
    """
    if not (by.org_kind == "district" and by.has(Role.SAFETY_OFFICE)):
        raise NotAllowed("Key periods are entered by the safety office.")
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("handling.deadline_overlay"))))
    last = session.scalar(select(func.max(DeadlineOverlay.version)).where(DeadlineOverlay.code == period.code))
    if last is not None and seen is None:
        raise Unconditional
    if seen != last:
        raise Stale(current={"code": period.code, "version": last})
    _check(session, period, now)
    made = DeadlineOverlay(
        code=period.code, version=(last or 0) + 1, effective_at=now, zh=period.zh, en=period.en,
        first_day=period.first_day, last_day=period.last_day, category_codes=list(period.category_codes),
        unit_codes=list(period.unit_codes), basis=period.basis, active=period.active, entered_by=by.account_id,
        limits=[OverlayLimit(clock=clock, amount=n, unit=unit) for clock, (n, unit) in period.limits.items()],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _check(session: Session, period: KeyPeriod, now: datetime) -> None:
    if period.last_day < max(period.first_day, deadlines.local_day(now)):
        raise PeriodOver
    for code in period.category_codes:
        policy.asked_category(session, code, pointer="/category_codes")
    known = set(session.scalars(select(Unit.code).where(Unit.code.in_(period.unit_codes))))
    if set(period.unit_codes) - known:
        raise UnknownArea(codes=sorted(set(period.unit_codes) - known))
