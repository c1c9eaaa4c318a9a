"""GET /feeds/…: the newest exposures as RSS, JSON Feed, ninjs and GeoJSON, Atom by the month, and the sitemap.

The live Atom document is answered before the framework (api/public/raw_feed.py).
"""

from collections.abc import Sequence
from types import ModuleType
from typing import Annotated, Any

from fastapi import Path, Request, Response
from fastapi.responses import PlainTextResponse

from api.dependencies import Now, PublicSession
from api.public.caching import answer, tag
from api.public.formats import atom, geojson, json_feed, ninjs, rss, sitemap
from api.rights import anybody
from api.routes import open_router
from cases import feeds
from cases.feeds.items import item
from kit.errors import NotFound
from kit.settings import settings

router = open_router(tags=["open"])
LIVE = (rss, json_feed, ninjs)
SITEMAP_MOST = 50_000  # as its rules say


class NoSuchMonth(NotFound):
    """Nothing was published in that month."""

    code = "feed.month_unknown"
    message = "Nothing was published in that month."


def _serve(path: str, read: Any, *, name: str) -> None:
    """Answer GET, and HEAD, which readers ask to see whether something is new."""
    router.add_api_route(path, anybody(read), methods=["GET"], name=name)
    router.add_api_route(path, anybody(read), methods=["HEAD"], name=f"{name}_head", include_in_schema=False)


def _live(form: ModuleType, *, wanted: feeds.Wanted = feeds.ALL, most: int = feeds.LIVE) -> Any:
    def read(request: Request, session: PublicSession, now: Now) -> Response:
        def made() -> bytes:
            rows: Sequence[Any] = [item(row) for row in feeds.newest(session, limit=most, wanted=wanted)]
            document: bytes = form.document(rows, base_url=settings().base_url, now=now)
            return document

        return answer(request, tag(session, now, form.PATH), made, media_type=form.TYPE)

    read.__doc__ = form.__doc__
    return read


for each in LIVE:
    _serve(each.PATH, _live(each), name=f"feed_{each.__name__.rpartition('.')[2]}")
_serve(geojson.PATH, _live(geojson, wanted=feeds.SHOWN), name="feed_geojson")
_serve(sitemap.PATH, _live(sitemap, wanted=feeds.SHOWN, most=SITEMAP_MOST), name="sitemap")


@router.head("/feeds/exposures/{month}.atom", name="feed_month_head", include_in_schema=False)
@router.get("/feeds/exposures/{month}.atom", name="feed_month")
@anybody
def feed_month(
    month: Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")],
    request: Request, session: PublicSession, now: Now,
) -> Response:  # fmt: skip
    """What was published first in a month, as Atom (RFC 5005). What went since stands there as its tombstone (E9)."""
    known = feeds.months(session)
    if month not in known:
        raise NoSuchMonth

    def made() -> bytes:
        earlier = next((other for other in known if other < month), None)
        rows = [item(row) for row in feeds.of_month(session, month)]
        return atom.of_month(month, rows, base_url=settings().base_url, earlier=earlier)

    return answer(request, tag(session, now, "month", month), made, media_type=atom.TYPE)


@router.get("/robots.txt", name="robots", response_class=PlainTextResponse)
@anybody
def robots() -> PlainTextResponse:
    """Search engines read the board and what leads there, and nobody's progress (E11)."""
    lines = ["User-agent: *", "Disallow: /track", "Disallow: /q/", "Disallow: /m/", "Disallow: /o/",
             f"Sitemap: {settings().base_url}{sitemap.PATH}"]  # fmt: skip
    return PlainTextResponse("\n".join(lines) + "\n")
