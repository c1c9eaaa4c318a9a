"""POST /m/v1/photos: one photo, sealed on its way into the store, hashed and durable before its answer.

The third hot path. Nothing of it is ever written down in clear.
"""

from fastapi import Request, Response

from api.dependencies import CITIZENS, Now
from api.mobile.rules import RulesInForce
from api.multipart import Form
from api.rights import reporter
from api.routes import citizens_router
from api.uploads import Taker, kept_or_gone, let_go
from cases import intake
from cases.intake import SealedFile, Upload
from kit.lanes import Lanes
from kit.storage import Stored, new_data_key
from mobile_contract.v1.photo import PhotoForm, PhotoReceipt

router = citizens_router()
NAMES = frozenset(PhotoForm.model_fields)


@router.post("/photos", status_code=201, response_model=PhotoReceipt, name="send_photo")
@reporter
async def send_photo(request: Request, now: Now) -> Response:
    """Send one photo. It may come before its report, late, or twice; each gets the same answer."""
    form = Form(request)
    await form.head()
    # No transaction is open while bytes come: a slow phone must not hold a connection.
    early = await _looked_up(request, form) if form.fields.keys() >= NAMES else None
    if isinstance(early, Response):
        return early
    rules: RulesInForce = request.app.state.rules
    key, data_key, sealing = intake.new_sealed_key(), new_data_key(), rules.current.sealing
    async with Taker(key, data_key=data_key) as taker:
        await taker.take(form)
        found = early or await _looked_up(request, form)
        if isinstance(found, Response):
            return found
        stored = await taker.keep(expect_sha256=found.sha256)
    return await _attached(request, found, SealedFile(key, data_key, sealing, stored.bytes), stored, now)


async def _looked_up(request: Request, form: Form) -> Upload | Response:
    """What is announced, or the answer for what is stored already."""
    said = PhotoForm.model_validate({name: value for name, value in form.fields.items() if name in NAMES})
    upload = Upload(said.report_id, said.photo_id, said.sha256)
    known = intake.expected(upload, await _lanes(request).row(intake.KNOWN, intake.asked(upload)))
    return upload if known is None else _told(upload, intake.already_stored(known), known.bytes or 0, 200)


async def _attached(request: Request, upload: Upload, file: SealedFile, stored: Stored, now: Now) -> Response:
    async with kept_or_gone(stored), _lanes(request).transaction() as connection:
        photo = await intake.attach(connection, upload, file, now=now)
    if photo.key != stored.key:  # a rival was first: its file stays, ours goes
        await let_go(stored)
    return _told(upload, intake.already_stored(photo), photo.bytes or 0, 201)


def _lanes(request: Request) -> Lanes:
    lanes: Lanes = request.app.state.lanes[CITIZENS]
    return lanes


def _told(upload: Upload, state: str, size: int, status: int) -> Response:
    receipt = PhotoReceipt(
        id=upload.photo_client_id, report_id=upload.report_client_id, state=state, sha256=upload.sha256, bytes=size
    )
    return Response(receipt.model_dump_json(), status, {"Cache-Control": "no-store"}, "application/json")
