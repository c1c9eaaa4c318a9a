"""/o/v1/reviews and /o/v1/cases/{id}/reviews/{id}/…: other people look anew, because a reporter asked (R8)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.beside import REVIEW
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.officers.look_backs import Assignment, Until
from api.officers.shapes import case_head, plain
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import aftercare
from cases.lifecycle.review import REVIEW_MOVES
from cases.models.aftercare import Review
from cases.models.case import Case
from kit.errors import Invalid

router = officers_router(tags=["officers"])


class Decision(Body):
    """What the new look found; where it is done again, by when."""

    result: Literal["upheld", "dismissed"]
    finding: Long
    due_at: Until | None = None


@router.get("/reviews", name="list_reviews")
@may(CASE_READERS)
def list_reviews(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Open reviews, the next due first: all for the safety office, their own for others."""
    whose = bound("reviews", actor.account_id)
    rows = aftercare.waiting_reviews(session, by=actor, limit=limit, after=where_after(whose, after))
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [_told(case, review) for review, case in rows],
        "next": pack(whose, end.due_at, str(end.id)) if end else None,
    }


@router.post("/cases/{case_id}/reviews/{review_id}/assignment", status_code=201, name="assign_review")
@may(REVIEW_MOVES["assign"])
def assign_review(
    case: TheCase, review_id: UUID, body: Assignment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """R8: the safety office names who looks anew, or somebody else instead."""
    review = aftercare.find_review(session, case, review_id)
    return _told(case, aftercare.assign_review(session, case, review, account_id=body.account_id, by=actor, now=now))


@router.post("/cases/{case_id}/reviews/{review_id}/decision", status_code=201, name="decide_review")
@may(REVIEW_MOVES["uphold"], REVIEW_MOVES["dismiss"])
def decide_review(
    case: TheCase, review_id: UUID, body: Decision, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """R8: it is done again, or it was handled well. The desk replies to whoever asked."""
    review = aftercare.find_review(session, case, review_id)
    if body.result == "upheld":
        aftercare.uphold(session, case, review, finding=body.finding, due_at=body.due_at, by=actor, now=now)
    elif body.due_at is not None:
        raise Invalid("What stays as it is has no date.", pointer="/due_at")
    else:
        aftercare.dismiss(session, case, review, finding=body.finding, by=actor, now=now)
    return _told(case, review)


def _told(case: Case, review: Review) -> dict[str, Any]:
    return {**case_head(case), "review": plain(review, REVIEW)}
