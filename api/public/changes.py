"""GET /open/changes: what changed in the public record, in order, for newsrooms whose machines follow it (E10)."""

from functools import reduce
from typing import Annotated, Any

from fastapi import Query, Response

from api.cursors import pack, unpack
from api.dependencies import PageLimit, PublicSession
from api.public.caching import ANYBODY
from api.rights import anybody
from api.routes import open_router
from cases import feeds
from cases.feeds.items import address, uri

router = open_router(tags=["open"])
LIST = "changes"


@router.get("/open/changes", name="list_changes")
@anybody
def list_changes(
    response: Response, session: PublicSession, limit: PageLimit,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Changes after a cursor, the oldest first, each at least once; without a cursor from the beginning.

    Keep `next` when you have dealt with the page, and ask with it again: it stays valid. Ask `url` for what an
    exposure is now; one that was withdrawn or has expired must go from wherever you show it.
    """
    response.headers.update(ANYBODY | {"Cache-Control": "no-cache"})
    since = feeds.Place.spelled(unpack(LIST, cursor)) if cursor is not None else feeds.Place()
    rows = feeds.changes(session, since=since, limit=limit + 1)
    shown = rows[:limit]
    return {
        "items": [
            {
                "seq": row.seq, "kind": f"{row.kind}.{row.op}", "uri": uri(row.ref), "id": row.ref,
                "version": row.version, "at": row.at.isoformat(),
                "url": address(row.ref),
            }
            for row in shown
        ],
        "next": pack(LIST, *reduce(feeds.Place.after, shown, since).values),
        "more": len(rows) > limit,
    }  # fmt: skip
