"""Q2: the extract is all that handlers get of a citizen's words and photos, and a person confirms it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.models.case import Case
from cases.models.handling import Picture
from cases.models.report import Report, ReportCase, ReportPhoto
from cases.triage.reports import NotLinked
from kit.errors import Invalid
from people.actors import Actor


class PhotoNotReady(Invalid):
    """A photo that is not of this report, or was not cleaned, cannot be released."""

    code = "extract.photo_not_ready"
    pointer = "/photo_ids"


def confirm_extract(
    session: Session, report: Report, case: Case, *, text: str, photo_ids: Sequence[UUID], by: Actor, now: datetime
) -> Case:
    """Release a rewritten text and chosen clean photos of a locked report to its locked case, once more or anew."""
    linked = session.get(ReportCase, report.id)
    if linked is None or linked.case_id != case.id:
        raise NotLinked
    photos = {
        photo.id: photo
        for photo in session.scalars(
            select(ReportPhoto).where(
                ReportPhoto.report_client_id == report.client_id, ReportPhoto.state == "clean", ReportPhoto.named
            )
        )
    }
    if not set(photo_ids) <= set(photos):
        raise PhotoNotReady
    for photo_id in photo_ids:
        photo = photos[photo_id]
        # A new row with a new id: nothing on the handling side leads back to the citizen's file.
        session.add(
            Picture(
                case_id=case.id, role="extract", received_at=now, state="clean",
                large_key=photo.large_key, small_key=photo.small_key,
            )
        )  # fmt: skip
    case.extract, case.extract_confirmed_at = text, now
    case.version += 1
    trail.record(session, case, Kind.EXTRACT_RELEASED, by=by, now=now, pictures=len(photo_ids))
    trail.record(session, report, Kind.EXTRACT_CONFIRMED, by=by, now=now)
    return case
