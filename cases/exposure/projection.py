"""What the public reads of an exposure (schema record), and the log of its changes."""

from datetime import datetime
from typing import Any

from geoalchemy2.functions import ST_SnapToGrid
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cases import policy
from cases.exposure.refusals import AlreadyPublic
from cases.models.case import Case
from cases.models.exposure import Change, Exposure, PublicExposure
from cases.models.handling import Visit
from kit.clock import LOCAL_ZONE
from people.models import Org

RECTIFIED = "rectified"
GRID_DEGREES = 0.0005  # about 50 m: a public place is never the exact one
CONTENT = (
    "ground", "title", "body", "entity_name", "category_code", "category_zh", "category_en", "town_code", "town_zh",
    "town_en", "found_on", "basis", "progress", "authority", "phone", "point", "expires_at",
    "corrections", "batch",
)  # fmt: skip

NOT_CORRECTED = {"progress", "expires_at", "found_on"}


def content(session: Session, case: Case, exposure: Exposure) -> dict[str, Any]:
    """What is told of an exposure: its text, and of its case the category, the town, the day and a place of 50 m."""
    category = policy.category_version(session, case.category_code, case.category_version)
    town = session.get_one(Org, case.responsible_org_id)
    return {
        "ground": exposure.ground, "title": exposure.title, "body": exposure.body, "entity_name": exposure.entity_name,
        "category_code": case.category_code, "category_zh": category.zh, "category_en": category.en,
        "town_code": town.unit_code or town.code, "town_zh": town.name_zh, "town_en": town.name_en,
        "found_on": _visited_on(session, case), "basis": exposure.basis, "progress": progress(case),
        "authority": exposure.authority, "phone": exposure.phone, "expires_at": exposure.expires_at,
        "point": session.scalar(select(ST_SnapToGrid(Case.point, GRID_DEGREES)).where(Case.id == case.id)),
    }  # fmt: skip


def progress(case: Case) -> str:
    """How far the rectification is, in the three words of the public record (E8)."""
    if case.state in {"closure_review", "closed", "look_back"}:
        return RECTIFIED
    return "rectifying" if case.state in {"rectifying", "acceptance"} else "not_rectified"


def correct(session: Session, case: Case, exposure: Exposure, *, note: str, now: datetime) -> PublicExposure:
    """Put a corrected text in the place of the public one, with the note and its time (E9).

    What the rectification moves (progress, the time it is shown) follows the case, and the day on which it was found is
    of the visit that the exposure rests on: neither is a correction.
    """
    public = session.get_one(PublicExposure, exposure.public_id, with_for_update=True)
    for name, value in content(session, case, exposure).items():
        if name not in NOT_CORRECTED:
            setattr(public, name, value)
    public.status, public.updated_at = "corrected", now
    public.version += 1
    said = {"version": public.version, "at": now.isoformat(), "note": note}
    public.corrections = [*(public.corrections or []), said]
    session.flush()
    log(session, public, "corrected", now)
    return public


def empty(session: Session, exposure: Exposure, *, reason: str, status: str, now: datetime) -> PublicExposure:
    """Take all content from the public row, withdrawn or expired, which keeps its place and the reason (E7, E9)."""
    public = session.get_one(PublicExposure, exposure.public_id, with_for_update=True)
    for name in CONTENT:
        setattr(public, name, None)
    public.status, public.withdrawn_at, public.withdraw_reason, public.updated_at = status, now, reason, now
    public.version += 1
    session.flush()
    log(session, public, status, now)
    return public


def take_back(session: Session, exposure: Exposure) -> None:
    """Take what nobody has read yet out of the record again, and its line out of the log. Raises AlreadyPublic."""
    named = PublicExposure.public_id == exposure.public_id
    taken = session.scalars(delete(PublicExposure).where(named).returning(PublicExposure.public_id)).all()
    if not taken:  # row-level security lets nothing go that is public
        raise AlreadyPublic
    session.execute(delete(Change).where(Change.ref == exposure.public_id))


def log(session: Session, public: PublicExposure, op: str, now: datetime) -> None:
    """Tell everybody who follows the public record that this has changed."""
    waits = public.released_at if op == "published" else None
    session.add(Change(kind="exposure", ref=public.public_id, op=op, version=public.version, at=now, released_at=waits))
    session.flush()


def _visited_on(session: Session, case: Case) -> Any:
    made = select(Visit.started_at).where(Visit.case_id == case.id, Visit.state != "broken_off")
    at = session.scalars(made.order_by(Visit.started_at.desc()).limit(1)).first()
    return at.astimezone(LOCAL_ZONE).date() if at else None
