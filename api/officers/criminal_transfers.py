"""/o/v1/cases/{id}/criminal-transfers…: a suspected crime on its way to the police (M59, F30)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Short
from api.officers.cases import TheCase
from api.officers.enforcement import enforcement_body, plain
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, enforcing
from cases.lifecycle.criminal import CRIMINAL_MOVES
from cases.models.case import Case
from cases.models.referral import CriminalTransfer

router = officers_router("/cases/{case_id}/criminal-transfers", tags=["enforcement"])


class CrimeReport(Body):
    """What at least two officers suspect, and on which facts."""

    suspicion: Short
    facts: Long
    officer_ids: Annotated[list[int], Field(max_length=20)]


class HeadsDecision(Body):
    """The head's decision, with reasons either way."""

    approved: bool
    reasons: Long


class Handover(Body):
    """To which police, with which materials."""

    police_org_id: int
    materials: Annotated[list[Short], Field(max_length=100)]


class Slip(Body):
    """The number of the acceptance slip."""

    slip: Short


class Reasons(Body):
    """Why."""

    reasons: Long


def the_transfer(transfer_id: UUID, case: TheCase, session: OfficerSession) -> CriminalTransfer:
    """The criminal transfer of the path, of the locked case."""
    return enforcing.find_transfer(session, case, transfer_id)


TheTransfer = Annotated[CriminalTransfer, Depends(the_transfer)]


@router.get("", name="list_criminal_transfers")
@may(CASE_READERS)
def list_criminal_transfers(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """The criminal transfers of one case, in the order of time."""
    found = enforcing.enforcement_file(session, access.find(session, case_id, by=actor))
    return {"items": enforcement_body(found)["criminal_transfers"]}


@router.post("", status_code=201, name="report_crime")
@may(CRIMINAL_MOVES["report"])
def report_crime(case: TheCase, body: CrimeReport, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Report a suspicion; the head has three days."""
    return _told(case, enforcing.report_crime(session, case, **body.model_dump(), by=actor, now=now))


@router.post("/{transfer_id}/decisions", status_code=201, name="decide_transfer")
@may(CRIMINAL_MOVES["approve"], CRIMINAL_MOVES["reject"])
def decide_transfer(
    case: TheCase, transfer: TheTransfer, body: HeadsDecision, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """The head approves or rejects; an approval starts the 24 hours."""
    return _told(case, enforcing.decide_transfer(session, case, transfer, **body.model_dump(), by=actor, now=now))


@router.post("/{transfer_id}/handovers", status_code=201, name="hand_over_transfer")
@may(CRIMINAL_MOVES["send"])
def hand_over_transfer(
    case: TheCase, transfer: TheTransfer, body: Handover, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """To the police; only their slip ends the 24 hours."""
    return _told(case, enforcing.send(session, case, transfer, **body.model_dump(), by=actor, now=now))


@router.post("/{transfer_id}/slips", status_code=201, name="acknowledge_transfer")
@may(CRIMINAL_MOVES["acknowledge"])
def acknowledge_transfer(
    case: TheCase, transfer: TheTransfer, body: Slip, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """The police have it."""
    return _told(case, enforcing.acknowledge(session, case, transfer, slip=body.slip, by=actor, now=now))


@router.post("/{transfer_id}/declinations", status_code=201, name="decline_transfer")
@may(CRIMINAL_MOVES["decline"])
def decline_transfer(
    case: TheCase, transfer: TheTransfer, body: Reasons, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """The police do not file it."""
    return _told(case, enforcing.decline(session, case, transfer, reasons=body.reasons, by=actor, now=now))


def _told(case: Case, transfer: CriminalTransfer) -> dict[str, Any]:
    return {**case_head(case), "criminal_transfer": plain(transfer)}
