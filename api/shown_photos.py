"""A citizen's photo for those who read its report: its clean copies as bytes."""

from collections.abc import Iterator
from uuid import UUID

from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.uploads import CHUNK
from cases.models.report import Report, ReportPhoto
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
