"""/o/v1/patrol-findings and /o/v1/desk/patrol-findings: what officers find themselves (T1, M22)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import AwareDatetime, Field

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageAfter, PageLimit, SeenVersion
from api.officers.bodies import FIRST, LAST, Body, Long, Optional, Short
from api.officers.decisions import Category
from api.officers.desk import DeskOfficer, town_named
from api.officers.shapes import case_head, plain
from api.officers.visits import Position
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from cases.models.patrol import PatrolFinding
from people.roles import Role

router = officers_router(tags=["officers"])
SHOWN = "id state version category_code place text seen_at found_at waits_for opened_case_id note"
OFFICE = (Role.TOWN_OFFICER, Role.TOWN_CLERK, Role.TOWN_LEADER)


class FindingIn(Body):
    """What was seen, and where; `id` is made by whoever sends it and makes it once."""

    id: UUID
    category: Category
    position: Position
    accuracy_m: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
    place: Short
    text: Long
    seen_at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]
    apart: Optional = ""


class WhoseIn(Body):
    """What it is, where that is another category, and whose, where the place does not say."""

    category: Category | None = None
    town_org_id: int | None = None


class NoCase(Body):
    """Why no case is opened; the officer reads it."""

    note: Short


def the_finding(finding_id: UUID, session: OfficerSession, actor: DeskOfficer, seen: SeenVersion) -> PatrolFinding:
    """The finding of the path, locked, in the version that the officer saw."""
    return triage.lock_finding(session, finding_id, by=actor, expected_version=seen)


TheFinding = Annotated[PatrolFinding, Depends(the_finding)]


@router.post("/patrol-findings", status_code=201, name="send_patrol_finding")
@may(Role.TOWN_OFFICER, scope=Scope.OFFICE)
def send_patrol_finding(
    body: FindingIn, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """T1: register what was found on patrol. It is a case of one's own town within the minute, or waits for the desk.

    The same `id` again is the same finding (200). Where own open cases are near, `apart` says why it is another.
    """
    at = body.position
    seen = triage.Seen(
        body.category, at.lon, at.lat, at.crs, body.accuracy_m, body.place, body.text, body.seen_at, body.apart
    )
    finding, is_new = triage.file_finding(session, body.id, seen, by=actor, now=now)
    response.status_code = 201 if is_new else 200
    return plain(finding, SHOWN)


@router.get("/patrol-findings", name="list_patrol_findings")
@may(*OFFICE, scope=Scope.OFFICE)
def list_patrol_findings(
    session: OfficerSession, actor: CurrentActor, limit: PageLimit, after: PageAfter = None
) -> dict[str, Any]:
    """What one's office found, the oldest first, and which case each became."""
    whose = bound("patrol-findings", actor.account_id)
    rows = triage.findings_of(session, by=actor, limit=limit, after=where_after(whose, after))
    return {"items": [plain(row, SHOWN) for row in rows], "next": _next(whose, rows, limit)}


@router.get("/desk/patrol-findings", name="desk_patrol_findings")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def desk_patrol_findings(
    session: OfficerSession, actor: DeskOfficer, now: Now, limit: PageLimit, after: PageAfter = None
) -> dict[str, Any]:
    """What waits for the desk, the oldest first, with the open cases that may be the same matter."""
    whose = bound("desk-patrol-findings", actor.account_id)
    rows = triage.findings_waiting(session, limit=limit, after=where_after(whose, after))
    items = [
        {
            **plain(row, SHOWN), "org_id": row.org_id, "lon": row.lon, "lat": row.lat, "datum": row.crs,
            "possible_duplicates": [case_head(case) for case in triage.near_finding(session, row, now=now)],
        }
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": _next(whose, rows, limit)}


@router.post("/desk/patrol-findings/{finding_id}/acceptances", status_code=201, name="accept_patrol_finding")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def accept_patrol_finding(
    finding: TheFinding, body: WhoseIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """T1: open its case for the town that contains the place, or that the desk names."""
    case = triage.accept_finding(
        session, finding, category_code=body.category or finding.category_code,
        town=town_named(session, body.town_org_id), by=actor, now=now,
    )  # fmt: skip
    return {**plain(finding, SHOWN), "case": case_head(case)}


@router.post("/desk/patrol-findings/{finding_id}/dismissals", status_code=201, name="dismiss_patrol_finding")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def dismiss_patrol_finding(
    finding: TheFinding, body: NoCase, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """Open no case; whoever found it reads why."""
    triage.dismiss_finding(session, finding, note=body.note, by=actor, now=now)
    return plain(finding, SHOWN)


def _next(whose: str, rows: list[PatrolFinding], limit: int) -> str | None:
    end = rows[-1] if len(rows) == limit else None
    return pack(whose, end.found_at, str(end.id)) if end else None
