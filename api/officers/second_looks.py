"""/o/v1/second-looks and /o/v1/cases/{id}/second-looks/{verdict_id}/…: the second look at what was not found (T9)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import StringConstraints

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit
from api.officers.beside import SECOND_LOOK
from api.officers.bodies import Comment
from api.officers.cases import TheCase
from api.officers.shapes import case_head, plain
from api.rights import WATCHERS, may
from api.routes import officers_router
from cases import handling
from cases.lifecycle.second_look import SECOND_LOOK_MOVES
from people.roles import Role

router = officers_router(tags=["officers"])
DRAW = "verdict_id case_id state why pool seed ticket score share drawn_at"
Month = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


@router.post("/cases/{case_id}/second-looks/{verdict_id}/confirmation", status_code=201, name="confirm_second_look")
@may(SECOND_LOOK_MOVES["confirm"])
def confirm_second_look(
    case: TheCase, verdict_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T9: the safety office agrees that nothing was found."""
    look = handling.find_look(session, case, verdict_id)
    handling.confirm_look(session, case, look, comment=body.comment, by=actor, now=now)
    return {**case_head(case), "second_look": plain(look, SECOND_LOOK)}


@router.post("/cases/{case_id}/second-looks/{verdict_id}/return", status_code=201, name="return_second_look")
@may(SECOND_LOOK_MOVES["return"])
def return_second_look(
    case: TheCase, verdict_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """X21: the safety office sends other people to look."""
    look = handling.find_look(session, case, verdict_id)
    handling.return_look(session, case, look, comment=body.comment, by=actor, now=now)
    return {**case_head(case), "second_look": plain(look, SECOND_LOOK)}


@router.get("/second-looks", name="list_second_looks")
@may(Role.SAFETY_OFFICE)
def list_second_looks(
    session: OfficerSession,
    actor: CurrentActor,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What waits for the safety office, the oldest first."""
    whose = bound("second-looks", actor.account_id)
    rows = handling.waiting_looks(session, by=actor, limit=limit, after=where_after(whose, after))
    end = rows[-1][0] if len(rows) == limit else None
    return {
        "items": [{**plain(look, SECOND_LOOK), "case": case_head(case)} for look, case in rows],
        "next": pack(whose, end.drawn_at, str(end.verdict_id)) if end else None,
    }


@router.get("/second-looks/draws", name="list_draws")
@may(WATCHERS)
def list_draws(session: OfficerSession, actor: CurrentActor, month: Month) -> dict[str, Any]:
    """Every draw of a month with its seed and ticket: draw again and compare."""
    return {"items": [plain(look, DRAW) for look in handling.draws(session, month, by=actor)]}
