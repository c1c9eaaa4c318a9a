"""Clean copies of photos: decoded in a sandbox, stored under new random keys, proven to carry nothing but pixels.

What a citizen's camera noted is graded against the report here, and then forgotten (security.md 3.5).
"""

import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import photos, trail
from cases.journey import Step
from cases.models.handling import Picture
from cases.models.report import Report, ReportPhoto
from cases.routing import point_of
from kit.errors import Invalid, Unsupported
from kit.images import Derivative, capture_facts, clean, likeness
from kit.storage import store
from workers import originals

LIMIT_BYTES = 32 * 1024 * 1024


def clean_report_photo(session: Session, photo_id: UUID, *, now: datetime) -> None:
    """Make the clean copies of a citizen's stored photo, and note what it tells. Safe to repeat."""
    photo = session.scalars(select(ReportPhoto).where(ReportPhoto.id == photo_id).with_for_update()).one()
    if photo.state != "stored":
        return
    with originals.in_memory(session, photo) as file:
        copies = _cleaned(photo, file)
        if copies is not None:
            _grade(session, photo, file)
    photos.forget_key(session, photo)
    if copies is None:
        return
    large, small = copies
    photos.note_size(session, photo, width=large.width, height=large.height)
    trail.enqueue(session, Step.PROPOSE_MASKS, photo.id, now=now)
    seen = likeness(small.data)
    if seen is not None:
        photos.note_photo(session, photo, seen)


def clean_picture(session: Session, picture_id: UUID) -> None:
    """Make the clean copies of an officer's picture, and note what it looks like. Safe to repeat."""
    picture = session.scalars(select(Picture).where(Picture.id == picture_id).with_for_update()).one()
    if picture.state != "stored":
        return
    with originals.officers_in_memory(picture) as file:
        copies = _cleaned(picture, file)
    seen = likeness(copies[1].data) if copies else None
    if seen is not None:
        photos.note_picture(session, picture, seen)


def _cleaned(photo: ReportPhoto | Picture, file: Path) -> tuple[Derivative, Derivative] | None:
    """Keep the clean copies, large and small, or note why there are none."""
    try:
        large, small = clean(file)
    except (Invalid, Unsupported) as refusal:
        photo.state, photo.reason = "rejected", refusal.code
        return None
    photo.large_key, photo.small_key = keep(large), keep(small)
    photo.state = "clean"
    return large, small


def _grade(session: Session, photo: ReportPhoto, file: Path) -> None:
    report = session.scalars(select(Report).where(Report.client_id == photo.report_client_id)).one()
    noted = capture_facts(file)
    photo.place_grade = photos.grade_place(noted.position, point_of(report))
    photo.time_grade = photos.grade_time(noted.taken_at, report.observed_at)


def keep(copy: Derivative) -> str:
    """Store a copy under a random key: a name made from its content would lead back to the original."""
    token = secrets.token_hex(16)
    key = f"clean/{token[:2]}/{token}.jpg"
    store().put(key, [copy.data], limit_bytes=LIMIT_BYTES)
    return key
