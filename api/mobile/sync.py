"""GET /m/v1/sync: what became public, changed or went since a cursor."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session

from api.cursors import BadCursor, pack, unpack
from api.dependencies import CitizenSession, Now
from api.rights import anybody
from api.routes import citizens_router
from cases import feeds
from cases.feeds.items import item
from cases.models.exposure import GONE, Change
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
    next_cursor = _cursor_at(rows[:limit][-1]) if rows else cursor or pack("sync", 0, None)
    return Sync(
        items=list(items.values()), removed=list(removed.values()), next_cursor=next_cursor,
        has_more=len(rows) > limit, server_time=now, poll_after_s=POLL_S,
    )  # fmt: skip


def _cursor_at(change: Change) -> str:
    return pack("sync", change.seq, change.at)


def _since(session: Session, cursor: str | None) -> int:
    """The number of the change that a cursor names; the instant beside it tells a log that was begun anew."""
    if cursor is None:
        return 0
    try:
        seq, at = unpack("sync", cursor)
    except (BadCursor, ValueError) as wrong:
        raise CursorInvalid from wrong
    if seq and feeds.written_at(session, seq) != datetime.fromisoformat(at):
        raise CursorExpired
    return int(seq)
