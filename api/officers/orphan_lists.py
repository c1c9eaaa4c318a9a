"""GET /o/v1/orphan-lists: what each night found to be in nobody's hands, for the safety office (M19, M67)."""

from typing import Annotated, Any

from fastapi import Query

from api.cursors import bound, pack, unpack
from api.dependencies import CurrentActor, OfficerSession, PageLimit
from api.officers.shapes import plain
from api.rights import WATCHERS, may
from api.routes import officers_router
from cases import aftercare

router = officers_router(tags=["officers"])
LIST = "id found_at items"


@router.get("/orphan-lists", name="list_orphan_lists")
@may(WATCHERS)
def list_orphan_lists(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Each night's list, the newest first; an empty one says that nothing was left over."""
    whose = bound("orphan-lists", actor.account_id)
    last = None if after is None else int(unpack(whose, after)[0])
    rows = aftercare.orphan_lists(session, by=actor, limit=limit, after=last)
    end = rows[-1] if len(rows) == limit else None
    return {"items": [plain(row, LIST) for row in rows], "next": pack(whose, end.id) if end else None}
