"""Correct what is published (E9): a new version, with a public note of what was wrong, by two people as it was made."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.exposure import projection
from cases.exposure.draft import Draft
from cases.exposure.grounds import enough_could_know, well_worded
from cases.exposure.refusals import AlreadyProposed, NoSuchCorrection, SamePerson
from cases.exposure.review import every_tick
from cases.exposure.schedule import must_be_public
from cases.journey import Kind
from cases.lifecycle import correction as corrections
from cases.lifecycle import exposure as machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.machine import NotInState
from cases.models.case import Case
from cases.models.correction import ExposureCorrection
from cases.models.exposure import Exposure, PublicExposure
from people.actors import Actor


def of(session: Session, exposure: Exposure) -> Sequence[ExposureCorrection]:
    """The corrections of an exposure, the oldest first."""
    found = select(ExposureCorrection).where(ExposureCorrection.exposure_id == exposure.id)
    return session.scalars(found.order_by(ExposureCorrection.proposed_at, ExposureCorrection.id)).all()


def correction(session: Session, exposure: Exposure, correction_id: UUID) -> ExposureCorrection:
    """One correction of a locked exposure. Raises NoSuchCorrection."""
    named = (ExposureCorrection.exposure_id == exposure.id, ExposureCorrection.id == correction_id)
    found = session.scalars(select(ExposureCorrection).where(*named)).one_or_none()
    if found is None:
        raise NoSuchCorrection
    return found


def propose_correction(
    session: Session, case: Case, exposure: Exposure, text: Draft, *, reason: str, note: str, by: Actor, now: datetime
) -> ExposureCorrection:
    """Propose what a locked, published exposure is to say, on the ground that it has.

    Raises NotYourRole, NotInState, NotPublicYet, AlreadyProposed, BadWording, SourceAtRisk.
    """
    made = ExposureCorrection(state=NEW, version=0)
    corrections.move(made, "propose", by=by)
    if exposure.state != "published":
        raise NotInState("E9 corrects what is published.", rule="E9", state=exposure.state)
    must_be_public(exposure, now)
    if any(each.state == "proposed" for each in of(session, exposure)):
        raise AlreadyProposed
    _harmless(session, text, note, now)
    made.exposure_id, made.after, made.reason, made.note = exposure.id, _told(text), reason, note
    made.proposed_by, made.proposed_at = by.account_id, now  # type: ignore[assignment]  # a publisher is an account
    session.add(made)
    session.flush()
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_CORRECTION_PROPOSED, by=by, now=now, reason=reason)
    return made


def correct(
    session: Session, case: Case, exposure: Exposure, proposed: ExposureCorrection, *, ticks: dict[str, bool],
    note: str, by: Actor, now: datetime,
) -> PublicExposure:  # fmt: skip
    """Make a proposed correction of a locked exposure: it is public from now on, everywhere, as the next version.

    Raises SamePerson, NotReviewed, NotInState, NotYourRole, SourceAtRisk.
    """
    _another(proposed, by)
    text = Draft(ground=exposure.ground, **proposed.after)
    _harmless(session, text, proposed.note, now)
    review = every_tick(ticks, note=note)
    corrections.move(proposed, "make", by=by)
    machine.move(exposure, "correct", by=by)
    proposed.before = {name: getattr(exposure, name) for name in proposed.after}
    proposed.decided_by, proposed.decided_at, proposed.review = by.account_id, now, review
    for name, value in proposed.after.items():
        setattr(exposure, name, value)
    public = projection.correct(session, case, exposure, note=proposed.note, now=now)
    trail.record(session, case, Kind.EXPOSURE_CORRECTED, by=by, now=now, note=proposed.note)
    return public


def refuse_correction(
    session: Session, case: Case, exposure: Exposure, proposed: ExposureCorrection, *, comment: str, by: Actor,
    now: datetime,
) -> ExposureCorrection:  # fmt: skip
    """Leave a locked exposure as it is, and say why. Raises SamePerson, NotInState, NotYourRole."""
    _another(proposed, by)
    corrections.move(proposed, "refuse", by=by)
    proposed.decided_by, proposed.decided_at, proposed.comment = by.account_id, now, comment
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_CORRECTION_REFUSED, by=by, now=now, reason=comment)
    return proposed


def drop_correction(
    session: Session, case: Case, exposure: Exposure, proposed: ExposureCorrection, *, reason: str, by: Actor,
    now: datetime,
) -> ExposureCorrection:  # fmt: skip
    """Take a proposal back before anybody decided it."""
    corrections.move(proposed, "drop", by=by)
    proposed.comment = reason
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_CORRECTION_DROPPED, by=by, now=now, reason=reason)
    return proposed


def lapse(session: Session, exposure: Exposure, *, by: Actor) -> None:
    """Nothing is left to correct: what was proposed of an exposure that goes is over."""
    for each in of(session, exposure):
        if each.state == "proposed":
            corrections.move(each, "lapse", by=by)


def _harmless(session: Session, text: Draft, note: str, now: datetime) -> None:
    """E5 again: neither the new text nor the note tells of a reporter."""
    well_worded(text.title + text.body)
    well_worded(note, pointer="/note")
    enough_could_know(session, text.entity_workers, own_inspection=text.own_inspection, now=now)


def _another(proposed: ExposureCorrection, by: Actor) -> None:
    if by.is_person(proposed.proposed_by):
        raise SamePerson


def _told(text: Draft) -> dict[str, object]:
    return {name: value for name, value in asdict(text).items() if name != "ground"}
