"""Who is away, and who stands in: work never lies with somebody who is not there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kit.errors import Conflict, Invalid, NotAllowed, NotFound
from people import deciders
from people.actors import Actor
from people.models import Account
from people.roles import Role
from people.roster import Absence

ARRANGERS = (Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_LEADER, Role.SAFETY_OFFICE, Role.SYSADMIN)


class NotYourColleague(Invalid):
    """Absences and substitutes are arranged among active people of one office."""

    code = "absence.not_a_colleague"
    message = "Name active people of your own office."


class NotYoursToArrange(NotAllowed):
    """Officers enter their own absence; others' is entered by those who give out the office's work."""

    code = "absence.not_yours"
    message = "You may enter your own absence only."


class Overlapping(Conflict):
    """The person is away already at that time, or the substitute is."""

    code = "absence.overlaps"
    message = "This overlaps with another absence of one of the two."


class NobodyDecides(Conflict):
    """At some time of the absence nobody else of the office would be there who holds a deciding role: `roles` names it.

    Such a role is given to somebody else first (`POST /accounts/{id}/roles`).
    """

    code = "absence.nobody_decides"
    message = "Nobody else of your office would hold this role at some time of the absence."


class NoSuchAbsence(NotFound):
    """There is no such absence in this office, or it is over."""

    code = "absence.unknown"
    message = "There is no such absence in your office."


@dataclass(frozen=True)
class Leave:
    """What somebody asks to be entered: who is away, who stands in, from when to when, and why."""

    account_id: int
    substitute_id: int
    from_at: datetime
    to_at: datetime
    reason: str


def enter(session: Session, leave: Leave, *, by: Actor, now: datetime) -> Absence:
    """Enter an absence.

    Raises NotYoursToArrange, NotYourColleague, Overlapping, NobodyDecides, Invalid for a time that is past.
    """
    if leave.account_id != by.account_id and not by.has(*ARRANGERS):
        raise NotYoursToArrange
    if leave.substitute_id == leave.account_id or not _colleagues(session, leave, by):
        raise NotYourColleague(pointer="/substitute_id")
    if not now < leave.to_at or not leave.from_at < leave.to_at:
        raise Invalid("An absence ends after it begins, and not in the past.", pointer="/to_at")
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("handling.absence"), by.org_id)))
    if _overlaps(session, leave):
        raise Overlapping
    if missing := deciders.missing(session, leave.account_id, leave.from_at, leave.to_at):
        raise NobodyDecides(roles=missing)
    made = Absence(
        org_id=by.org_id, account_id=leave.account_id, substitute_id=leave.substitute_id, from_at=leave.from_at,
        to_at=leave.to_at, reason=leave.reason, entered_by=by.account_id, entered_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def cancel(session: Session, absence_id: UUID, *, by: Actor, now: datetime) -> Absence:
    """End an absence early, or call it off: from now on its person is there. Raises as `enter`, and NoSuchAbsence."""
    absence = session.get(Absence, absence_id, with_for_update=True)
    if absence is None or absence.org_id != by.org_id or absence.cancelled_at is not None or absence.to_at <= now:
        raise NoSuchAbsence
    if absence.account_id != by.account_id and not by.has(*ARRANGERS):
        raise NotYoursToArrange
    absence.cancelled_at, absence.cancelled_by = now, by.account_id
    return absence


def of_office(session: Session, *, by: Actor, now: datetime) -> list[Absence]:
    """Present and coming absences of the actor's office, the first to begin first."""
    coming = select(Absence).where(Absence.org_id == by.org_id, Absence.cancelled_at.is_(None), Absence.to_at > now)
    return list(session.scalars(coming.order_by(Absence.from_at, Absence.id)))


def standing_in(session: Session, account_id: int, *, now: datetime) -> int | None:
    """Who does the work of `account_id` now: the person, or who stands in, or who stands in for that one.

    A substitute who falls ill hands on to theirs. None where nobody is there: the account of the last has ended, or
    each of a circle is away.
    """
    return all_standing_in(session, [account_id], now=now)[account_id]


def all_standing_in(session: Session, people: Iterable[int], *, now: datetime) -> dict[int, int | None]:
    """`standing_in` of several, each once and in their order."""
    asked = dict.fromkeys(people)
    if not asked:
        return {}
    away = _away(session, asked, now)
    last = {account_id: _last(account_id, away) for account_id in asked}
    named = {who for who in last.values() if who is not None}
    there = set(session.scalars(select(Account.id).where(Account.id.in_(named), Account.active)))
    return {account_id: who if who in there else None for account_id, who in last.items()}


def _last(account_id: int, away: Mapping[int, int]) -> int | None:
    """Who is at the end of the line of substitutes; None for a circle."""
    line = [account_id]
    while (substitute := away.get(line[-1])) is not None:
        if substitute in line:
            return None
        line.append(substitute)
    return line[-1]


def gone(
    person: InstrumentedAttribute[Any], now: datetime, *, needed: InstrumentedAttribute[datetime] | None = None
) -> ColumnElement[bool]:
    """Whether the account in a column is away now, also still at the instant it is `needed`; or has ended."""
    away = select(Absence.id).where(Absence.account_id == person, *_lasts(now))
    if needed is not None:
        away = away.where(Absence.to_at > needed)
    return or_(exists(away), exists(select(Account.id).where(Account.id == person, ~Account.active)))


def _away(session: Session, people: Iterable[int], now: datetime) -> dict[int, int]:
    """Of those who are away now, and of those who stand in for them, who does their work: by the absence begun last."""
    found: dict[int, int] = {}
    asked = set(people)
    while asked:
        rows = session.execute(
            select(Absence.account_id, Absence.substitute_id)
            .where(Absence.account_id.in_(asked), *_lasts(now))
            .order_by(Absence.from_at, Absence.id.desc())
        )
        new = dict(rows.all())
        found |= new
        asked = set(new.values()) - set(found)
    return found


def _lasts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Absence.cancelled_at.is_(None), Absence.from_at <= now, Absence.to_at > now)


def _colleagues(session: Session, leave: Leave, by: Actor) -> bool:
    both = (leave.account_id, leave.substitute_id)
    found = session.scalars(select(Account.id).where(Account.id.in_(both), Account.org_id == by.org_id, Account.active))
    return len(set(found)) == len(both)


def _overlaps(session: Session, leave: Leave) -> bool:
    """Either of the two is away then. Whoever was to stand in for others may leave: their own substitute does (M15)."""
    touches = and_(
        Absence.cancelled_at.is_(None), Absence.from_at < leave.to_at, Absence.to_at > leave.from_at,
        Absence.account_id.in_((leave.account_id, leave.substitute_id)),
    )  # fmt: skip
    return bool(session.scalar(select(exists().where(touches))))
