"""/o/v1/cases/{id}/return-requests, arbitrations, dispatches: whose is it (T4, T5); /o/v1/arbitrations: what waits."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import StringConstraints

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.officers.decisions import Category, Code
from api.officers.shapes import case_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import disputes
from cases.disputes.requests import Plea
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.disputes import ASK_ABOUT_TASK, RETURN_MOVES
from cases.models.dispute import ReturnRequest
from cases.routing import NotAnOwner
from kit.errors import NotAllowed
from people.models import Org
from people.roles import Role

router = officers_router(tags=["officers"])


class NotTheSafetyOffice(NotAllowed):
    """Only the safety office arbitrates (C2, M10)."""

    code = "arbitration.safety_office_only"
    message = "Only the safety office arbitrates."


class ReturnRequestIn(Body):
    """Why it is not ours, and what is proposed instead."""

    reason: Code
    text: Long
    proposed_org_id: int | None = None
    proposed_category: Category | None = None
    duplicate_of: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z-]{1,30}$")] | None = None


class ArbitrationIn(Body):
    """The decision; what is left out is as the office proposed."""

    request_id: UUID
    decision: Literal["upheld", "rejected"]
    text: Long
    to_org_id: int | None = None
    category: Category | None = None


class DispatchIn(Body):
    """Another owner, or another category, and why."""

    to_org_id: int
    category: Category | None = None
    why: Long


@router.post("/cases/{case_id}/return-requests", status_code=201, name="ask_return")
@may(CASE_MOVES["ask_return"], ASK_ABOUT_TASK)
def ask_return(case: TheCase, body: ReturnRequestIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T4: say that the case, or one's department's task in it, is not one's own."""
    request = disputes.ask_return(session, case, plea=Plea(**body.model_dump()), by=actor, now=now)
    return {**case_head(case), "return_request": _shown(request)}


@router.post("/cases/{case_id}/arbitrations", status_code=201, name="arbitrate")
@may(RETURN_MOVES["uphold"])
def arbitrate(case: TheCase, body: ArbitrationIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T5: decide, once and for all."""
    request = disputes.lock_request(session, case, body.request_id, by=actor)
    if body.decision == "upheld":
        to = _org(session, body.to_org_id)
        disputes.uphold(session, case, request, text=body.text, by=actor, now=now, to=to, category_code=body.category)
    else:
        disputes.reject(session, case, request, text=body.text, by=actor, now=now)
    return {**case_head(case), "return_request": _shown(request)}


@router.post("/cases/{case_id}/dispatches", status_code=201, name="dispatch_anew")
@may(CASE_MOVES["redispatch"])
def dispatch_anew(case: TheCase, body: DispatchIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """The desk corrects itself before anybody has signed; a circle goes to the safety office instead (X14)."""
    to = _org(session, body.to_org_id)
    if to is None:
        raise NotAnOwner
    request = disputes.move_on(session, case, to=to, why=body.why, by=actor, now=now, category_code=body.category)
    return {**case_head(case), "return_request": _shown(request) if request else None}


@router.get("/arbitrations", name="list_arbitrations")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT, refusal=NotTheSafetyOffice)
def list_arbitrations(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Requests that wait for the safety office, the next due first."""
    whose = bound("arbitrations", actor.account_id)
    last = where_after(whose, after)
    rows = disputes.open_requests(session, by=actor, limit=limit, after=last)
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [{**_shown(request), "case": case_head(case)} for request, case in rows],
        "next": pack(whose, end.due_at, str(end.id)) if end else None,
    }


def _org(session: OfficerSession, org_id: int | None) -> Org | None:
    """The office of a decision; one that does not exist can be no owner."""
    if org_id is None:
        return None
    found = session.get(Org, org_id) if 0 < org_id < 2**31 else None
    if found is None:
        raise NotAnOwner
    return found


def _shown(request: ReturnRequest) -> dict[str, Any]:
    return {
        "id": str(request.id), "state": request.state, "of_main": request.of_main, "origin": request.origin,
        "org_id": request.org_id, "reason": request.reason_code, "text": request.text,
        "proposed_org_id": request.proposed_org_id, "proposed_category": request.proposed_category,
        "duplicate_of": request.duplicate_of, "circle": request.circle, "asked_at": request.asked_at.isoformat(),
        "due_at": request.due_at.isoformat(), "decision": request.decision, "new_org_id": request.new_org_id,
    }  # fmt: skip
