"""/o/v1/cases/{id}/reopenings: the safety office opens a case again because of a new report (T18)."""

from typing import Any
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.beside import REOPENING
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.officers.look_backs import Until
from api.officers.shapes import case_head, plain
from api.rights import may
from api.routes import officers_router
from cases import access, aftercare
from cases.lifecycle.case import CASE_MOVES

router = officers_router(tags=["officers"])


class ReopeningIn(Body):
    """The case of the new report, found true, and what shows that it is the same."""

    other_case_id: UUID
    evidence: Long
    due_at: Until | None = None


@router.post("/cases/{case_id}/reopenings", status_code=201, name="reopen_case")
@may(CASE_MOVES["reopen"])
def reopen_case(case: TheCase, body: ReopeningIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T18: open it again, more urgent than before."""
    other = access.find(session, body.other_case_id, by=actor)
    row = aftercare.reopen_for_report(
        session, case, other=other, evidence=body.evidence, due_at=body.due_at, by=actor, now=now
    )
    return {**case_head(case), "reopening": plain(row, REOPENING)}
