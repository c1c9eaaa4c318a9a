"""Photos that a reporter adds later: promised with an addition, then sent one by one as those of the report (R3)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import trail
from cases.intake.photos import PhotoIdReused
from cases.intake.submission import PromisedPhoto
from cases.journey import Step
from cases.models.report import Report, ReportPhoto
from cases.photos import expect
from kit.errors import Conflict

MOST_PER_REPORT = 36


class TooManyPhotos(Conflict):
    """The report has so many photos that nobody would look at more."""

    code = "answer.too_many_photos"
    message = "This report takes no more photos."


def promise(session: Session, report: Report, photos: Sequence[PromisedPhoto], *, now: datetime) -> None:
    """Name photos of a locked report that will come, or that came before they were named.

    Raises PhotoIdReused for an id that has other content, TooManyPhotos.
    """
    for photo in photos:
        known = session.get(ReportPhoto, (report.client_id, photo.id), with_for_update=True)
        if known is None:
            session.add(_promised(report, photo))
        elif known.sha256.hex() != photo.sha256:
            raise PhotoIdReused
        elif not known.named:
            _name(session, known, now=now)
    session.flush()
    _not_too_many(session, report)
    if photos:
        expect(session, report, now=now)


def states_of(session: Session, report: Report, photos: Sequence[PromisedPhoto]) -> dict[UUID, str]:
    """How far each photo of a manifest is, by the phone's id."""
    of_these = select(ReportPhoto.client_id, ReportPhoto.state).where(
        ReportPhoto.report_client_id == report.client_id, ReportPhoto.client_id.in_(photo.id for photo in photos)
    )
    return dict(session.execute(of_these).all())


def _promised(report: Report, photo: PromisedPhoto) -> ReportPhoto:
    return ReportPhoto(
        report_client_id=report.client_id, client_id=photo.id, sha256=bytes.fromhex(photo.sha256), bytes=photo.bytes,
        capture=photo.capture, taken_at=photo.taken_at, named=True, state="promised",
    )  # fmt: skip


def _name(session: Session, known: ReportPhoto, *, now: datetime) -> None:
    """One that came with no report to name it; let go after its days of waiting, it has no file and comes again."""
    known.named = True
    known.state = "promised" if known.storage_key is None else "stored"
    if known.state == "stored":
        trail.enqueue(session, Step.CLEAN_REPORT_PHOTO, known.id, now=now)


def _not_too_many(session: Session, report: Report) -> None:
    named = select(func.count()).where(ReportPhoto.report_client_id == report.client_id, ReportPhoto.named)
    report.photos_promised = session.scalars(named).one()
    if report.photos_promised > MOST_PER_REPORT:
        raise TooManyPhotos
