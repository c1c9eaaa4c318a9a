"""GET /o/v1/cases/{id}/near-cases: other cases at the same place, of those that one may see."""

from typing import Any
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, handling

router = officers_router("/cases/{case_id}/near-cases", tags=["officers"])


@router.get("", name="list_near_cases")
@may(CASE_READERS)
def list_near_cases(case_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """The newest first; a case without a point has none."""
    case = access.find(session, case_id, by=actor)
    found = handling.near_cases(session, case, by=actor, now=now)
    return {"items": [{**case_head(each.case), "distance_m": round(each.distance_m)} for each in found]}
