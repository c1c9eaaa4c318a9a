"""Letting go of what a report's photos show (Q11): the copies, what they look like, and what was hidden of them."""

from collections.abc import Sequence

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from cases.models.report import Lookalike, ReportPhoto
from cases.photos.masking import maskings


def forget(session: Session, photos: Sequence[ReportPhoto]) -> list[str]:
    """Forget the copies of these photos and all that was drawn from them but the grades; gives the files' keys."""
    ids = [photo.id for photo in photos]
    keys = list[str | None]()
    for photo in photos:
        keys += photo.large_key, photo.small_key
        photo.large_key, photo.small_key, photo.likeness = None, None, None
    for masking in maskings(session, ids).values():
        keys += masking.large_key, masking.small_key
        masking.large_key, masking.small_key = None, None
        masking.proposed, masking.confirmed = None, [] if masking.confirmed is not None else None
    session.execute(delete(Lookalike).where(or_(Lookalike.photo_id.in_(ids), Lookalike.other_id.in_(ids))))
    session.flush()
    return [key for key in keys if key is not None]
