"""GET /open/exposures: the public list as JSON, keyset-paged, newest change first."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response

from api.cursors import pack, unpack
from api.dependencies import Now, PageLimit, PublicSession
from api.public.caching import ANYBODY
from api.rights import anybody
from api.routes import open_router
from cases import feeds, history
from cases.feeds.items import item
from kit.errors import NotFound

router = open_router(tags=["open"])


class NoSuchExposure(NotFound):
    """There never was such an exposure."""

    code = "exposure.unknown"
    message = "There is no such exposure."


@router.get("/open/exposures", name="list_exposures")
@anybody
def list_exposures(
    response: Response, session: PublicSession, now: Now, limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Published and withdrawn exposures. `next` is the cursor of the page that follows, null on the last.

    `log_head` is the day's signed head of the log of all history, null before the first.
    """
    response.headers.update(ANYBODY)
    last = None
    if after is not None:
        at, public_id = unpack("exposures", after)
        last = (datetime.fromisoformat(at), public_id)
    rows = feeds.newest(session, limit=limit + 1, after=last)
    shown = rows[:limit]
    more = len(rows) > limit
    end = shown[-1].exposure if more else None
    head = history.of_the_day(session, now=now)
    return {
        "items": [item(row) for row in shown],
        "next": pack("exposures", end.updated_at, end.public_id) if end else None,
        "log_head": head.note if head else None,
    }


@router.get("/open/exposures/{public_id}", name="get_exposure")
@anybody
def get_exposure(response: Response, session: PublicSession, public_id: str) -> dict[str, Any]:
    """One exposure, or the tombstone of one that is gone."""
    response.headers.update(ANYBODY)
    found = feeds.one(session, public_id)
    if found is None:
        raise NoSuchExposure
    return item(found)
