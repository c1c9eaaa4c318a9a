"""/o/v1/desk/review-requests and …/reports/{id}/review-grounds: what reporters asked for, at the desk (R8, Q2)."""

from typing import Annotated, Any

from fastapi import Query

from api.cursors import bound, pack, where_after
from api.dependencies import Now, OfficerSession, PageLimit
from api.officers.bodies import Body, Long
from api.officers.desk import DeskOfficer, TheReport, report_head
from api.officers.shapes import plain
from api.rights import Scope, may
from api.routes import officers_router
from cases import aftercare, triage
from people.roles import Role

router = officers_router("/desk", tags=["desk"])


class GroundsIn(Body):
    """Why, in the desk's own words: whoever looks anew reads it, and nothing of the reporter's."""

    text: Long


@router.get("/review-requests", name="list_review_requests")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def list_review_requests(
    session: OfficerSession,
    actor: DeskOfficer,
    now: Now,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What is not decided yet, the next due first, with the reporter's reason."""
    whose = bound("review-requests", actor.account_id)
    rows = aftercare.requests(session, limit=limit, after=where_after(whose, after))
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [
            {**report_head(report, now=now), "request": plain(request, "reason asked_at due_at")}
            for request, report in rows
        ],
        "next": pack(whose, end.due_at, str(end.report_id)) if end else None,
    }


@router.post("/reports/{report_id}/review-grounds", status_code=201, name="give_review_grounds")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def give_review_grounds(
    report: TheReport, body: GroundsIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """Tell whoever looks anew why."""
    review = aftercare.give_grounds(session, report, text=body.text, by=actor, now=now)
    return {**report_head(report, now=now), "grounds": review.grounds}
