"""/o/v1/cases/{id}/voidings: an entry that is no case, voided by two people (T20); and /o/v1/voidings, what waits."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import StringConstraints

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.officers.decisions import Code, Confirmation, Disagreement
from api.officers.shapes import case_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import disputes, routing
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.disputes import VOIDING_MOVES
from cases.models.dispute import Voiding
from kit.errors import NotAllowed

router = officers_router(tags=["officers"])


class NotTheDistrict(NotAllowed):
    """Only the intake desk and the safety office void entries (T20)."""

    code = "voiding.district_only"
    message = "Only the intake desk and the safety office void entries."


class VoidingIn(Body):
    """Why it is no case; an exact repetition names the number of the other."""

    reason: Code
    text: Long
    same_as: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z-]{1,30}$")] | None = None


@router.post("/cases/{case_id}/voidings", status_code=201, name="propose_void")
@may(CASE_MOVES["void"])
def propose_void(case: TheCase, body: VoidingIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T20: propose to void the case; it goes on until a second person confirms."""
    same_as = disputes.find_case(session, body.same_as, by=actor) if body.same_as else None
    if body.same_as and same_as is None:
        raise routing.NotTheSame
    voiding = routing.propose_void(
        session, case, reason=body.reason, text=body.text, same_as=same_as, by=actor, now=now
    )
    return {**case_head(case), "voiding": _shown(voiding)}


@router.post("/cases/{case_id}/voidings/{voiding_id}/confirmation", status_code=201, name="confirm_void")
@may(VOIDING_MOVES["confirm"])
def confirm_void(
    case: TheCase, voiding_id: UUID, _body: Confirmation, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T20: the second person agrees; its reports find another place."""
    voiding = routing.confirm_void(session, case, voiding_id, by=actor, now=now)
    return {**case_head(case), "voiding": _shown(voiding)}


@router.post("/cases/{case_id}/voidings/{voiding_id}/rejection", status_code=201, name="reject_void")
@may(VOIDING_MOVES["reject"])
def reject_void(
    case: TheCase, voiding_id: UUID, body: Disagreement, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T20: the second person does not agree; the case goes on."""
    voiding = routing.reject_void(session, case, voiding_id, note=body.note, by=actor, now=now)
    return {**case_head(case), "voiding": _shown(voiding)}


@router.get("/voidings", name="list_voidings")
@may(VOIDING_MOVES["confirm"], scope=Scope.DISTRICT, refusal=NotTheDistrict)
def list_voidings(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Proposals that wait for a second person, the oldest first."""
    whose = bound("voidings", actor.account_id)
    last = where_after(whose, after)
    rows = disputes.open_voidings(session, by=actor, limit=limit, after=last)
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [
            {**_shown(voiding), "mine": voiding.proposed_by == actor.account_id, "case": case_head(case)}
            for voiding, case in rows
        ],
        "next": pack(whose, end.proposed_at, str(end.id)) if end else None,
    }


def _shown(voiding: Voiding) -> dict[str, Any]:
    return {
        "id": str(voiding.id), "state": voiding.state, "reason": voiding.reason_code, "text": voiding.text,
        "same_as_case_id": str(voiding.same_as_case_id) if voiding.same_as_case_id else None,
        "proposed_by": voiding.proposed_by, "proposed_at": voiding.proposed_at.isoformat(), "note": voiding.note,
    }  # fmt: skip
