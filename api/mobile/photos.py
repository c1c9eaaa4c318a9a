"""POST /m/v1/photos: one photo, sealed on its way into the store, hashed and durable before its answer.

The third hot path. Nothing of it is ever written down in clear.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response

from api.attaching import attach
from api.dependencies import CITIZENS, Now
from api.mobile.rules import RulesInForce
from api.multipart import Form
from api.rights import reporter
from api.routes import citizens_router
from api.uploads import Taker
from cases import intake
from cases.intake import Known, Upload
from cases.intake.submission import PromisedPhoto
from kit.lanes import Lanes
from kit.storage import new_data_key
from mobile_contract.v1.base import is_plausible
from mobile_contract.v1.photo import PhotoForm, PhotoIn, PhotoReceipt, ReceiptPhoto

router = citizens_router()
NAMES = frozenset(PhotoForm.model_fields)


TOLD_STATES = {"promised": "expected", "waiting": "waiting", "rejected": "rejected", "expired": "expected"}


def promised(photos: Sequence[PhotoIn], *, now: datetime) -> tuple[PromisedPhoto, ...]:
    """A manifest for the domain. A time that cannot be is left out: the file may know better."""
    return tuple(
        PromisedPhoto(
            p.id, p.sha256, p.bytes, p.capture,
            p.taken_at if p.taken_at and is_plausible(p.taken_at, now=now) else None,
        )
        for p in photos
    )  # fmt: skip


def of_receipt(states: Mapping[UUID, str]) -> list[ReceiptPhoto]:
    """Which photos of a manifest are here yet, by their ids."""
    return [ReceiptPhoto(id=id_, state=TOLD_STATES.get(state, "stored")) for id_, state in sorted(states.items())]


class _Found(NamedTuple):
    """What a form announces, and what is known of it."""

    upload: Upload
    known: Known


@router.post("/photos", status_code=201, response_model=PhotoReceipt, name="send_photo")
@reporter
async def send_photo(request: Request, now: Now) -> Response:
    """Send one photo. It may come before its report, late, or twice; each gets the same answer."""
    form = Form(request)
    await form.head()
    # No transaction is open while bytes come: a slow phone must not hold a connection.
    early = await _looked_up(request, form) if form.fields.keys() >= NAMES else None
    if early and early.known.is_here:
        return _told(early, early.known, 200)
    rules: RulesInForce = request.app.state.rules
    key, data_key, sealing = intake.new_sealed_key(), new_data_key(), rules.current.sealing
    async with Taker(key, data_key=data_key) as taker:
        await taker.take(form)
        found = early or await _looked_up(request, form)
        if found.known.is_here:
            return _told(found, found.known, 200)
        stored = await taker.keep(expect_sha256=found.upload.sha256)
    photo = await attach(_lanes(request), found.upload, stored, data_key, sealing, known=found.known, now=now)
    return _told(found, photo, 201)


async def _looked_up(request: Request, form: Form) -> _Found:
    said = PhotoForm.model_validate({name: value for name, value in form.fields.items() if name in NAMES})
    upload = Upload(said.report_id, said.photo_id, said.sha256)
    row = await _lanes(request).row(intake.KNOWN, intake.asked(upload))
    return _Found(upload, intake.looked_up(upload, row))


def _lanes(request: Request) -> Lanes:
    lanes: Lanes = request.app.state.lanes[CITIZENS]
    return lanes


def _told(found: _Found, photo: Known, status: int) -> Response:
    upload = found.upload
    receipt = PhotoReceipt(
        id=upload.photo_client_id, report_id=upload.report_client_id, state=intake.already_stored(photo),
        sha256=upload.sha256, bytes=photo.bytes or 0,
    )  # fmt: skip
    return Response(receipt.model_dump_json(), status, {"Cache-Control": "no-store"}, "application/json")
