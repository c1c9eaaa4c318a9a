"""/o/v1/look-backs… and /o/v1/cases/{id}/look-backs/{id}/…: others look whether a closed case holds (T17, M75)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.beside import LOOK_BACK
from api.officers.bodies import FIRST, LAST, Body, Long, Optional
from api.officers.cases import TheCase
from api.officers.second_looks import Month
from api.officers.shapes import case_head, plain
from api.officers.visits import Position
from api.rights import CASE_READERS, WATCHERS, may
from api.routes import officers_router
from cases import aftercare
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.models.aftercare import LookBack
from cases.models.case import Case
from kit.errors import Invalid

router = officers_router(tags=["officers"])
DRAW = "id period seed pool share drawn drawn_at"
Until = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]


class Assignment(Body):
    """Who looks."""

    account_id: Annotated[int, Field(ge=1, le=2**31 - 1)]


class Arrival(Body):
    """Check-in at the place."""

    position: Position | None = None
    distance_reason: Optional | None = None


class Result(Body):
    """Whether it holds; for a rebound, by when it is to be put right."""

    result: Literal["holds", "rebound"]
    findings: Long
    due_at: Until | None = None


@router.get("/look-backs", name="list_look_backs")
@may(CASE_READERS)
def list_look_backs(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What is to be looked back at, the next due first: all for the safety office, their own for others."""
    whose = bound("look-backs", actor.account_id)
    rows = aftercare.waiting(session, by=actor, limit=limit, after=where_after(whose, after))
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [_told(case, look) for look, case in rows],
        "next": pack(whose, end.due_at, str(end.id)) if end else None,
    }


@router.get("/look-backs/draws", name="list_look_back_draws")
@may(WATCHERS)
def list_look_back_draws(session: OfficerSession, actor: CurrentActor, month: Month) -> dict[str, Any]:
    """The lots of a month with seed and pool: draw again and compare (M52)."""
    found = aftercare.drawn(session, month, by=actor)
    return {"items": [plain(found, DRAW)] if found else []}


@router.post("/cases/{case_id}/look-backs/{look_back_id}/assignment", status_code=201, name="assign_look_back")
@may(LOOK_BACK_MOVES["assign"])
def assign_look_back(
    case: TheCase, look_back_id: UUID, body: Assignment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T17: the safety office names who looks, or somebody else instead."""
    look = aftercare.find(session, case, look_back_id)
    return _told(case, aftercare.assign(session, case, look, account_id=body.account_id, by=actor, now=now))


@router.post("/cases/{case_id}/look-backs/{look_back_id}/arrival", status_code=201, name="start_look_back")
@may(LOOK_BACK_MOVES["start"])
def start_look_back(
    case: TheCase, look_back_id: UUID, body: Arrival, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T17: check in at the place."""
    look = aftercare.find(session, case, look_back_id)
    arrival = aftercare.Arrival(body.position.point if body.position else None, body.distance_reason)
    return _told(case, aftercare.start(session, case, look, arrival=arrival, by=actor, now=now))


@router.post("/cases/{case_id}/look-backs/{look_back_id}/result", status_code=201, name="end_look_back")
@may(LOOK_BACK_MOVES["confirm"], LOOK_BACK_MOVES["rebound"])
def end_look_back(
    case: TheCase, look_back_id: UUID, body: Result, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T17: it holds and the case stays closed; or it is back and the case is open again (T18)."""
    look = aftercare.find(session, case, look_back_id)
    if body.result == "rebound":
        found = aftercare.rebound(session, case, look, findings=body.findings, due_at=body.due_at, by=actor, now=now)
    elif body.due_at is not None:
        raise Invalid("What holds has no date.", pointer="/due_at")
    else:
        found = aftercare.confirm(session, case, look, findings=body.findings, by=actor, now=now)
    return _told(case, found)


def _told(case: Case, look: LookBack) -> dict[str, Any]:
    return {**case_head(case), "look_back": plain(look, LOOK_BACK)}
