"""/o/v1/rechecks…: other people look again at what was not accepted (R6). Only here and at the desk stand reports."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Response
from fastapi.responses import StreamingResponse

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Long
from api.officers.desk import report_head, said
from api.officers.second_looks import Month
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from api.shown_photos import photo_of
from cases import triage
from cases.lifecycle.recheck import RECHECK_MOVES
from cases.models.reply import Recheck
from cases.models.report import Report
from people.roles import Role

router = officers_router("/rechecks", tags=["officers"])
RECHECK = "id state version why due_at decided_by decided_at note"
REFUSAL = "reason_code text evidence proposed_by decided_by decided_at"


class Finding(Body):
    """What the second look found; it is never told to the reporter."""

    note: Long


@router.get("", name="list_rechecks")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def list_rechecks(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """What waits for a second look, the next due first. Nothing that a reporter wrote stands here."""
    whose = bound("rechecks", actor.account_id)
    rows = triage.rechecks_due(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [{**plain(recheck, RECHECK), "category": report.category_code} for recheck, report in rows],
        "next": page.next(whose, rows, lambda row: (row[0].due_at, str(row[0].id))),
    }


@router.get("/draws", name="list_recheck_draws")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def list_recheck_draws(session: OfficerSession, actor: CurrentActor, month: Month) -> dict[str, Any]:
    """The lots of a month with seed, pool and share: draw again and compare (M52)."""
    found = triage.recheck_draw(session, month, by=actor)
    return {"items": [plain(found, "id period seed pool share drawn drawn_at")] if found else []}


@router.get("/{recheck_id}", name="read_recheck")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def read_recheck(
    recheck_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """One re-check with the report and why it was refused. Who reads it is written down."""
    recheck, report, refusal = triage.read_recheck(session, recheck_id, by=actor, now=now)
    response.headers["ETag"] = f'"{recheck.version}"'
    response.headers["Cache-Control"] = "no-store"
    found = triage.of_report(session, report, now=now)
    return {
        **plain(recheck, RECHECK), "refusal": plain(refusal, REFUSAL),
        "report": {**report_head(report, now=now), **said(found)},
    }  # fmt: skip


@router.get("/{recheck_id}/photos/{photo_id}/{size}", name="recheck_photo")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def recheck_photo(
    recheck_id: UUID,
    photo_id: UUID,
    size: Literal["large", "small"],
    session: OfficerSession,
    actor: CurrentActor,
    now: Now,
) -> StreamingResponse:
    """A clean copy of a photo of the report that is looked at again."""
    _, report, _ = triage.read_recheck(session, recheck_id, by=actor, now=now)
    return photo_of(session, report, photo_id, size)


def the_recheck(
    recheck_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion
) -> tuple[Recheck, Report]:
    """The re-check of the path with its report, both locked, in the version that the officer saw."""
    return triage.lock_recheck(session, recheck_id, by=actor, expected_version=seen)


TheRecheck = Annotated[tuple[Recheck, Report], Depends(the_recheck)]


@router.post("/{recheck_id}/confirmation", status_code=201, name="uphold_refusal")
@may(RECHECK_MOVES["confirm"], scope=Scope.DISTRICT)
def uphold_refusal(locked: TheRecheck, body: Finding, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """R6: it was right not to accept the report."""
    return plain(triage.uphold_refusal(session, *locked, note=body.note, by=actor, now=now), RECHECK)


@router.post("/{recheck_id}/overturning", status_code=201, name="overturn_refusal")
@may(RECHECK_MOVES["overturn"], scope=Scope.DISTRICT)
def overturn_refusal(locked: TheRecheck, body: Finding, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """R6: it was wrong; the report is back on the desk."""
    return plain(triage.overturn_refusal(session, *locked, note=body.note, by=actor, now=now), RECHECK)
