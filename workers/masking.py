"""Proposing what to hide on a photo, and burning in what a person has confirmed (cases/photos/masking.py)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import photos
from cases.models.report import Report, ReportPhoto
from kit.images import Region, find_regions, mask, prove_clean
from kit.storage import store
from workers.photos import keep


def propose_masks(session: Session, photo_id: UUID) -> None:
    """Let the models look at a clean photo. Safe to repeat; a person may have confirmed in the meantime."""
    photo = session.scalars(select(ReportPhoto).where(ReportPhoto.id == photo_id).with_for_update()).one()
    if photo.large_key is None:
        return
    copy = _copy(photo.large_key)
    width, height = prove_clean(copy)
    masking = photos.note_size(session, photo, width=width, height=height)
    if masking.proposed_by is None:
        photos.propose(masking, find_regions(copy, width=width, height=height))


def burn_masks(session: Session, report_id: UUID) -> None:
    """Make the copies of a report's photos in which what was confirmed is black. Safe to repeat.

    The report is locked, or an extract could be released with the copies that these replace.
    """
    report = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one()
    for masking, photo in photos.to_burn(session, report):
        regions = [Region(**region) for region in masking.confirmed or ()]
        large, small = mask(_copy(photo.large_key or ""), regions)
        photos.note_burnt(session, masking, large_key=keep(large), small_key=keep(small))


def _copy(key: str) -> bytes:
    with store().open(key) as copy:
        return copy.read()
