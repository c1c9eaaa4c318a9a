"""GET /o/v1/major-criteria: by which criteria a hazard is a major one (F18, F85)."""

from typing import Any

from api.dependencies import CurrentActor, Now, OfficerSession
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases import policy
from cases.lifecycle.checked import CRITERIA

router = officers_router(tags=["officers"])


@router.get("/major-criteria", name="list_major_criteria")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_major_criteria(session: OfficerSession, _actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Those in force, in the order of the list; an order names one by its code, and a clause of it."""
    rows = policy.reasons(session, CRITERIA, now)
    return {"items": [{"code": row.code, "zh": row.zh, "en": row.en} for row in rows]}
