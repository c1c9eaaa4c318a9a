"""GET /open311/v2/requests: the public record as requests. What nobody has verified is not among them (promise 7).

Beside them an application finds what it has sent itself, by its key and by the ids that it was given.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request, Response

from api import georeport
from api.dependencies import CITIZENS, Now, PublicSession
from api.open311 import own
from api.open311.asked import Words
from api.open311.keys import PRIVATE, application
from api.open311.projection import request_of
from api.open311.services import NoSuchService
from api.open311.serving import Form, OurJurisdiction, georeport_router, served
from api.public.caching import answer, tag
from api.rights import sender
from cases import feeds, policy
from cases.feeds.items import item
from cases.models.exposure import GONE
from geo.points import Point
from kit.db import unit_of_work
from kit.errors import Expired, Invalid, NotFound
from kit.settings import settings

router = georeport_router()
ROOT = "service_requests"
MOST_IDS = 200
WIDEST_M = 50_000
USUAL_M = 1_000


class NoSuchRequest(NotFound):
    """Never there, not public yet, or not any more."""

    code = "request.unknown"
    message = "There is no such request, or it is not public."


class GoneRequest(Expired):
    """It was public, and is withdrawn or has expired; the standard tells it like what never was, we with the reason."""

    code = "request.gone"
    message = "This request is no longer public."


class TooManyIds(Invalid):
    """More ids than are looked up at once."""

    code = "georeport.ids"
    message = f"At most {MOST_IDS} ids at once."
    pointer = "?service_request_id"


class HalfAPlace(Invalid):
    """A place is lat and long."""

    code = "georeport.place"
    message = "Give lat and long together, and radius in metres with them."
    pointer = "?lat"


@served(router, "/v2/requests.{form}", name="open311_requests")
@sender
def requests(form: Form, request: Request, session: PublicSession, now: Now, _ours: OurJurisdiction) -> Response:
    """Those shown now, the newest change first. Ids override all other words, as the standard says."""
    words = Words(request.query_params)
    ids = words.several("service_request_id")
    if len(ids) > MOST_IDS:
        raise TooManyIds
    sent = _sent(words, ids, now=now)
    skip, most = (0, len(ids)) if ids else words.page()
    wanted = feeds.Wanted(shown=True, ids=ids) if ids else _wanted(words, now=now)

    def told() -> list[dict[str, Any]]:
        rows = feeds.newest(session, limit=most, skip=skip, wanted=wanted)
        if ids and not rows and not sent:
            raise NoSuchRequest
        return sent + _told(rows, words)

    return _answer(form, request, session, now, told)


@served(router, "/v2/requests/{service_request_id}.{form}", name="open311_request")
@sender
def one(
    service_request_id: str, form: Form, request: Request, session: PublicSession, now: Now, _ours: OurJurisdiction
) -> Response:
    """One of them, in a list of its own. Raises NoSuchRequest, GoneRequest."""
    words = Words(request.query_params)
    sent = _sent(words, (service_request_id,), now=now)
    found = None if sent else feeds.one(session, service_request_id)
    if found is None and not sent:
        raise NoSuchRequest
    if found is not None and found.exposure.status in GONE:
        raise GoneRequest(reason=found.exposure.withdraw_reason)
    return _answer(form, request, session, now, lambda: sent or _told([found] if found else [], words))


def _wanted(words: Words, *, now: datetime) -> feeds.Wanted:
    codes = words.several("service_code")
    if codes:
        _must_be_services(codes, now=now)
    changed = (words.time("updated_after"), words.time("updated_before"))
    asks_span = words.one("start_date") or words.one("end_date") or changed == (None, None)
    return feeds.Wanted(
        shown=True, categories=codes, rectified=words.rectified(), near=_near(words),
        published=words.span(now=now) if asks_span else None, changed=changed,
    )  # fmt: skip


def _must_be_services(codes: tuple[str, ...], *, now: datetime) -> None:
    """Raise NoSuchService unless each is a service."""
    with unit_of_work(CITIZENS) as session:
        known = {row.category_code for row in policy.categories(session, now)}
    if not known.issuperset(codes):
        raise NoSuchService


def _near(words: Words) -> tuple[Point, float] | None:
    lat, lon = words.number("lat", least=-90, most=90), words.number("long", least=-180, most=180)
    radius = words.number("radius", least=1, most=WIDEST_M)
    if lat is None and lon is None and radius is None:
        return None
    if lat is None or lon is None:
        raise HalfAPlace
    return Point.at(lon, lat), radius or USUAL_M


def _sent(words: Words, ids: tuple[str, ...], *, now: datetime) -> list[dict[str, Any]]:
    key = words.one("api_key")
    return own.requests(application(key, now=now), ids, now=now) if key else []


def _told(rows: list[feeds.Item], words: Words) -> list[dict[str, Any]]:
    extended = words.truth("extensions")
    return [request_of(item(row), base_url=settings().base_url, extended=extended) for row in rows]


def _answer(
    form: Form, request: Request, session: PublicSession, now: datetime, told: Callable[[], list[dict[str, Any]]]
) -> Response:
    """What somebody has asked with a key is for nobody else, and kept by no cache."""
    if "api_key" in request.query_params:
        return georeport.answer(form, ROOT, told(), headers=PRIVATE)
    etag = tag(session, now, request.url.path, request.url.query)
    return answer(request, etag, lambda: georeport.written(form, ROOT, told()), media_type=georeport.TYPES[form])
