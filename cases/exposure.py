"""What the public sees (C7): drafted on a stored ground, reviewed by another person, published, withdrawn.

The public projection (schema record) and its change log are written in the transaction of the act, so that a withdrawal
is in force the moment it is answered.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from geoalchemy2.functions import ST_SnapToGrid
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.journey import Kind
from cases.lifecycle import exposure as machine
from cases.models.case import Case, Clock
from cases.models.exposure import Change, Exposure, PublicExposure
from cases.models.handling import Order, Visit
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid, NotAllowed, NotFound
from people.actors import SYSTEM, Actor
from people.models import Org
from people.roles import Role

GROUNDS_BUILT = ("C", "D")
TICKS = ("basis", "accuracy", "privacy", "proportionality")
FORBIDDEN_WORDING = "根据举报"  # E5: never unless the reporter consents
GRID_DEGREES = 0.0005  # about 50 m: a public place is never the exact one
CONTENT = (
    "ground", "title", "body", "entity_name", "category_code", "category_zh", "category_en", "town_code", "town_zh",
    "town_en", "found_on", "basis", "progress", "authority", "phone", "point", "expires_at",
)  # fmt: skip


class NoSuchExposure(NotFound):
    """There is no such exposure."""

    code = "exposure.unknown"


class NoGround(Conflict):
    """The case does not stand on this ground (E1)."""

    code = "exposure.no_ground"


class TooEarly(Conflict):
    """Not before the working days after the visit that protect the source (E5)."""

    code = "exposure.too_early"


class SourceAtRisk(Conflict):
    """So few people could know this that publishing would name the reporter (E5)."""

    code = "exposure.source_at_risk"


class BadWording(Invalid):
    """The text says that somebody reported (E5)."""

    code = "exposure.wording"
    pointer = "/body"


class NotReviewed(Invalid):
    """Each of basis, accuracy, privacy and proportionality must be ticked (E6)."""

    code = "exposure.not_reviewed"
    pointer = "/review"


class SamePerson(NotAllowed):
    """Whoever drafts or publishes does not review (C2)."""

    code = "exposure.same_person"


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


def find(session: Session, exposure_id: UUID, *, lock: bool = False) -> Exposure:
    """An exposure of the editors' side. Raises NoSuchExposure."""
    statement = select(Exposure).where(Exposure.id == exposure_id)
    exposure = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if exposure is None:
        raise NoSuchExposure
    return exposure


def draft(session: Session, case: Case, text: Draft, *, by: Actor, now: datetime) -> Exposure:
    """Draft an exposure of a locked case on ground C or D. Raises NoGround, BadWording, NotYourRole."""
    if not by.has(Role.PUBLISHER):
        raise NotAllowed("Only a publisher drafts exposures.")
    _stands_on(session, case, text.ground, now)
    _well_worded(text.title + text.body)
    exposure = Exposure(
        case_id=case.id, public_id=secrets.token_hex(8), state="drafting", drafted_by=by.account_id, drafted_at=now,
        **text.__dict__,
    )  # fmt: skip
    session.add(exposure)
    session.flush()
    trail.record(session, case, Kind.EXPOSURE_DRAFTED, by=by, now=now, ground=text.ground)
    return exposure


def submit(session: Session, case: Case, exposure: Exposure, *, by: Actor, now: datetime) -> Exposure:
    """Hand a locked draft to legal review (E6)."""
    machine.move(exposure, "submit", by=by)
    trail.record(session, case, Kind.EXPOSURE_SUBMITTED, by=by, now=now)
    return exposure


def review(
    session: Session, case: Case, exposure: Exposure, *, ticks: dict[str, bool], note: str, by: Actor, now: datetime
) -> Exposure:
    """Approve a locked exposure, with every tick of E6, by somebody who did not draft it."""
    if by.account_id == exposure.drafted_by:
        raise SamePerson
    if not all(ticks.get(tick) is True for tick in TICKS):
        raise NotReviewed(missing=[tick for tick in TICKS if ticks.get(tick) is not True])
    machine.move(exposure, "approve", by=by)
    exposure.reviewed_by, exposure.reviewed_at = by.account_id, now
    exposure.review = {**dict.fromkeys(TICKS, True), "note": note}
    trail.record(session, case, Kind.EXPOSURE_REVIEWED, by=by, now=now)
    return exposure


def publish(session: Session, case: Case, exposure: Exposure, *, by: Actor, now: datetime) -> PublicExposure:
    """Publish a locked, approved exposure; never before E5 allows it. Raises TooEarly, SourceAtRisk, SamePerson."""
    if by.account_id == exposure.reviewed_by:
        raise SamePerson
    _stands_on(session, case, exposure.ground, now)
    _protects_the_source(session, case, exposure, now)
    machine.move(exposure, "publish", by=by)
    days = policy.value(session, "exposure_display_days", now)["default"]
    exposure.published_by, exposure.published_at = by.account_id, now
    exposure.expires_at = now + timedelta(days=days)
    public = PublicExposure(
        public_id=exposure.public_id, version=1, status="usable", published_at=now, updated_at=now,
        **_content(session, case, exposure),
    )  # fmt: skip
    session.add(public)
    session.flush()
    _log(session, public, "published", now)
    trail.record(session, case, Kind.EXPOSURE_PUBLISHED, by=by, now=now, public_id=exposure.public_id)
    return public


