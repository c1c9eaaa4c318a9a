"""GET /o/v1/posted-notices: how many reports the code of each posted notice brought, for the safety office (M18)."""

from typing import Annotated, Any

from fastapi import Query

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, OfficerSession, PageLimit
from api.rights import Scope, may
from api.routes import officers_router
from cases import access, supervision
from people.roles import Role

router = officers_router(tags=["supervision"])


@router.get("/posted-notices", name="list_posted_notices")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT, refusal=access.NotTheOffice)
def list_posted_notices(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Notices with a code, the newest first, and how many reports each has brought: never which."""
    whose = bound("posted-notices", actor.account_id)
    rows = supervision.posted_notices(session, by=actor, limit=limit, after=where_after(whose, after))
    end = rows[-1] if len(rows) == limit else None
    return {
        "items": [row._asdict() for row in rows],
        "next": pack(whose, end.asked_at, str(end.id)) if end else None,
    }
