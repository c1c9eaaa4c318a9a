"""E1, E5: what an exposure must stand on, and what protects whoever reported it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.exposure.refusals import BadWording, NoGround, SourceAtRisk, TooEarly
from cases.models.case import Case, Clock
from cases.models.exposure import Exposure
from cases.models.handling import Order, Visit

GROUNDS_BUILT = ("C", "D")
FORBIDDEN_WORDING = "根据举报"  # E5: never unless the reporter consents


def stands_on(session: Session, case: Case, ground: str, now: datetime) -> None:
    """E1: C, a major hazard verified, ordered and overdue; D, a typical case that was found true."""
    found = case.outcome in {"substantiated", "partly"}
    ordered = session.scalars(select(Order.id).where(Order.case_id == case.id).limit(1)).first() is not None
    late = select(Clock.id).where(Clock.case_id == case.id, Clock.kind.in_(("rectify", "rework")), Clock.due_at < now)
    overdue = session.scalars(late.where(Clock.stopped_at.is_(None)).limit(1)).first() is not None
    stands = {"C": found and case.grade == "major" and ordered and overdue, "D": found and ordered}
    if not stands.get(ground, False):
        raise NoGround(ground=ground)


def protects_the_source(session: Session, case: Case, exposure: Exposure, now: datetime) -> None:
    """E5: enough people could have seen it, and some working days have passed since the last visit."""
    enough_could_know(session, exposure.entity_workers, own_inspection=exposure.own_inspection, now=now)
    visited = select(Visit.completed_at).where(Visit.case_id == case.id, Visit.completed_at.is_not(None))
    last = session.scalars(visited.order_by(Visit.completed_at.desc()).limit(1)).first()
    days = policy.value(session, "exposure_min_workdays", now)
    if last is None:
        raise TooEarly
    earliest = deadlines.add(last, days, "work_d", policy.calendar(session, now)).due_at
    if now < earliest:
        raise TooEarly(earliest=earliest.isoformat())


def enough_could_know(session: Session, workers: int | None, *, own_inspection: bool, now: datetime) -> None:
    """E5: so many work there that nobody is given away, or officers saw it themselves. Raises SourceAtRisk."""
    fewest = policy.value(session, "small_entity_workers", now)
    if not own_inspection and (workers is None or workers <= fewest):
        raise SourceAtRisk


def well_worded(text: str, *, pointer: str = BadWording.pointer) -> None:
    """E5: no word says that somebody reported. Raises BadWording."""
    if FORBIDDEN_WORDING in text:
        raise BadWording(pointer=pointer)
