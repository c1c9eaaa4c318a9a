"""/o/v1/cases/{id}/guards: what closing would still miss, in any state of the case (C4.3)."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import Response

from api.dependencies import CurrentActor, OfficerSession
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access
from cases.lifecycle import closing

router = officers_router("/cases/{case_id}/guards", tags=["officers"])


@router.get("", name="show_guards")
@may(CASE_READERS)
def show_guards(case_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response) -> dict[str, Any]:
    """Each guard with ✓ or ✗, the reason in both languages, and where it is put right."""
    case = access.find(session, case_id, by=actor)
    response.headers["Cache-Control"] = "no-store"
    states = closing.panel(session, case)
    return {
        "case_id": str(case.id), "state": case.state, "version": case.version,
        "all_hold": all(state.holds for state in states), "guards": [asdict(state) for state in states],
    }  # fmt: skip
