"""/o/v1/desk/reports/{id}/categorisations, redirections, refusals: what the desk decides but to accept (R5, R6)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, StringConstraints

from api.cursors import bound, pack, where_after
from api.dependencies import Now, OfficerSession, PageLimit
from api.officers.bodies import Body, Long, Optional, Short
from api.officers.desk import DeskOfficer, TheReport, report_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from cases.lifecycle.refusal import REFUSAL_MOVES
from cases.lifecycle.report import REPORT_MOVES
from cases.models.decisions import Refusal
from cases.routing import place
from cases.triage import Receiver
from people.roles import Role

router = officers_router("/desk", tags=["desk"])
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Category = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d{2}$")]
Phone = Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9+() 转-]*$")]
Link = Annotated[str, StringConstraints(max_length=300, pattern=r"^(https?://[^\s\"'<>\\]+)?$")]
Name = Annotated[str, Field(max_length=200)]


class Categorisation(Body):
    """What the report is about, and why it is filed there."""

    category: Category
    reason: Short


class RedirectionIn(Body):
    """Where the report belongs. What is left out is taken from the district's list for this reason."""

    reason: Code
    body: Annotated[Optional, Name] = ""
    phone: Phone = ""
    link: Link = ""
    text: Optional = ""


class RefusalIn(Body):
    """Why the report is not to be accepted; `text` is told to its reporter, `evidence` never."""

    reason: Code
    text: Long
    evidence: Optional = ""


class Confirmation(Body):
    """Agreed, by a second person."""


class Disagreement(Body):
    """Not agreed, and why."""

    note: Long


@router.post("/reports/{report_id}/categorisations", status_code=201, name="categorise_report")
@may(REPORT_MOVES["accept"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def categorise_report(
    report: TheReport, body: Categorisation, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """File the report under another category before anybody is sent out."""
    triage.categorise(session, report, category_code=body.category, reason=body.reason, by=actor, now=now)
    return report_head(report, now=now)


@router.post("/reports/{report_id}/redirections", status_code=201, name="redirect_report")
@may(REPORT_MOVES["redirect"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def redirect_report(
    report: TheReport, body: RedirectionIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """R5: send the report elsewhere; its reporter reads where."""
    to = Receiver(body.body, body.phone, body.link)
    done = triage.redirect(
        session, report, place(session, report), reason=body.reason, to=to, text=body.text, by=actor, now=now
    )
    sent_to = {"reason": done.reason_code, "body": done.body, "phone": done.phone, "link": done.link}
    return {**report_head(report, now=now), "redirected_to": sent_to}


@router.post("/reports/{report_id}/refusals", status_code=201, name="propose_refusal")
@may(REPORT_MOVES["refuse"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def propose_refusal(report: TheReport, body: RefusalIn, session: OfficerSession, actor: DeskOfficer, now: Now) -> Any:
    """R6: propose not to accept the report; it waits for a second person."""
    refusal = triage.propose_refusal(
        session, report, reason=body.reason, text=body.text, evidence=body.evidence, by=actor, now=now
    )
    return {**report_head(report, now=now), "refusal": _shown(refusal)}


@router.post("/reports/{report_id}/refusals/{refusal_id}/confirmation", status_code=201, name="confirm_refusal")
@may(REFUSAL_MOVES["confirm"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def confirm_refusal(
    report: TheReport, refusal_id: UUID, _body: Confirmation, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """R6: the second person agrees; the reporter is told why. What went out meanwhile is called back (R2, T20)."""
    refusal = triage.confirm_refusal(session, report, refusal_id, by=actor, now=now)
    return {**report_head(report, now=now), "refusal": _shown(refusal)}


@router.post("/reports/{report_id}/refusals/{refusal_id}/rejection", status_code=201, name="reject_refusal")
@may(REFUSAL_MOVES["reject"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def reject_refusal(
    report: TheReport, refusal_id: UUID, body: Disagreement, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """R6: the second person does not agree; the report stays on the desk."""
    refusal = triage.reject_refusal(session, report, refusal_id, note=body.note, by=actor, now=now)
    return {**report_head(report, now=now), "refusal": _shown(refusal)}


@router.get("/refusals", name="list_refusals")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def list_refusals(
    session: OfficerSession,
    actor: DeskOfficer,
    now: Now,
    limit: PageLimit,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """Proposals that wait for a second person, the next due first; `mine` needs somebody else.

    What is `on_its_way` was dispatched provisionally meanwhile (R2): to confirm voids its case, to reject leaves it.
    """
    whose = bound("refusals", actor.account_id)
    last = where_after(whose, after)
    rows = triage.refusals_to_confirm(session, limit=limit, after=last)
    end = rows[-1] if len(rows) == limit else None
    return {
        "items": [
            {
                **_shown(refusal), "mine": refusal.proposed_by == actor.account_id,
                "on_its_way": report.state == "accepted", "report": report_head(report, now=now),
            }
            for refusal, report in rows
        ],
        "next": pack(whose, end[1].accept_due_at, str(end[0].id)) if end else None,
    }  # fmt: skip


def _shown(refusal: Refusal) -> dict[str, Any]:
    return {
        "id": str(refusal.id), "state": refusal.state, "reason": refusal.reason_code, "text": refusal.text,
        "evidence": refusal.evidence, "proposed_by": refusal.proposed_by,
        "proposed_at": refusal.proposed_at.isoformat(), "note": refusal.note,
    }  # fmt: skip
