"""Named leaders by portfolio and day: who answered for a body then does not change when the leader does (M05)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid, NotAllowed, NotFound
from people.actors import Actor
from people.models import Account, Org
from people.roles import Role
from people.roster import LeaderAssignment

KEEPERS = (Role.SAFETY_OFFICE, Role.SYSADMIN)


class NotYoursToName(NotAllowed):
    """Leaders are named by the district's safety office or its administrator."""

    code = "leader.not_yours"
    message = "Leaders are entered by the safety office."


class Named(Conflict):
    """The portfolio has a leader on one of these days; end that assignment first."""

    code = "leader.named_already"
    message = "This portfolio has a leader on some of these days."


class NoSuchAssignment(NotFound):
    """There is no such assignment, or it has ended."""

    code = "leader.unknown"
    message = "There is no such current assignment."


@dataclass(frozen=True)
class Naming:
    """A leader as entered: of which body, for which portfolio, of the Party's or the government's line, from when."""

    org_id: int
    name: str
    title: str
    line: str
    portfolio: str
    from_on: date
    to_on: date | None = None
    account_id: int | None = None


def assign(session: Session, naming: Naming, *, by: Actor, now: datetime) -> LeaderAssignment:
    """Name a leader. Raises NotYoursToName, Named, and Invalid for an unknown body or another body's account."""
    if not by.has(*KEEPERS):
        raise NotYoursToName
    if session.get(Org, naming.org_id) is None:
        raise Invalid("There is no such body.", pointer="/org_id")
    if naming.account_id is not None and session.get(Account, naming.account_id) is None:
        raise Invalid("There is no such account.", pointer="/account_id")
    if naming.to_on is not None and naming.to_on < naming.from_on:
        raise Invalid("An assignment ends after it begins.", pointer="/to_on")
    if session.scalars(_meeting(naming).limit(1)).first() is not None:
        raise Named
    made = LeaderAssignment(**vars(naming), entered_by=by.account_id, entered_at=now)
    session.add(made)
    session.flush()
    return made


def end(session: Session, assignment_id: int, *, last_day: date, by: Actor) -> LeaderAssignment:
    """End a current assignment with its last day. Raises NotYoursToName, NoSuchAssignment, Invalid."""
    if not by.has(*KEEPERS):
        raise NotYoursToName
    row = session.get(LeaderAssignment, assignment_id, with_for_update=True)
    if row is None or row.to_on is not None:
        raise NoSuchAssignment
    if last_day < row.from_on:
        raise Invalid("An assignment ends after it begins.", pointer="/to_on")
    row.to_on, row.ended_by = last_day, by.account_id
    session.flush()
    return row


def at(session: Session, org_id: int, moment: datetime) -> list[LeaderAssignment]:
    """Who answers for a body at an instant, by the day in Shanghai, in the order they were entered."""
    day = moment.astimezone(LOCAL_ZONE).date()
    return list(
        session.scalars(
            select(LeaderAssignment)
            .where(
                LeaderAssignment.org_id == org_id, LeaderAssignment.from_on <= day,
                or_(LeaderAssignment.to_on.is_(None), LeaderAssignment.to_on >= day),
            )
            .order_by(LeaderAssignment.id)
        )
    )  # fmt: skip


def accounts(session: Session, org_id: int, moment: datetime) -> list[int]:
    """The accounts of those who answer for a body at an instant; who has none reads it elsewhere."""
    return [row.account_id for row in at(session, org_id, moment) if row.account_id is not None]


def told(rows: list[LeaderAssignment]) -> list[dict[str, Any]]:
    """Leaders as an entry keeps them: a copy, which no later change touches."""
    names = ("id", "name", "title", "line", "portfolio")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _meeting(naming: Naming) -> Any:
    overlaps = select(LeaderAssignment.id).where(
        LeaderAssignment.org_id == naming.org_id, LeaderAssignment.portfolio == naming.portfolio,
        or_(LeaderAssignment.to_on.is_(None), LeaderAssignment.to_on >= naming.from_on),
    )  # fmt: skip
    return overlaps if naming.to_on is None else overlaps.where(LeaderAssignment.from_on <= naming.to_on)
