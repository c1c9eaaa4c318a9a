"""GET /m/v1/sync: what became public, changed or went since a cursor."""

from functools import reduce
from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session

from api.cursors import BadCursor, pack, unpack
from api.dependencies import CitizenSession, Now
from api.rights import anybody
from api.routes import citizens_router
from cases import feeds
from cases.feeds.items import item
from cases.models.exposure import GONE
from kit.errors import Expired
from mobile_contract.v1.sync import Removed, Sync, SyncItem

router = citizens_router()
POLL_S = 60


class CursorInvalid(BadCursor):
    """A cursor that this server never gave."""

    code = "sync.cursor_invalid"
    pointer = "?cursor"


class CursorExpired(Expired):
    """The log does not reach back so far, or was begun anew: start without a cursor."""

    code = "sync.cursor_expired"


@router.get("/sync", name="get_changes")
@anybody
def get_changes(
    session: CitizenSession,
    now: Now,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Sync:
    """What became public, changed or went since a cursor. Without one: from the beginning."""
    since = _since(session, cursor)
    rows = feeds.changes(session, since=since, limit=limit + 1)
    items: dict[str, SyncItem] = {}
    removed: dict[str, Removed] = {}
    for change in rows[:limit]:
        found = feeds.one(session, change.ref)
        if found is None or found.exposure.status in GONE:
            items.pop(change.ref, None)
            taken_back = found is not None and found.exposure.status == "withdrawn"
            reason = "withdrawn" if taken_back else "not_public"
            removed[change.ref] = Removed(kind=change.kind, id=change.ref, reason=reason)
        else:
            items[change.ref] = SyncItem(kind=change.kind, id=change.ref, data=item(found))
    last = reduce(feeds.Place.after, rows[:limit], since)
    return Sync(
        items=list(items.values()), removed=list(removed.values()), next_cursor=pack("sync", *last.values),
        has_more=len(rows) > limit, server_time=now, poll_after_s=POLL_S,
    )  # fmt: skip


def _since(session: Session, cursor: str | None) -> feeds.Place:
    """The place that a cursor names. Raises CursorInvalid, and CursorExpired for a place of another log."""
    if cursor is None:
        return feeds.Place()
    try:
        place = feeds.Place.spelled(unpack("sync", cursor))
    except (BadCursor, ValueError) as wrong:
        raise CursorInvalid from wrong
    if not feeds.knows(session, place):
        raise CursorExpired
    return place
