"""/o/v1/desk/reports/{id}/messages: the desk writes to a reporter, whom it does not know, and who does not know it."""

from typing import Any

from api.dependencies import Now, OfficerSession
from api.officers.bodies import Body, Long
from api.officers.desk import DeskOfficer, TheReport, report_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from people.roles import Role

router = officers_router("/desk/reports/{report_id}/messages", tags=["desk"])


class MessageIn(Body):
    """What the reporter is to read under the code."""

    text: Long


@router.post("", status_code=201, name="write_to_reporter")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def write_to_reporter(
    report: TheReport, body: MessageIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """Write to the reporter; what they wrote before counts as heard."""
    sent = triage.write(session, report, text=body.text, by=actor, now=now)
    return {**report_head(report, now=now), "message": {"text": sent.text, "sent_at": sent.sent_at.isoformat()}}


@router.post("/hearing", status_code=201, name="hear_reporter")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def hear_reporter(report: TheReport, session: OfficerSession, actor: DeskOfficer, now: Now) -> dict[str, Any]:
    """Say that what the reporter wrote was read and needs no answer."""
    triage.hear(session, report, by=actor, now=now)
    return report_head(report, now=now)
