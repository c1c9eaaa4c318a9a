"""What is hidden of a citizen's photo before anybody else sees it (E3, E4, X39, X43).

Models propose, a person of the desk confirms, changes or adds, and a worker burns it into the pixels of a new copy.
Only that copy is ever released; confirmed anew, it takes the place of the earlier one wherever that was released.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.models.handling import Picture
from cases.models.report import Masking, Report, ReportPhoto
from kit.errors import Conflict, Invalid, NotFound
from kit.images import FOUND_BY, Region
from people.actors import Actor


class NoSuchPhoto(NotFound):
    """The report has no such photo that is clean."""

    code = "masking.unknown"


class NotLookedAt(Conflict):
    """The photo was cleaned by an older release, and the worker is about to look at it."""

    code = "masking.not_ready"


class OutsideThePhoto(Invalid):
    """A region is empty or does not lie within the large copy; `pointer` says which."""

    code = "masking.outside"
    message = "This region does not lie within the photo."


def note_size(session: Session, photo: ReportPhoto, *, width: int, height: int) -> Masking:
    """Begin the masking of a locked photo that has been cleaned; gives what was begun if it was."""
    masking = session.get(Masking, photo.id, with_for_update=True)
    if masking is None:
        masking = Masking(photo_id=photo.id, width=width, height=height, confirmation=0, burnt=0)
        session.add(masking)
        session.flush()
    return masking


def propose(masking: Masking, found: Sequence[Region] | None) -> None:
    """Note what the models found on a locked photo; None where they could not look."""
    masking.proposed = None if found is None else [asdict(region) for region in found]
    masking.proposed_by = FOUND_BY


def confirm(
    session: Session, report: Report, photo_id: UUID, regions: Sequence[Region], *, by: Actor, now: datetime
) -> Masking:
    """A person has looked at a photo of a locked report: this, and nothing else, is hidden. Perhaps nothing at all.

    Raises NoSuchPhoto, NotLookedAt, OutsideThePhoto.
    """
    masking = _locked(session, report, photo_id)
    for at, region in enumerate(regions):
        if not region.is_inside(masking.width, masking.height):
            raise OutsideThePhoto(pointer=f"/regions/{at}")
    masking.confirmed = [asdict(region) for region in regions]
    masking.confirmed_by, masking.confirmed_at = by.account_id, now
    masking.confirmation += 1
    report.version += 1
    trail.record(session, report, Kind.MASKS_CONFIRMED, by=by, now=now, photo=str(photo_id), masks=len(regions))
    return masking


def to_burn(session: Session, report: Report) -> list[tuple[Masking, ReportPhoto]]:
    """The photos of a locked report whose newest confirmation is not in the pixels yet."""
    rows = session.execute(
        select(Masking, ReportPhoto)
        .join(ReportPhoto, ReportPhoto.id == Masking.photo_id)
        .where(
            ReportPhoto.report_client_id == report.client_id, ReportPhoto.large_key.is_not(None),
            Masking.burnt < Masking.confirmation,
        )
        .order_by(Masking.photo_id)
        .with_for_update(of=Masking)
    )  # fmt: skip
    return [(masking, photo) for masking, photo in rows]


def note_burnt(session: Session, masking: Masking, *, large_key: str, small_key: str) -> None:
    """The copies of the newest confirmation are stored; what was released of an earlier one is exchanged for them."""
    if masking.large_key is not None:
        session.execute(
            update(Picture)
            .where(Picture.large_key == masking.large_key)
            .values(large_key=large_key, small_key=small_key)
        )
    masking.large_key, masking.small_key, masking.burnt = large_key, small_key, masking.confirmation
    session.flush()


def masked(session: Session, report: Report, photo_ids: Collection[UUID]) -> dict[UUID, Masking]:
    """Those of a report's photos that may be released: clean, and burnt as last confirmed."""
    rows = session.scalars(
        select(Masking)
        .join(ReportPhoto, ReportPhoto.id == Masking.photo_id)
        .where(
            Masking.photo_id.in_(photo_ids), ReportPhoto.report_client_id == report.client_id,
            ReportPhoto.state == "clean", ReportPhoto.named,
            Masking.confirmation > 0, Masking.burnt == Masking.confirmation, Masking.large_key.is_not(None),
        )
    )  # fmt: skip
    return {masking.photo_id: masking for masking in rows}


def maskings(session: Session, photo_ids: Collection[UUID]) -> dict[UUID, Masking]:
    """What is known of hiding for each of these photos."""
    return {row.photo_id: row for row in session.scalars(select(Masking).where(Masking.photo_id.in_(photo_ids)))}


def _locked(session: Session, report: Report, photo_id: UUID) -> Masking:
    photo = session.scalars(
        select(ReportPhoto).where(
            ReportPhoto.id == photo_id, ReportPhoto.report_client_id == report.client_id,
            ReportPhoto.state == "clean", ReportPhoto.named, ReportPhoto.large_key.is_not(None),
        )
    ).one_or_none()  # fmt: skip
    if photo is None:
        raise NoSuchPhoto
    masking = session.get(Masking, photo.id, with_for_update=True, populate_existing=True)
    if masking is None:
        raise NotLookedAt
    return masking