def withdraw(
    session: Session, case: Case, exposure: Exposure, *, reason: str, by: Actor, now: datetime
) -> PublicExposure:
    """Withdraw a locked exposure: the public row keeps its place and the reason, and loses all content (E9)."""
    machine.move(exposure, "withdraw", by=by)
    exposure.withdrawn_at, exposure.withdraw_reason = now, reason
    public = _empty(session, exposure, reason=reason, op="withdrawn", now=now)
    trail.record(session, case, Kind.EXPOSURE_WITHDRAWN, by=by, now=now, reason=reason)
    return public


def follow_progress(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Bring the public status of a case's exposures up to the case (E8). Safe to repeat."""
    case = session.get_one(Case, case_id)
    rows = session.scalars(
        select(PublicExposure)
        .join(Exposure, Exposure.public_id == PublicExposure.public_id)
        .where(Exposure.case_id == case_id, Exposure.state == "published")
        .with_for_update()
    )
    for public in rows:
        if public.progress != _progress(case):
            public.progress, public.updated_at = _progress(case), now
            public.version += 1
            _log(session, public, "updated", now)


def expire(session: Session, *, now: datetime) -> int:
    """Take down what has been shown for its time (E7); gives how many."""
    due = session.scalars(
        select(Exposure)
        .where(Exposure.state == "published", Exposure.expires_at <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for exposure in due:
        machine.move(exposure, "expire", by=SYSTEM)
        _empty(session, exposure, reason="展示期满", op="expired", now=now)
    return len(due)


def _stands_on(session: Session, case: Case, ground: str, now: datetime) -> None:
    """E1: C, a major hazard verified, ordered and overdue; D, a typical case that was found true."""
    found = case.outcome in {"substantiated", "partly"}
    ordered = session.scalars(select(Order.id).where(Order.case_id == case.id).limit(1)).first() is not None
    late = select(Clock.id).where(Clock.case_id == case.id, Clock.kind.in_(("rectify", "rework")), Clock.due_at < now)
    overdue = session.scalars(late.where(Clock.stopped_at.is_(None)).limit(1)).first() is not None
    stands = {"C": found and case.grade == "major" and ordered and overdue, "D": found and ordered}
    if not stands.get(ground, False):
        raise NoGround(ground=ground)


def _protects_the_source(session: Session, case: Case, exposure: Exposure, now: datetime) -> None:
    fewest = policy.value(session, "small_entity_workers", now)
    if not exposure.own_inspection and (exposure.entity_workers is None or exposure.entity_workers <= fewest):
        raise SourceAtRisk
    visited = select(Visit.completed_at).where(Visit.case_id == case.id, Visit.completed_at.is_not(None))
    last = session.scalars(visited.order_by(Visit.completed_at.desc()).limit(1)).first()
    days = policy.value(session, "exposure_min_workdays", now)
    if last is None:
        raise TooEarly
    earliest = deadlines.add(last, days, "work_d", policy.calendar(session, now)).due_at
    if now < earliest:
        raise TooEarly(earliest=earliest.isoformat())


def _well_worded(text: str) -> None:
    if FORBIDDEN_WORDING in text:
        raise BadWording


def _content(session: Session, case: Case, exposure: Exposure) -> dict[str, Any]:
    category = policy.category_version(session, case.category_code, case.category_version)
    town = session.get_one(Org, case.responsible_org_id)
    return {
        "ground": exposure.ground, "title": exposure.title, "body": exposure.body, "entity_name": exposure.entity_name,
        "category_code": case.category_code, "category_zh": category.zh, "category_en": category.en,
        "town_code": town.unit_code or town.code, "town_zh": town.name_zh, "town_en": town.name_en,
        "found_on": _visited_on(session, case), "basis": exposure.basis, "progress": _progress(case),
        "authority": exposure.authority, "phone": exposure.phone, "expires_at": exposure.expires_at,
        "point": session.scalar(select(ST_SnapToGrid(Case.point, GRID_DEGREES)).where(Case.id == case.id)),
    }  # fmt: skip


def _visited_on(session: Session, case: Case) -> Any:
    started = select(Visit.started_at).where(Visit.case_id == case.id).order_by(Visit.started_at.desc()).limit(1)
    at = session.scalars(started).first()
    return at.astimezone(LOCAL_ZONE).date() if at else None


def _progress(case: Case) -> str:
    if case.state in {"closure_review", "closed", "look_back"}:
        return "rectified"
    return "rectifying" if case.state in {"rectifying", "acceptance"} else "not_rectified"


def _empty(session: Session, exposure: Exposure, *, reason: str, op: str, now: datetime) -> PublicExposure:
    public = session.get_one(PublicExposure, exposure.public_id, with_for_update=True)
    for name in CONTENT:
        setattr(public, name, None)
    public.status, public.withdrawn_at, public.withdraw_reason, public.updated_at = "withdrawn", now, reason, now
    public.version += 1
    session.flush()
    _log(session, public, op, now)
    return public


def _log(session: Session, public: PublicExposure, op: str, now: datetime) -> None:
    session.add(Change(kind="exposure", ref=public.public_id, op=op, version=public.version, at=now))
    session.flush()
