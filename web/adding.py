"""POST /track/photos: one photo more, from the page of a report (R3), without a script.

It is sealed on its way into the store. The photo has the id of the act, so that sending the page twice adds it once.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.attaching import attach
from api.dependencies import CITIZENS, Now
from api.multipart import BadForm, Form
from api.uploads import FileMissing, Taker, kept_or_gone
from cases import intake
from cases.intake import Addition, AnswerIdReused, Mistyped, NotOpen, TooManyPhotos, UnknownCode, Upload
from cases.intake.photos import Withdrawn
from cases.intake.submission import PromisedPhoto
from kit.db import unit_of_work
from kit.errors import Refusal, TooMany
from kit.images import PhotoBroken, PhotoPixels, PhotoType
from kit.storage import ChecksumMismatch, ContentTooLarge, Stored, new_data_key
from kit.tickets import unseal
from web import words
from web.tracking import TICKET, Acting, again, shown, slowed

router = APIRouter(include_in_schema=False)
PHOTO = "photo"
FAULTS: dict[type[Refusal], tuple[str, int]] = {
    PhotoType: (words.PHOTO_TYPE, 415),
    PhotoPixels: (words.PHOTO_PIXELS, 422),
    PhotoBroken: (words.PHOTO_BROKEN, 422),
    FileMissing: (words.PHOTO_TYPE, 422),
    ContentTooLarge: (words.PHOTO_LARGE, 413),
    ChecksumMismatch: (words.PHOTO_TORN, 422),
    TooManyPhotos: (words.PHOTO_ENOUGH, 409),
    TooMany: (words.ENOUGH_TODAY, 429),
    NotOpen: (words.NOT_OPEN, 409),
    Withdrawn: (words.NOT_OPEN, 409),
}


class _Asked(NamedTuple):
    """Whose photo it is: the code, as the page carries it sealed, and the id of the act."""

    typed: str
    act_id: UUID


@router.get("/track/photos", name="photo_again")
def photo_again() -> RedirectResponse:
    """Whoever keeps the address comes back to the form."""
    return RedirectResponse("/#track", 303)


@router.post("/track/photos", name="photo_page")
async def photo_page(request: Request, now: Now) -> HTMLResponse:
    """Take it, and show the page again with what was taken; a fault is told beside the form."""
    form = Form(request)
    await form.head()
    asked = await run_in_threadpool(_asked, request, form, now)
    if isinstance(asked, HTMLResponse):
        return asked
    try:
        await _take(request, form, asked, now)
    except (Mistyped, UnknownCode):
        return again(request, "", 404, words.UNKNOWN)
    except tuple(FAULTS) as fault:
        text, status = next(said for kind, said in FAULTS.items() if isinstance(fault, kind))
        return await run_in_threadpool(_shown, request, Acting(asked.typed, fault=text, at=PHOTO), now, status)
    return await run_in_threadpool(_shown, request, Acting(asked.typed, taken=words.PHOTO_TAKEN), now, 200)


def _asked(request: Request, form: Form, now: datetime) -> _Asked | HTMLResponse:
    """Whose photo it is, looked at before any byte of it is taken; or what is told instead."""
    slow = slowed(request, "", now)
    if slow is not None:
        return slow
    typed = unseal(TICKET, form.fields.get("ticket", ""), now=now)
    if typed is None:
        return again(request, "", 403, words.LEFT_OPEN)
    try:
        return _Asked(typed, UUID(form.fields.get("act_id", "")))
    except ValueError as wrong:
        raise BadForm(pointer="/act_id") from wrong


async def _take(request: Request, form: Form, asked: _Asked, now: datetime) -> None:
    key, data_key, sealing = intake.new_sealed_key(), new_data_key(), request.app.state.rules.current.sealing
    async with Taker(key, data_key=data_key) as taker:
        await taker.take(form)
        stored = await taker.keep(expect_sha256=None)
    async with kept_or_gone(stored):
        upload = await run_in_threadpool(_promise, asked, stored, now)
    await attach(request.app.state.lanes[CITIZENS], upload, stored, data_key, sealing, now=now)


def _promise(asked: _Asked, stored: Stored, now: datetime) -> Upload:
    """Name it as a supplement; whoever chose another photo on the same page means another act."""
    for act_id in (asked.act_id, uuid4()):
        photos = (PromisedPhoto(act_id, stored.sha256, stored.bytes, "album", None),)
        said = intake.fingerprint("supplement", None, "", photos=photos)
        addition = Addition(act_id, said, asked.typed, "supplement", None, "", photos=photos)
        try:
            with unit_of_work(CITIZENS) as session:
                report, _, _ = intake.add(session, addition, now=now)
                return Upload(report.client_id, act_id, stored.sha256)
        except AnswerIdReused:
            continue
    raise AnswerIdReused


def _shown(request: Request, acting: Acting, now: datetime, status: int) -> HTMLResponse:
    with unit_of_work(CITIZENS) as session:
        found = intake.progress(session, acting.typed, now=now)
        return shown(request, found, acting, now=now, status=status)
