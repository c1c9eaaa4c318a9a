"""Published for a later moment (C7): until then nobody reads it and it can be called back; then everybody does.

The clock alone releases it. What waits is not public, so nothing of it is withdrawn, corrected or told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, policy, trail
from cases.exposure import projection
from cases.exposure.grounds import stands_on
from cases.exposure.refusals import AlreadyPublic, BadRelease, InBatch, NoGround, NotPublicYet
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.models.case import Case
from cases.models.exposure import Exposure
from people.actors import SYSTEM, Actor
from people.roles import Role

# An act that calls it back must have ended before anybody can read it.
TOO_LATE = timedelta(minutes=1)


def may_wait_until(session: Session, released_at: datetime, now: datetime) -> None:
    """Not while it is still being written, nor when its facts are old. Raises BadRelease."""
    rule = policy.value(session, "exposure_schedule", now)
    first, last = now + timedelta(minutes=rule["least_minutes"]), now + timedelta(days=rule["most_days"])
    if not first <= released_at <= last:
        raise BadRelease(earliest=first.isoformat(), latest=last.isoformat())


def waits(exposure: Exposure, now: datetime) -> bool:
    """Whether its moment has not come."""
    return exposure.state == "published" and exposure.released_at is not None and exposure.released_at > now


def must_be_public(exposure: Exposure, now: datetime) -> None:
    """What nobody has read is called back and written anew. Raises NotPublicYet."""
    if waits(exposure, now):
        raise NotPublicYet


def call_back(
    session: Session, case: Case, exposure: Exposure, *, reason: str, by: Actor, now: datetime,
    with_batch: bool = False,
) -> Exposure:  # fmt: skip
    """Take a locked exposure back before its moment: it is approved, as it was. One of a batch only with all of it.

    Raises AlreadyPublic, InBatch, NotInState, NotYourRole.
    """
    machine.check(exposure, "call_back", by=by)
    if not waits(exposure, now + TOO_LATE):
        raise AlreadyPublic
    if exposure.batch_id is not None and not with_batch:
        raise InBatch
    projection.take_back(session, exposure)
    machine.move(exposure, "call_back", by=by)
    exposure.published_by = exposure.published_at = exposure.released_at = exposure.expires_at = None
    exposure.batch_id = None
    trail.record(session, case, Kind.EXPOSURE_CALLED_BACK, by=by, now=now, reason=reason)
    return exposure


def call_back_the_baseless(session: Session, case: Case, *, now: datetime) -> None:
    """What waits and has lost its ground meanwhile (E1) is not released, nor in its batch; publishers are told."""
    for exposure in _waiting(session, case, now):
        try:
            stands_on(session, case, exposure.ground, now)
        except NoGround:
            call_back(session, case, exposure, reason="公开依据已不成立", by=SYSTEM, now=now, with_batch=True)
            text = f"案件 {case.number} 待发布的曝光已自动收回：公开依据已不成立"
            notices.tell_holders(session, Role.PUBLISHER, "exposure_called_back", text, now=now, case_id=case.id)


def _waiting(session: Session, case: Case, now: datetime) -> Sequence[Exposure]:
    found = select(Exposure).where(
        Exposure.case_id == case.id, Exposure.state == "published", Exposure.released_at > now + TOO_LATE
    )
    return session.scalars(found.with_for_update()).all()
