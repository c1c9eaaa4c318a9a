"""How a citizen's photo is shown to those who read its report: its copies as bytes, and what the desk knows of it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.uploads import CHUNK
from cases import photos
from cases.models.report import Masking, Report, ReportPhoto
from kit.errors import NotFound
from kit.storage import Reader, store


def photo_of(session: Session, report: Report, photo_id: UUID, size: str) -> StreamingResponse:
    """A clean copy of a photo of this report. Raises NotFound."""
    photo = session.scalars(
        select(ReportPhoto).where(
            ReportPhoto.id == photo_id, ReportPhoto.report_client_id == report.client_id, ReportPhoto.state == "clean"
        )
    ).one_or_none()
    if photo is None:
        raise NotFound
    return streamed((photo.large_key if size == "large" else photo.small_key) or "")


def streamed(key: str) -> StreamingResponse:
    """A copy from the store. Raises Missing."""
    headers = {"Cache-Control": "private, no-store"}
    return StreamingResponse(_pieces(store().open(key)), media_type="image/jpeg", headers=headers)


def _pieces(reader: Reader) -> Iterator[bytes]:
    with reader:
        yield from iter(lambda: reader.read(CHUNK), b"")


def photo_rows(session: Session, found: Sequence[ReportPhoto]) -> list[dict[str, Any]]:
    """A report's photos for the desk: states, grades and lookalikes (security.md 3.5, T12), and what is hidden."""
    ids = [photo.id for photo in found]
    seen, maskings = photos.seen_before(session, ids), photos.maskings(session, ids)
    return [
        {
            "id": str(photo.id), "state": photo.state, "reason": photo.reason,
            "place_grade": photo.place_grade, "time_grade": photo.time_grade,
            "seen_before": [
                {"report_id": str(each.report_id), "reference": each.reference, "mirrored": each.mirrored}
                for each in seen.get(photo.id, ())
            ],
            "masking": masking_row(maskings[photo.id]) if photo.id in maskings else None,
        }
        for photo in found
    ]  # fmt: skip


def masking_row(masking: Masking) -> dict[str, Any]:
    """What models proposed to hide, what a person confirmed, and whether that is in the pixels yet.

    Regions are in pixels of the large copy. `proposed` is null where the models have not looked, or could not.
    """
    return {
        "width": masking.width, "height": masking.height, "proposed": masking.proposed,
        "proposed_by": masking.proposed_by, "confirmed": masking.confirmed,
        "confirmed_at": masking.confirmed_at.isoformat() if masking.confirmed_at else None,
        "burnt": 0 < masking.confirmation == masking.burnt,
    }  # fmt: skip
