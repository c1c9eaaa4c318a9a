"""POST /m/v1/photos: one photo, streamed to the store, hashed and durable before its answer. The third hot path."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from api.dependencies import CITIZENS, Now
from api.multipart import Form
from api.uploads import Taker, kept_or_gone
from cases import intake
from cases.intake import Upload
from cases.models.report import ReportPhoto
from kit.db import unit_of_work
from kit.lanes import Lanes
from kit.storage import Stored, store
from mobile_contract.v1.photo import PhotoForm, PhotoReceipt

router = APIRouter()
NAMES = frozenset(PhotoForm.model_fields)


@router.post("/photos", status_code=201, response_model=PhotoReceipt, name="send_photo")
async def send_photo(request: Request, now: Now) -> Response:
    """Send one photo. It may come before its report, late, or twice; each gets the same answer."""
    form = Form(request)
    await form.head()
    # No transaction is open while bytes come: a slow phone must not hold a connection.
    early = await _looked_up(request, form) if form.fields.keys() >= NAMES else None
    if isinstance(early, Response):
        return early
    key = intake.new_key()
    async with Taker(key) as taker:
        await taker.take(form)
        found = early or await _looked_up(request, form)
        if isinstance(found, Response):
            return found
        stored = await taker.keep(expect_sha256=found.sha256)
    return await run_in_threadpool(_attach, found, stored, now)


async def _looked_up(request: Request, form: Form) -> Upload | Response:
    """What is announced, or the answer for what is stored already."""
    said = PhotoForm.model_validate({name: value for name, value in form.fields.items() if name in NAMES})
    upload = Upload(said.report_id, said.photo_id, said.sha256)
    lanes: Lanes = request.app.state.lanes[CITIZENS]
    known = intake.expected(upload, await lanes.row(intake.KNOWN, intake.asked(upload)))
    return upload if known is None else _told(upload, intake.already_stored(known), known.bytes or 0, 200)


def _attach(upload: Upload, stored: Stored, now: Now) -> Response:
    with kept_or_gone(stored):
        try:
            photo = _noted(upload, stored, now)
        except IntegrityError:  # a rival was first in this very moment, and is found now
            photo = _noted(upload, stored, now)
    if photo.storage_key != stored.key:  # a rival was first: its file stays, ours goes
        store().delete(stored.key)
    return _told(upload, intake.already_stored(photo), photo.bytes, 201)


def _noted(upload: Upload, stored: Stored, now: Now) -> ReportPhoto:
    with unit_of_work(CITIZENS) as session:
        return intake.attach(session, upload, key=stored.key, size=stored.bytes, now=now)


def _told(upload: Upload, state: str, size: int, status: int) -> Response:
    receipt = PhotoReceipt(
        id=upload.photo_client_id, report_id=upload.report_client_id, state=state, sha256=upload.sha256, bytes=size
    )
    return Response(receipt.model_dump_json(), status, {"Cache-Control": "no-store"}, "application/json")
