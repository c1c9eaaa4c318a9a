"""GET /exposures and /exposures/{id}: the public board. A withdrawn exposure keeps its place and its reason (E9)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dependencies import PublicSession
from cases import feeds
from cases.feeds import Item
from cases.models.exposure import GONE
from kit.errors import NotFound
from web.linked import article
from web.rendering import page

router = APIRouter(include_in_schema=False)
TOGETHER = 20
# A browser asks again each time: a withdrawal is in force the moment it is answered.
ASK_AGAIN = "no-cache"
PUBLIC_ID = re.compile(r"[0-9a-f]{16}")
PLACE = re.compile(r"([0-9]{1,17})-([0-9a-f]{16})")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class NotOnTheBoard(NotFound):
    """There never was such an exposure, or such a place in the list."""

    code = "exposure.unknown"


@router.get("/exposures", name="board")
def board(
    request: Request, session: PublicSession, after: Annotated[str | None, Query(max_length=40)] = None
) -> HTMLResponse:
    """The list, newest change first; `after` says where the page before ended."""
    rows = feeds.newest(session, limit=TOGETHER + 1, after=_place(after) if after is not None else None)
    shown = rows[:TOGETHER]
    older = _spelled(shown[-1]) if len(rows) > TOGETHER else None
    return page(request, "board.html", cache=ASK_AGAIN, items=shown, older=older, first=after is None)


@router.get("/exposures/{public_id}", name="exposure_page")
def exposure_page(public_id: str, request: Request, session: PublicSession) -> HTMLResponse:
    """One exposure; 410 with the public reason when it was withdrawn or its time is over, 404 when it never was."""
    found = feeds.one(session, public_id) if PUBLIC_ID.fullmatch(public_id) else None
    if found is None:
        raise NotOnTheBoard
    if found.exposure.status in GONE:
        gone = page(request, "withdrawn.html", status=410, cache=ASK_AGAIN, item=found.exposure)
        gone.headers["X-Robots-Tag"] = "noindex"
        return gone
    return page(request, "exposure.html", cache=ASK_AGAIN, item=found.exposure, lon=found.lon, lat=found.lat,
                linked=article(found))  # fmt: skip


def _spelled(last: Item) -> str:
    return f"{(last.exposure.updated_at - BEGINNING) // TICK}-{last.exposure.public_id}"


def _place(after: str) -> tuple[datetime, str]:
    """Where a page ended. Raises NotOnTheBoard for anything that no page of ours says."""
    read = PLACE.fullmatch(after)
    if read is None:
        raise NotOnTheBoard
    return BEGINNING + int(read[1]) * TICK, read[2]
