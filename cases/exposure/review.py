"""Legal review by somebody who did not draft it (E6)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import trail
from cases.exposure.refusals import NotReviewed, SamePerson
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.models.case import Case
from cases.models.exposure import Exposure
from people.actors import Actor

TICKS = ("basis", "accuracy", "privacy", "proportionality")


def submit(session: Session, case: Case, exposure: Exposure, *, by: Actor, now: datetime) -> Exposure:
    """Hand a locked draft to legal review (E6)."""
    machine.move(exposure, "submit", by=by)
    trail.record(session, case, Kind.EXPOSURE_SUBMITTED, by=by, now=now)
    return exposure


def review(
    session: Session, case: Case, exposure: Exposure, *, ticks: dict[str, bool], note: str, by: Actor, now: datetime
) -> Exposure:
    """Approve a locked exposure, with every tick of E6, by somebody who did not draft it."""
    if by.is_person(exposure.drafted_by):
        raise SamePerson
    told = every_tick(ticks, note=note)
    machine.move(exposure, "approve", by=by)
    exposure.reviewed_by, exposure.reviewed_at, exposure.review = by.account_id, now, told
    trail.record(session, case, Kind.EXPOSURE_REVIEWED, by=by, now=now)
    return exposure


def every_tick(ticks: dict[str, bool], *, note: str) -> dict[str, Any]:
    """A review as it is kept: all of basis, accuracy, privacy and proportionality. Raises NotReviewed."""
    missing = [tick for tick in TICKS if ticks.get(tick) is not True]
    if missing:
        raise NotReviewed(missing=missing)
    return {**dict.fromkeys(TICKS, True), "note": note}


def return_(session: Session, case: Case, exposure: Exposure, *, note: str, by: Actor, now: datetime) -> Exposure:
    """Send a locked exposure back to whoever drafted it, with what must change."""
    if by.is_person(exposure.drafted_by):
        raise SamePerson
    machine.move(exposure, "return", by=by)
    trail.record(session, case, Kind.EXPOSURE_RETURNED, by=by, now=now, note=note)
    return exposure
