"""E6: whoever is named is told in writing beforehand, may object, and is answered by somebody without a hand in it.

A typical case without a name (ground D) names nobody who could be told.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.exposure.refusals import (
    BadTime,
    NoSuchNotice,
    NotApproved,
    ObjectionOpen,
    ObjectionTime,
    PartyNotTold,
    PartyToldAlready,
    SamePerson,
)
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.lifecycle import exposure_notice as notices
from cases.lifecycle.beside import NEW
from cases.models.case import Case
from cases.models.exposure import Exposure
from cases.models.exposure_notice import ExposureNotice
from people.actors import Actor

ANONYMISED = "某"


def party_notices(session: Session, exposure: Exposure) -> Sequence[ExposureNotice]:
    """What the party of an exposure was told, the newest first."""
    found = select(ExposureNotice).where(ExposureNotice.exposure_id == exposure.id)
    return session.scalars(found.order_by(ExposureNotice.written_at.desc(), ExposureNotice.id)).all()


def party_notice(session: Session, exposure: Exposure, notice_id: UUID) -> ExposureNotice:
    """One of them. Raises NoSuchNotice."""
    found = next((each for each in party_notices(session, exposure) if each.id == notice_id), None)
    if found is None:
        raise NoSuchNotice
    return found


def must_be_heard(session: Session, exposure: Exposure, now: datetime) -> None:
    """The party was told of what is approved, and its time to object is over, or it has said all it has to say.

    Raises PartyNotTold, ObjectionTime, ObjectionOpen.
    """
    if exposure.ground == "D" and ANONYMISED in exposure.entity_name:
        return
    told = _of_what_is_approved(session, exposure)
    if told is None:
        raise PartyNotTold
    if told.state == "objected":
        raise ObjectionOpen(due_at=told.answer_due_at.isoformat() if told.answer_due_at else None)
    if told.state == "told" and now < told.object_until:
        raise ObjectionTime(until=told.object_until.isoformat())


def tell_party(
    session: Session, case: Case, exposure: Exposure, *, how: str, recipient: str, told_at: datetime, by: Actor,
    now: datetime,
) -> ExposureNotice:  # fmt: skip
    """Write down that the party was told in writing of a locked, approved exposure. Raises NotApproved, BadTime."""
    made = ExposureNotice(state=NEW, version=0)
    notices.move(made, "tell", by=by)
    if exposure.state != "approved":
        raise NotApproved
    if _of_what_is_approved(session, exposure) is not None:
        raise PartyToldAlready
    if exposure.reviewed_at is None or not exposure.reviewed_at <= told_at <= now:
        raise BadTime(pointer="/told_at")
    made.exposure_id, made.how, made.recipient, made.told_at = exposure.id, how, recipient, told_at
    made.object_until = _days_after(session, told_at, "objection_workdays", now)
    made.told_by, made.written_at = by.account_id, now  # type: ignore[assignment]  # a publisher is an account
    session.add(made)
    session.flush()
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_PARTY_TOLD, by=by, now=now, until=made.object_until.isoformat())
    return made


def party_agrees(
    session: Session, case: Case, exposure: Exposure, told: ExposureNotice, *, heard_at: datetime, by: Actor,
    now: datetime,
) -> ExposureNotice:  # fmt: skip
    """The party says in writing that it has nothing against it: nobody waits any longer."""
    heard_at = _heard(told, heard_at, now)
    notices.move(told, "agree", by=by)
    told.heard_at = heard_at
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_PARTY_AGREED, by=by, now=now)
    return told


def party_objects(
    session: Session, case: Case, exposure: Exposure, told: ExposureNotice, *, text: str, heard_at: datetime,
    by: Actor, now: datetime,
) -> ExposureNotice:  # fmt: skip
    """The party objects to a locked exposure, also late: as long as it is not published, it is answered first."""
    if exposure.state != "approved":
        raise NotApproved
    heard_at = _heard(told, heard_at, now)
    notices.move(told, "object", by=by)
    told.heard_at, told.objection = heard_at, text
    told.answer_due_at = _days_after(session, heard_at, "answer_workdays", now)
    exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_OBJECTED, by=by, now=now, due_at=told.answer_due_at.isoformat())
    return told


def answer_party(
    session: Session, case: Case, exposure: Exposure, told: ExposureNotice, *, upheld: bool, text: str, by: Actor,
    now: datetime,
) -> ExposureNotice:  # fmt: skip
    """Answer an objection; one that is upheld sends the exposure back to be written anew, or dropped.

    Raises SamePerson for whoever drafted or reviewed it, or told the party.
    """
    if any(by.is_person(each) for each in (exposure.drafted_by, exposure.reviewed_by, told.told_by)):
        raise SamePerson
    notices.move(told, "uphold" if upheld else "dismiss", by=by)
    told.answer, told.answered_by, told.answered_at = text, by.account_id, now
    if upheld:
        machine.move(exposure, "send_back", by=by)
    else:
        exposure.version += 1
    trail.record(session, case, Kind.EXPOSURE_OBJECTION_ANSWERED, by=by, now=now, upheld=upheld)
    return told


def _of_what_is_approved(session: Session, exposure: Exposure) -> ExposureNotice | None:
    """The notice of the text as it was approved last, if there is one."""
    newest = next(iter(party_notices(session, exposure)), None)
    if newest is None or exposure.reviewed_at is None or newest.told_at < exposure.reviewed_at:
        return None
    return newest


def _heard(told: ExposureNotice, heard_at: datetime, now: datetime) -> datetime:
    if not told.told_at <= heard_at <= now:
        raise BadTime(pointer="/heard_at")
    return heard_at


def _days_after(session: Session, start: datetime, what: str, now: datetime) -> datetime:
    days = policy.value(session, "exposure_notice", now)[what]
    return deadlines.add(start, days, "work_d", policy.calendar(session, now)).due_at
