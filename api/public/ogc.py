"""GET /ogc/…: the exposures shown now as OGC API Features (17-069r4, core and GeoJSON), for map programs.

What was withdrawn or has expired is in no list; its own address answers 410 with the reason (E9).
"""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.cursors import bound, pack, unpack
from api.dependencies import Now, PublicSession
from api.public.caching import ANYBODY, answer, tag
from api.public.exposures import NoSuchExposure
from api.public.formats.geojson import feature
from api.public.formats.wording import ABOUT, TITLE, is_gone
from api.rights import anybody
from api.routes import open_router
from cases import feeds
from cases.feeds.items import item
from kit.errors import Expired, Invalid
from kit.settings import settings

router: APIRouter = open_router("/ogc", tags=["open"])
GEOJSON, JSON = "application/geo+json", "application/json"
CLASSES = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson")
]  # fmt: skip
LIST, COLLECTION = "ogc", "exposures"
MOST, USUAL = 1000, 100
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
FLAT, WITH_HEIGHT = 4, 6


class BadBox(Invalid):
    """A box is west, south, east, north in degrees of WGS-84; with heights they are six numbers."""

    code = "ogc.bbox"
    message = "bbox is west,south,east,north in degrees (WGS-84)."
    pointer = "?bbox"


class GoneFeature(Expired):
    """An exposure that was withdrawn, or whose time is over."""

    code = "exposure.gone"
    message = "This exposure is no longer public."


@router.get("", name="ogc_landing")
@router.get("/", include_in_schema=False)
@anybody
def landing() -> Response:
    """Where everything is."""
    return _json({
        "title": TITLE, "description": ABOUT,
        "links": [
            _link("", "self", "This document"), _link("/conformance", "conformance", "What it conforms to"),
            _link("/collections", "data", "The collections"),
        ],
    })  # fmt: skip


@router.get("/conformance", name="ogc_conformance")
@anybody
def conformance() -> Response:
    """Which requirements are met."""
    return _json({"conformsTo": CLASSES})


@router.get("/collections", name="ogc_collections")
@anybody
def collections() -> Response:
    """There is one."""
    links = [_link("/collections", "self", "This document")]
    return _json({"links": links, "collections": [_collection()]})


@router.get(f"/collections/{COLLECTION}", name="ogc_collection")
@anybody
def collection() -> Response:
    """Exposures."""
    return _json(_collection())


@router.get(f"/collections/{COLLECTION}/items", name="ogc_items")
@anybody
def items(
    request: Request, session: PublicSession, now: Now,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
    bbox: Annotated[str | None, Query(max_length=200)] = None,
    town: Annotated[str | None, Query(max_length=20)] = None,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:  # fmt: skip
    """Those shown now, the newest change first, a page at a time; `next` among the links leads on."""
    wanted = feeds.Wanted(shown=True, box=_box(bbox) if bbox else None, town=town)
    whose = bound(LIST, bbox, town)
    place = None
    if after is not None:
        at, public_id = unpack(whose, after)
        place = (datetime.fromisoformat(at), public_id)

    def made() -> bytes:
        rows = feeds.newest(session, limit=limit + 1, after=place, wanted=wanted)
        shown = rows[:limit]
        links = [{"href": str(request.url), "rel": "self", "type": GEOJSON}]
        if len(rows) > limit:
            last = shown[-1].exposure
            follows = request.url.include_query_params(after=pack(whose, last.updated_at, last.public_id))
            links.append({"href": f"{settings().base_url}{follows.path}?{follows.query}", "rel": "next",
                          "type": GEOJSON})  # fmt: skip
        return orjson.dumps({
            "type": "FeatureCollection", "features": [feature(item(row), settings().base_url) for row in shown],
            "links": links, "timeStamp": now.isoformat(timespec="seconds"),
            "numberMatched": feeds.count(session, wanted), "numberReturned": len(shown),
        })  # fmt: skip

    return answer(request, tag(session, now, LIST, request.url.query), made, media_type=GEOJSON)


@router.get(f"/collections/{COLLECTION}/items/{{public_id}}", name="ogc_item")
@anybody
def one(public_id: str, request: Request, session: PublicSession, now: Now) -> Response:
    """One of them. Raises NoSuchExposure, GoneFeature."""
    found = feeds.one(session, public_id)
    if found is None:
        raise NoSuchExposure
    told = item(found)
    if is_gone(told):
        raise GoneFeature(reason=told["withdraw_reason"], state=told["status"])

    def made() -> bytes:
        links = [
            _link(f"/collections/{COLLECTION}/items/{public_id}", "self", "This feature", GEOJSON),
            _link(f"/collections/{COLLECTION}", "collection", "Its collection"),
        ]
        return orjson.dumps({**feature(told, settings().base_url), "links": links})

    return answer(request, tag(session, now, LIST, public_id), made, media_type=GEOJSON)


def _collection() -> dict[str, Any]:
    here = f"/collections/{COLLECTION}"
    return {
        "id": COLLECTION, "title": TITLE, "description": ABOUT, "itemType": "feature", "crs": [CRS84],
        "links": [
            _link(here, "self", "This document"), _link(f"{here}/items", "items", "The exposures", GEOJSON),
            {"href": f"{settings().base_url}/exposures", "rel": "alternate", "type": "text/html"},
        ],
    }  # fmt: skip


def _box(said: str) -> tuple[float, float, float, float]:
    """Raises BadBox."""
    try:
        numbers = [float(each) for each in said.split(",")]
    except ValueError as wrong:
        raise BadBox from wrong
    if len(numbers) == WITH_HEIGHT:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != FLAT:
        raise BadBox
    west, south, east, north = numbers
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        raise BadBox
    return west, south, east, north


def _link(path: str, rel: str, title: str, kind: str = JSON) -> dict[str, str]:
    return {"href": f"{settings().base_url}/ogc{path}", "rel": rel, "type": kind, "title": title}


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type=JSON, headers=ANYBODY)
