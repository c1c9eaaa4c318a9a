"""/o/v1/desk/reports/{id}/merges and separations: one matter or two, as a person finds them (C3, X19)."""

from typing import Any
from uuid import UUID

from api.dependencies import Now, OfficerSession
from api.officers.bodies import Body, Long
from api.officers.decisions import Category
from api.officers.desk import DeskOfficer, TheReport, report_head, town_named
from api.officers.shapes import case_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from cases.routing import place
from people.roles import Role

router = officers_router("/desk/reports/{report_id}", tags=["desk"])


class MergeIn(Body):
    """The case of the same matter, and how that was seen."""

    case_id: UUID
    evidence: Long


class SeparationIn(Body):
    """Why it is another matter; its category and, where the place does not say, its town."""

    why: Long
    category: Category | None = None
    town_org_id: int | None = None


@router.post("/merges", status_code=201, name="merge_report")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def merge_report(report: TheReport, body: MergeIn, session: OfficerSession, actor: DeskOfficer, now: Now) -> Any:
    """Let the report join another's case; it keeps its own number and reply."""
    case = triage.merge(
        session, report, body.case_id, place(session, report), evidence=body.evidence, by=actor, now=now
    )
    return {**report_head(report, now=now), "case": case_head(case)}


@router.post("/separations", status_code=201, name="separate_report")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def separate_report(
    report: TheReport, body: SeparationIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """Give the report its own case again, freshly dispatched."""
    case = triage.separate(
        session, report, place(session, report), why=body.why, category_code=body.category or report.category_code,
        by=actor, now=now, town=town_named(session, body.town_org_id),
    )  # fmt: skip
    return {**report_head(report, now=now), "case": case_head(case)}
