"""Clean copies of photos: decoded in a sandbox, stored under new random keys, proven to carry nothing but pixels."""

import secrets
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.handling import Picture
from cases.models.report import ReportPhoto
from kit.errors import Invalid, Unsupported
from kit.images import clean
from kit.settings import settings
from kit.storage import store

LIMIT_BYTES = 32 * 1024 * 1024


def clean_report_photo(session: Session, photo_id: UUID) -> None:
    """Make the clean copies of a citizen's stored photo. Safe to repeat."""
    photo = session.scalars(select(ReportPhoto).where(ReportPhoto.id == photo_id).with_for_update()).one()
    if photo.state == "stored":
        _clean(photo)


def clean_picture(session: Session, picture_id: UUID) -> None:
    """Make the clean copies of an officer's picture. Safe to repeat."""
    picture = session.scalars(select(Picture).where(Picture.id == picture_id).with_for_update()).one()
    if picture.state == "stored":
        _clean(picture)


def _clean(photo: ReportPhoto | Picture) -> None:
    if photo.storage_key is None:
        raise ValueError("a stored photo has a key")
    try:
        with NamedTemporaryFile(dir=settings().scratch) as file, store().open(photo.storage_key) as original:
            copyfileobj(original, file)
            file.flush()
            large, small = clean(Path(file.name))
    except (Invalid, Unsupported) as refusal:
        photo.state, photo.reason = "rejected", refusal.code
        return
    photo.large_key, photo.small_key = _keep(large.data), _keep(small.data)
    photo.state = "clean"


def _keep(content: bytes) -> str:
    """Store a copy under a random key: a name made from its content would lead back to the original."""
    token = secrets.token_hex(16)
    key = f"clean/{token[:2]}/{token}.jpg"
    store().put(key, [content], limit_bytes=LIMIT_BYTES)
    return key
