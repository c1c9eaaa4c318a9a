"""POST /open311/v2/requests: a report that an application sends for somebody. From here it is a report like any other.

It is routed, sealed, receipted and tracked by the same statement as a phone's, and is public when it is verified,
reviewed and published, which most reports never are (promise 7).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api import georeport
from api.attaching import attach
from api.dependencies import CITIZENS, Now
from api.errors import wants_english
from api.mobile.reports import NEXT, TimeOutOfRange
from api.mobile.reports import store as store_once
from api.open311 import own, posted
from api.open311.asked import Words
from api.open311.form import URLENCODED, MediaForm, Said, fields_of, kind_of
from api.open311.keys import PRIVATE, application
from api.open311.requests import NoSuchRequest
from api.open311.services import NoSuchService
from api.open311.serving import Form, OurJurisdiction, georeport_router, must_be_ours, served
from api.rights import sender
from api.uploads import Taker, let_go
from cases import intake
from cases.intake import Received, Rules, Upload, grouped
from cases.intake.codes import claim_secret
from kit.clock import LOCAL_ZONE
from kit.errors import Unavailable
from kit.lanes import Lanes
from kit.settings import settings
from kit.storage import Stored, new_data_key
from mobile_contract.v1.base import is_plausible

router = georeport_router()
NOTICE = {
    False: "请举报人记下：查询码 {code}，凭此在 {base}/track 查询进展；"
           "领奖密码 {secret}，不要告诉他人。{next}：{due}。",
    True: "For the reporter alone: tracking code {code}, to follow the report at {base}/track; claim secret {secret}, "
          "to be shown to nobody. {next}: {due}.",
}  # fmt: skip


class Photo(NamedTuple):
    """One that arrived, with the key that opens it."""

    stored: Stored
    data_key: bytes


@router.post("/v2/requests.{form}", status_code=201, name="open311_send")
@sender
async def send(form: Form, request: Request, now: Now) -> Response:
    """Take a report. The same form from the same application on the same day is the same report, told with 200."""
    rules: Rules = request.app.state.rules.current
    if kind_of(request) == URLENCODED:
        received = await _stored(request, await fields_of(request), [], rules, now)
    else:
        media = MediaForm(request)
        async with AsyncExitStack() as kept:  # what is refused leaves no file behind
            photos = await _take(media, kept)
            received = await _stored(request, media.said, photos, rules, now)
            kept.pop_all()
        await _attach(request, received, photos, rules, now)
    told = {
        "service_request_id": received.reference, "service_notice": _notice(request, received), "account_id": None,
    }  # fmt: skip
    return georeport.answer(form, "service_requests", [told], headers=PRIVATE, status=200 if received.replay else 201)


@served(router, "/v2/tokens/{token}.{form}", name="open311_token")
@sender
def token(token: str, form: Form, request: Request, now: Now, _ours: OurJurisdiction) -> Response:
    """A request has its id at once, which is its token as well, for whose key has sent it. Raises NoSuchRequest."""
    key = Words(request.query_params).one("api_key")
    found = own.requests(application(key, now=now), (token,), now=now) if key else []
    if not found:
        raise NoSuchRequest
    told = [{"service_request_id": each["service_request_id"], "token": token} for each in found]
    return georeport.answer(form, "service_requests", told, headers=PRIVATE)


async def _take(media: MediaForm, kept: AsyncExitStack) -> list[Photo]:
    """Every file of a form, durable and sealed. Raises as Taker does."""
    photos: list[Photo] = []
    taker: Taker | None = None
    number, data_key = 0, b""
    async with AsyncExitStack() as open_:
        async for file, piece in media.media():
            if file != number:
                photos += await _finished(taker, data_key, kept)
                number, data_key = file, new_data_key()
                taker = await open_.enter_async_context(Taker(intake.new_sealed_key(), data_key=data_key))
            assert taker is not None  # noqa: S101 - files are numbered from 1
            await taker.add(piece)
        return photos + await _finished(taker, data_key, kept)


async def _finished(taker: Taker | None, data_key: bytes, kept: AsyncExitStack) -> list[Photo]:
    if taker is None:
        return []
    taker.look_at_all()
    stored = await taker.keep(expect_sha256=None)
    await kept.enter_async_context(_gone_unless_stored(stored))
    return [Photo(stored, data_key)]


@asynccontextmanager
async def _gone_unless_stored(stored: Stored) -> AsyncIterator[None]:
    """A file of a report that was refused, whatever for, is deleted. Where nobody knows, it stays."""
    try:
        yield
    except Unavailable:
        raise
    except Exception:
        await let_go(stored)
        raise


async def _stored(request: Request, said: Said, photos: Sequence[Photo], rules: Rules, now: datetime) -> Received:
    """Who sends is asked first, then what it is. Raises NoKey, WrongScope, and what stands against the report."""
    given = {name: value.strip() for name, value in [*request.query_params.items(), *said] if value.strip()}
    client = await run_in_threadpool(application, given.get("api_key", ""), now=now)
    must_be_ours(given.get("jurisdiction_id"))
    report = posted.read(said)
    report.must_say_something(with_photo=bool(photos))
    if report.service_code not in rules.urgencies:
        raise NoSuchService
    if report.observed_at is not None and not is_plausible(report.observed_at, now=now):
        raise TimeOutOfRange(pointer="/attribute[observed_at]")
    sent_by = intake.sender("", device=report.device_id, phone=report.phone, now=now, application=client)
    sent = posted.submission(
        report, [photo.stored for photo in photos], application=client, sent_by=sent_by, rules=rules,
        lane=intake.lane_of(sent_by, rules.values, now=now), english=wants_english(request), now=now,
    )  # fmt: skip
    return await store_once(request, sent, sent_by, now=now)


async def _attach(request: Request, received: Received, photos: Sequence[Photo], rules: Rules, now: datetime) -> None:
    lanes: Lanes = request.app.state.lanes[CITIZENS]
    for number, (stored, data_key) in enumerate(photos):
        upload = Upload(received.client_id, posted.photo_id(received.client_id, number), stored.sha256)
        await attach(lanes, upload, stored, data_key, rules.sealing, now=now)


def _notice(request: Request, received: Received) -> str:
    """What the standard has room for nowhere else, and only the reporter should read: once, and in the answer alone."""
    english = wants_english(request)
    return NOTICE[english].format(
        code=grouped(received.tracking_code), secret=grouped(claim_secret(received.client_id)),
        base=settings().base_url, next=NEXT["en" if english else "zh-CN"][received.emergency],
        due=received.review_due_at.astimezone(LOCAL_ZONE).isoformat(timespec="minutes"),
    )  # fmt: skip
