"""/o/v1/cases/{id}/holds… and /o/v1/holds: 缓办, asked for by the office, approved by the safety office (T19, D6)."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.cursors import pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.beside import HOLD
from api.officers.bodies import FIRST, LAST, Body, Comment, Long, Optional
from api.officers.cases import TheCase
from api.officers.decisions import Code
from api.officers.shapes import case_head, plain
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import holds
from cases.lifecycle.hold import HOLD_MOVES
from cases.models.case import Case
from cases.models.pause import Hold

router = officers_router(tags=["officers"])
Day = Annotated[date, Field(ge=FIRST.date(), le=LAST.date())]


class HoldIn(Body):
    """Why, what is waited for, what keeps people safe, and the day by whose end it is looked at again."""

    reason: Code
    note: Long
    interim_measures: Long
    review_on: Day


class Approval(Body):
    """Approved."""

    comment: Optional = ""


class Withdrawal(Body):
    """Not wanted any more; nothing more is said."""


class Renewal(Body):
    """Why it goes on, and until the end of which day."""

    review_on: Day
    comment: Long


@router.post("/cases/{case_id}/holds", status_code=201, name="request_hold")
@may(HOLD_MOVES["request"])
def request_hold(case: TheCase, body: HoldIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T19: ask for a hold; until it is approved every clock runs on."""
    draft = holds.HoldDraft(**body.model_dump())
    return _told(case, holds.request_hold(session, case, draft, by=actor, now=now))


@router.post("/cases/{case_id}/holds/{hold_id}/withdrawal", status_code=201, name="withdraw_hold")
@may(HOLD_MOVES["withdraw"])
def withdraw_hold(
    case: TheCase, hold_id: UUID, _body: Withdrawal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T19: the office does not want it any more."""
    return _told(case, holds.withdraw_hold(session, case, holds.find_hold(session, case, hold_id), by=actor, now=now))


@router.post("/cases/{case_id}/holds/{hold_id}/approval", status_code=201, name="approve_hold")
@may(HOLD_MOVES["approve"])
def approve_hold(
    case: TheCase, hold_id: UUID, body: Approval, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T19: the safety office agrees; the clocks of the case stand still until the review (D6)."""
    hold = holds.find_hold(session, case, hold_id)
    return _told(case, holds.approve_hold(session, case, hold, comment=body.comment, by=actor, now=now))


@router.post("/cases/{case_id}/holds/{hold_id}/refusal", status_code=201, name="refuse_hold")
@may(HOLD_MOVES["refuse"])
def refuse_hold(
    case: TheCase, hold_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T19: the safety office does not agree; the case goes on."""
    hold = holds.find_hold(session, case, hold_id)
    return _told(case, holds.refuse_hold(session, case, hold, comment=body.comment, by=actor, now=now))


@router.post("/cases/{case_id}/holds/{hold_id}/renewal", status_code=201, name="renew_hold")
@may(HOLD_MOVES["renew"])
def renew_hold(
    case: TheCase, hold_id: UUID, body: Renewal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T19: looked at again in time; it goes on to a later review."""
    hold = holds.find_hold(session, case, hold_id)
    return _told(case, holds.renew_hold(session, case, hold, **body.model_dump(), by=actor, now=now))


@router.post("/cases/{case_id}/holds/{hold_id}/end", status_code=201, name="end_hold")
@may(HOLD_MOVES["end"])
def end_hold(
    case: TheCase, hold_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T19: the reason is gone; the case and its clocks go on."""
    hold = holds.find_hold(session, case, hold_id)
    return _told(case, holds.end_hold(session, case, hold, comment=body.comment, by=actor, now=now))


@router.get("/holds", name="list_holds")
@may(CASE_READERS)
def list_holds(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    state: Literal["requested", "active"] = "requested",
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What waits for a decision, or what is held, of the cases that the actor may see; the next review first."""
    cursor = f"holds {state}"
    rows = holds.open_holds(session, state, by=actor, limit=limit, after=where_after(cursor, after))
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [_told(case, hold) for hold, case in rows],
        "next": pack(cursor, end.review_at, str(end.id)) if end else None,
    }


def _told(case: Case, hold: Hold) -> dict[str, Any]:
    return {**case_head(case), "hold": plain(hold, HOLD)}
