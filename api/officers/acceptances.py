"""/o/v1/cases/{id}/acceptance-arrivals and …/acceptances: the check after rectification, at the place (T14, T15)."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Optional
from api.officers.cases import TheCase
from api.officers.look_backs import Arrival
from api.officers.shapes import ARRIVAL, case_head, plain
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


@router.post("/acceptance-arrivals", status_code=201, name="begin_acceptance")
@may(CASE_MOVES["begin_acceptance"])
def begin_acceptance(case: TheCase, body: Arrival, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T14, T15: check in at the place; the photo that an acceptance needs is taken after."""
    point = body.position.point if body.position else None
    made = handling.arrive(session, case, point=point, distance_reason=body.distance_reason, by=actor, now=now)
    return {**case_head(case), "arrival": plain(made, ARRIVAL)}


@router.post("/acceptances", status_code=201, name="accept_rectification")
@may(CASE_MOVES["pass_acceptance"], CASE_MOVES["fail_acceptance"])
def accept_rectification(
    case: TheCase, body: AcceptanceIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T14, T15: the check after rectification, by somebody else who has been there."""
    act = handling.pass_ if body.result == "pass" else handling.fail
    checks = [FindingCheckIn(each.finding_id, each.result, each.note) for each in body.checks]
    signing = Signing(body.people_present, body.signature, body.signature_note)
    act(session, case, note=body.note, findings=body.findings, checks=checks, signing=signing, by=actor, now=now)
    return case_head(case)
