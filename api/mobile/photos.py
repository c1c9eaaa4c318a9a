"""POST /m/v1/photos: one photo, streamed to the store, hashed and durable before its answer."""

from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from sqlalchemy.orm import Session

from api.dependencies import CITIZENS, Now
from api.uploads import MOST_BYTES, checked_chunks
from cases import intake
from cases.intake import Upload
from kit.db import unit_of_work
from kit.storage import store
from mobile_contract.v1.photo import PhotoReceipt

router = APIRouter()


@router.post("/photos", status_code=201, name="send_photo")
def send_photo(
    response: Response,
    now: Now,
    photo_id: Annotated[UUID, Form()],
    report_id: Annotated[UUID, Form()],
    sha256: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")],
    file: Annotated[UploadFile, File()],
) -> PhotoReceipt:
    """Send one photo. It may come before its report, late, or twice; each gets the same answer."""
    upload = Upload(report_id, photo_id, sha256)
    with unit_of_work(CITIZENS) as session:
        known = intake.expect(session, upload)
        if known is not None:
            response.status_code = 200
            return _told(upload, intake.already_stored(known), known.bytes)
    # No transaction is open while bytes are written: a slow disk must not hold a connection.
    key = intake.new_key()
    size = _keep(key, file.file, upload.sha256)
    with unit_of_work(CITIZENS) as session:
        return _attach(session, upload, key=key, size=size, now=now)


def _keep(key: str, file: BinaryIO, sha256: str) -> int:
    stored = store().put(key, checked_chunks(file), limit_bytes=MOST_BYTES, expect_sha256=sha256)
    return stored.bytes


def _attach(session: Session, upload: Upload, *, key: str, size: int, now: Now) -> PhotoReceipt:
    photo = intake.attach(session, upload, key=key, size=size, now=now)
    if photo.storage_key != key:  # a rival was first: its file stays, ours goes
        store().delete(key)
    return _told(upload, intake.already_stored(photo), photo.bytes)


def _told(upload: Upload, state: str, size: int) -> PhotoReceipt:
    return PhotoReceipt(
        id=upload.photo_client_id, report_id=upload.report_client_id, state=state, sha256=upload.sha256, bytes=size
    )
