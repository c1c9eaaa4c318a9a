"""Publish what was approved, keep its status up with the case, and withdraw it (E5, E7, E8, E9)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.exposure import projection
from cases.exposure.correct import lapse
from cases.exposure.grounds import protects_the_source, stands_on
from cases.exposure.party import must_be_heard
from cases.exposure.refusals import SamePerson
from cases.exposure.schedule import call_back_the_baseless, may_wait_until, must_be_public
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.models.batch import ExposureBatch
from cases.models.case import Case
from cases.models.exposure import TIME_IS_OVER, Exposure, PublicExposure
from people.actors import SYSTEM, Actor


def publish(
    session: Session, case: Case, exposure: Exposure, *, by: Actor, now: datetime, released_at: datetime | None = None,
    batch: ExposureBatch | None = None,
) -> PublicExposure:  # fmt: skip
    """Publish a locked, approved exposure, at once or for a later moment; never before E5 allows it.

    Raises NoGround, TooEarly, SourceAtRisk, SamePerson, BadRelease, PartyNotTold, ObjectionTime, ObjectionOpen.
    """
    if by.is_person(exposure.reviewed_by):
        raise SamePerson
    if released_at is not None:
        may_wait_until(session, released_at, now)
    there_at = released_at or now
    stands_on(session, case, exposure.ground, now)
    must_be_heard(session, exposure, now)
    protects_the_source(session, case, exposure, there_at)
    machine.move(exposure, "publish", by=by)
    exposure.published_by, exposure.published_at, exposure.released_at = by.account_id, there_at, released_at
    exposure.expires_at, exposure.batch_id = _usual_end(session, there_at), batch.id if batch else None
    public = PublicExposure(
        public_id=exposure.public_id, version=1, status="usable", published_at=there_at, updated_at=there_at,
        released_at=released_at, batch={"title": batch.title, "issue": batch.issue_no} if batch else None,
        **projection.content(session, case, exposure),
    )  # fmt: skip
    session.add(public)
    session.flush()
    projection.log(session, public, "published", there_at)
    trail.record(session, case, Kind.EXPOSURE_PUBLISHED, by=by, now=now, public_id=exposure.public_id,
                 released_at=released_at.isoformat() if released_at else None)  # fmt: skip
    return public


def withdraw(
    session: Session, case: Case, exposure: Exposure, *, reason: str, by: Actor, now: datetime
) -> PublicExposure:
    """Withdraw a locked exposure: the public row keeps its place and the reason, and loses all content (E9)."""
    must_be_public(exposure, now)
    machine.move(exposure, "withdraw", by=by)
    exposure.withdrawn_at, exposure.withdraw_reason = now, reason
    lapse(session, exposure, by=by)
    public = projection.empty(session, exposure, reason=reason, status="withdrawn", now=now)
    trail.record(session, case, Kind.EXPOSURE_WITHDRAWN, by=by, now=now, reason=reason)
    return public


def follow_progress(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Bring the public status of a case's exposures, and how long they are shown, up to the case (E8).

    What waits for its moment follows in silence, and is called back where its ground has gone. Safe to repeat.
    """
    case = session.get_one(Case, case_id)
    call_back_the_baseless(session, case, now=now)
    rows = session.scalars(
        select(PublicExposure)
        .join(Exposure, Exposure.public_id == PublicExposure.public_id)
        .where(Exposure.case_id == case_id, Exposure.state == "published")
        .with_for_update()
    )
    for public in rows:
        if public.progress == projection.progress(case):
            continue
        public.progress = projection.progress(case)
        _show_until(session, public, now=now)
        if public.released_at is None or public.released_at <= now:
            public.version, public.updated_at = public.version + 1, now
            projection.log(session, public, "updated", now)


def _show_until(session: Session, public: PublicExposure, *, now: datetime) -> None:
    """What is rectified is shown for a share of what is left of its time, and for all of it where that did not hold."""
    exposure = session.scalars(select(Exposure).where(Exposure.public_id == public.public_id)).one()
    until = _usual_end(session, public.published_at)
    if public.progress == projection.RECTIFIED and until > now:
        now = max(now, public.published_at)
        until = now + (until - now) * policy.value(session, "exposure_fixed_shown_share", now)
    exposure.expires_at = public.expires_at = until


def _usual_end(session: Session, published_at: datetime) -> datetime:
    """E7: how long an exposure is shown by the policy of the day on which it was published."""
    days: int = policy.value(session, "exposure_display_days", published_at)["default"]
    return published_at + timedelta(days=days)


def expire(session: Session, *, now: datetime) -> int:
    """Take down what has been shown for its time (E7); gives how many."""
    due = session.scalars(
        select(Exposure)
        .where(Exposure.state == "published", Exposure.expires_at <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for exposure in due:
        machine.move(exposure, "expire", by=SYSTEM)
        lapse(session, exposure, by=SYSTEM)
        public = projection.empty(session, exposure, reason=TIME_IS_OVER, status="expired", now=now)
        public.withdrawn_at = exposure.expires_at
    return len(due)
