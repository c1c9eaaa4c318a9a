"""T17, M75: a look-back is given to other people, begun at the place, and ends in "holds" or "rebound"."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import access, clocks, ties
from cases.aftercare import errands
from cases.aftercare.reopening import Grounds, reopen
from cases.lifecycle import beside
from cases.lifecycle import case as case_machine
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.lifecycle.whereabouts import distance_m, stored
from cases.models.aftercare import OPEN_LOOK_BACK, LookBack, LookBackDraw
from cases.models.case import Case
from geo.points import Point
from kit.errors import NotFound
from people.actors import SYSTEM, Actor
from people.roles import Role


class NoSuchLookBack(NotFound):
    """This case has no such look-back, or it is not for this actor."""

    code = "look_back.unknown"


@dataclass(frozen=True)
class Arrival:
    """Where somebody is who begins a look-back; `point` is WGS-84, None when the phone had no fix."""

    point: Point | None
    distance_reason: str | None = None


def find(session: Session, case: Case, look_back_id: UUID) -> LookBack:
    """One look-back of a locked case. Raises NoSuchLookBack."""
    found: LookBack = beside.find(session, case, LookBack, look_back_id, NoSuchLookBack)
    return found


def assign(session: Session, case: Case, look: LookBack, *, account_id: int, by: Actor, now: datetime) -> LookBack:
    """Name who looks back, or somebody else instead. Raises NotAble, SamePerson, CaseMoved, NotYourRole."""
    who = errands.somebody(session, account_id)
    ties.screen(session, case, {who.id})
    if look.state == "visiting":
        case_machine.move(session, case, "stay_closed", by=by, now=now)
    written = {
        "org_id": who.org_id, "assignee_id": who.id, "assigned_by": by.account_id, "assigned_at": now,
        "left_told_at": None,
        "started_at": None, "point": None, "distance_m": None, "distance_reason": None,
    }  # fmt: skip
    _move(session, case, look, "assign", by=by, now=now, who=who, writes_=written)
    clocks.give_to(session, case, "look_back", about=look.id, org_id=who.org_id)
    errands.give(session, case, look.id, "look_back", who, due_at=look.due_at, now=now)
    return look


def start(session: Session, case: Case, look: LookBack, *, arrival: Arrival, by: Actor, now: datetime) -> LookBack:
    """T17: check in at the place. Raises NotYourLookBack, TooEarly, UnderWay, CaseMoved, Incomplete."""
    metres = distance_m(session, case, arrival.point)
    _move(
        session, case, look, "start", by=by, now=now, distance_m=metres, distance_reason=arrival.distance_reason,
        trail_={"distance_m": metres and round(metres)},
        writes_={
            "started_at": now, "point": stored(arrival.point), "distance_m": metres,
            "distance_reason": arrival.distance_reason,
        },
    )  # fmt: skip
    case_machine.move(session, case, "look_back", by=by, now=now)
    return look


def confirm(session: Session, case: Case, look: LookBack, *, findings: str, by: Actor, now: datetime) -> LookBack:
    """T17: it holds, and the case stays closed. Raises NotYourLookBack, Incomplete, PictureReused."""
    _end(session, case, look, "confirm", findings=findings, by=by, now=now)
    case_machine.move(session, case, "stay_closed", by=by, now=now)
    return look


def rebound(
    session: Session,
    case: Case,
    look: LookBack,
    *,
    findings: str,
    by: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> LookBack:
    """T18, M75: it is back, and the case is open again in the same moment, to be put right by `due_at` at the latest.

    Raises NotYourLookBack, Incomplete, PictureReused, DueOutOfRange.
    """
    _end(session, case, look, "rebound", findings=findings, by=by, now=now)
    grounds = Grounds("rebound", findings, due_at=due_at, look_back_id=look.id, found_by=by.account_id)
    reopen(session, case, grounds, by=SYSTEM, now=now)
    return look


def drop_rest(session: Session, case: Case, *, now: datetime) -> None:
    """What was still to be looked back at before a locked case was opened again is so no longer. Safe to repeat."""
    stale = select(LookBack).where(
        LookBack.case_id == case.id, LookBack.round < case.reopen_count, LookBack.state.in_(OPEN_LOOK_BACK)
    )
    for look in session.scalars(stale.order_by(LookBack.step)).all():
        _move(session, case, look, "drop", by=SYSTEM, now=now, writes_={"done_at": now})
        errands.end(session, look.id, "drop_after", by=SYSTEM, now=now)


def waiting(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[LookBack, Case]]:
    """What is to be looked back at, the next due first: all of it for the safety office, their own for others."""
    found = select(LookBack, Case).join(Case, Case.id == LookBack.case_id)
    found = found.where(LookBack.state.in_(OPEN_LOOK_BACK), ties.untied_to(by))
    if not by.has(Role.SAFETY_OFFICE):
        found = found.where(LookBack.assignee_id == by.account_id)
    if after is not None:
        found = found.where(tuple_(LookBack.due_at, LookBack.id) > after)
    rows = session.execute(found.order_by(LookBack.due_at, LookBack.id).limit(limit))
    return [(look, case) for look, case in rows]


def drawn(session: Session, period: str, *, by: Actor) -> LookBackDraw | None:
    """The lots of a month with its seed and pool, so that they can be drawn again. Raises NotTheOffice."""
    access.only_the_office(by, Role.DISCIPLINE)
    return session.scalars(select(LookBackDraw).where(LookBackDraw.period == period)).one_or_none()


def _end(session: Session, case: Case, look: LookBack, move: str, *, findings: str, by: Actor, now: datetime) -> None:
    _move(
        session, case, look, move, by=by, now=now, findings=findings, trail_={"findings": findings},
        writes_={"findings": findings, "done_at": now},
    )  # fmt: skip
    errands.end(session, look.id, "done_after", by=by, now=now)


def _move(
    session: Session, case: Case, look: LookBack, move: str, *, by: Actor, now: datetime, **facts: object
) -> None:
    beside.move(session, case, look, LOOK_BACK_MOVES[move], by=by, now=now, **facts)
