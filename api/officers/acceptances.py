"""POST /o/v1/cases/{id}/acceptances: the check after rectification, finding by finding (T14, T15)."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Optional
from api.officers.cases import TheCase
from api.officers.shapes import case_head
from api.rights import may
from api.routes import officers_router
from cases import handling
from cases.handling import FindingCheckIn, Signing
from cases.lifecycle.case import CASE_MOVES

router = officers_router("/cases/{case_id}", tags=["officers"])


class CheckIn(Body):
    """What is said of one finding."""

    finding_id: UUID
    result: Literal["pass", "fail"]
    note: Optional = ""


class AcceptanceIn(Body):
    """The check after the work."""

    result: Literal["pass", "fail"]
    findings: list[Long] = Field(default_factory=list, max_length=50)
    checks: list[CheckIn] = Field(default_factory=list, max_length=100)
    note: Long
    people_present: Optional = ""
    signature: Literal["signed", "refused"] | None = None
    signature_note: Optional = ""


@router.post("/acceptances", status_code=201, name="accept_rectification")
@may(CASE_MOVES["pass_acceptance"], CASE_MOVES["fail_acceptance"])
def accept_rectification(
    case: TheCase, body: AcceptanceIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T14, T15: the check after rectification, by somebody else."""
    act = handling.pass_ if body.result == "pass" else handling.fail
    checks = [FindingCheckIn(each.finding_id, each.result, each.note) for each in body.checks]
    signing = Signing(body.people_present, body.signature, body.signature_note)
    act(session, case, note=body.note, findings=body.findings, checks=checks, signing=signing, by=actor, now=now)
    return case_head(case)
