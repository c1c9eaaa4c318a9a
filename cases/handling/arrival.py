"""T14, T15, X20: whoever accepts checks in at the place first; each acceptance rests on a check-in of its own."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cases.lifecycle import case as machine
from cases.lifecycle.whereabouts import distance_m, stored
from cases.models.case import Case
from cases.models.handling import Acceptance, AcceptanceArrival, Completion
from geo.points import Point
from people.actors import Actor


def arrive(
    session: Session, case: Case, *, point: Point | None, distance_reason: str | None, by: Actor, now: datetime
) -> AcceptanceArrival:
    """Check in at the place of a locked case; `point` is WGS-84, None when the phone had no fix.

    Raises what the guards refuse: farther than the limit needs a reason.
    """
    metres = distance_m(session, case, point)
    machine.move(
        session, case, "begin_acceptance", by=by, now=now, distance_m=metres, distance_reason=distance_reason,
        trail_={"distance_m": metres and round(metres)},
    )  # fmt: skip
    made = AcceptanceArrival(
        case_id=case.id, org_id=by.org_id, account_id=by.account_id, arrived_at=now, point=stored(point),
        distance_m=metres, distance_reason=distance_reason,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def arrival_of(session: Session, case: Case, *, by: Actor) -> AcceptanceArrival | None:
    """The actor's newest check-in since the work was last said to be done, or its time was over; used once."""
    said = select(func.max(Completion.stated_at)).where(Completion.case_id == case.id).scalar_subquery()
    used = exists().where(Acceptance.arrival_id == AcceptanceArrival.id)
    theirs = select(AcceptanceArrival).where(
        AcceptanceArrival.case_id == case.id, AcceptanceArrival.account_id == by.account_id,
        AcceptanceArrival.arrived_at >= said, AcceptanceArrival.measure_id.is_(None), ~used,
    )  # fmt: skip
    return session.scalars(theirs.order_by(AcceptanceArrival.arrived_at.desc()).limit(1)).first()
