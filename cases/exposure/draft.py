"""Draft an exposure on a stored ground, write it anew, or drop it (E1, E2)."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import ties, trail
from cases.exposure.grounds import stands_on, well_worded
from cases.exposure.refusals import NoSuchExposure
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.models.case import Case
from cases.models.exposure import Exposure
from kit.errors import NotAllowed, Stale, Unconditional
from people.actors import Actor
from people.roles import Role


@dataclass(frozen=True)
class Draft:
    """The text and facts of an exposure (E2)."""

    ground: str
    title: str
    body: str
    entity_name: str
    entity_workers: int | None
    own_inspection: bool
    basis: str
    authority: str
    phone: str


def find(session: Session, exposure_id: UUID) -> Exposure:
    """An exposure of the editors' side. Raises NoSuchExposure."""
    exposure = session.get(Exposure, exposure_id)
    if exposure is None:
        raise NoSuchExposure
    return exposure


def lock(session: Session, exposure_id: UUID, *, expected_version: int | None) -> Exposure:
    """An exposure, locked for a change, in the version that the editor saw. Raises NoSuchExposure, Stale."""
    exposure = session.get(Exposure, exposure_id, with_for_update=True, populate_existing=True)
    if exposure is None:
        raise NoSuchExposure
    if expected_version is None:
        raise Unconditional
    if exposure.version != expected_version:
        raise Stale(current={"id": str(exposure.id), "state": exposure.state, "version": exposure.version})
    return exposure


def drafts(
    session: Session, *, by: Actor, limit: int, state: str | None = None, after: tuple[datetime, UUID] | None = None
) -> Sequence[Exposure]:
    """The exposures of the editors' side, the newest first."""
    found = select(Exposure).join(Case, Case.id == Exposure.case_id).where(ties.untied_to(by))
    if state is not None:
        found = found.where(Exposure.state == state)
    if after is not None:
        found = found.where(tuple_(Exposure.drafted_at, Exposure.id) < after)
    return session.scalars(found.order_by(Exposure.drafted_at.desc(), Exposure.id.desc()).limit(limit)).all()


def draft(session: Session, case: Case, text: Draft, *, by: Actor, now: datetime) -> Exposure:
    """Draft an exposure of a locked case on ground C or D. Raises NoGround, BadWording, NotYourRole."""
    if not by.has(Role.PUBLISHER):
        raise NotAllowed("Only a publisher drafts exposures.")
    stands_on(session, case, text.ground, now)
    well_worded(text.title + text.body)
    exposure = Exposure(
        case_id=case.id, public_id=secrets.token_hex(8), state="drafting", drafted_by=by.account_id, drafted_at=now,
        **asdict(text),
    )  # fmt: skip
    session.add(exposure)
    session.flush()
    trail.record(session, case, Kind.EXPOSURE_DRAFTED, by=by, now=now, ground=text.ground)
    return exposure


def revise(session: Session, case: Case, exposure: Exposure, text: Draft, *, by: Actor, now: datetime) -> Exposure:
    """Write a locked draft anew, on whatever ground it stands now. Whoever writes it last may not review it."""
    machine.move(exposure, "revise", by=by)
    stands_on(session, case, text.ground, now)
    well_worded(text.title + text.body)
    for name, value in asdict(text).items():
        setattr(exposure, name, value)
    exposure.drafted_by = by.account_id  # type: ignore[assignment]  # a publisher is an account
    trail.record(session, case, Kind.EXPOSURE_DRAFTED, by=by, now=now, ground=text.ground)
    return exposure


def drop(session: Session, case: Case, exposure: Exposure, *, reason: str, by: Actor, now: datetime) -> Exposure:
    """Give a locked exposure up before anybody saw it."""
    machine.move(exposure, "drop", by=by)
    trail.record(session, case, Kind.EXPOSURE_DROPPED, by=by, now=now, reason=reason)
    return exposure
