"""/o/v1/cases/{id}/penalties…: the penalty track with its lawful exits (C4.5, F22, F25). Money is in whole fen."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import FIRST, LAST, Body, Id, Long, Optional, Reason, Short
from api.officers.cases import TheCase
from api.officers.enforcement import enforcement_body, plain
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, enforcing
from cases.enforcing import Decision
from cases.lifecycle.penalty import (
    DEFENCE,
    HEARING_RECORD,
    PENALTY_MOVES,
    PUBLICATION,
    WAIVER_PROPOSAL,
    WITHDRAWAL,
)
from cases.models.case import Case
from cases.models.penalty import Penalty

router = officers_router("/cases/{case_id}/penalties", tags=["enforcement"])
Fen = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class PenaltyIn(Body):
    """Against whom, for what, by which officers."""

    party_kind: Literal["unit", "person"]
    party: Short
    cause: Long
    officer_ids: Annotated[list[Id], Field(max_length=20)]


class Investigation(Body):
    """What was found, and which rule it breaks."""

    findings: Long
    qualification: Long


class Handover(Body):
    """Which officers go on with it, and why."""

    officer_ids: Annotated[list[Id], Field(max_length=20)]
    reason: Short


class Text(Body):
    """Words for the file."""

    text: Long


class HearingIn(Body):
    """When the hearing is."""

    at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]


class DecisionIn(Body):
    """The decision; amounts in whole fen."""

    number: Short
    kinds: Annotated[list[Short], Field(min_length=1, max_length=10)]
    fine_fen: Fen = 0
    confiscated_fen: Fen = 0
    text: Long


class WaiverIn(Body):
    """Why no penalty: a reason of the law with each of its conditions ticked, and the education given (F22)."""

    reason: Short
    conditions: Annotated[dict[Short, bool], Field(max_length=10)]
    text: Long
    education: Optional


def the_penalty(penalty_id: UUID, case: TheCase, session: OfficerSession) -> Penalty:
    """The penalty track of the path, of the locked case."""
    return enforcing.find_penalty(session, case, penalty_id)


ThePenalty = Annotated[Penalty, Depends(the_penalty)]


@router.get("", name="list_penalties")
@may(CASE_READERS)
def list_penalties(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """The penalty tracks of one case, in the order of time."""
    found = enforcing.enforcement_file(session, access.find(session, case_id, by=actor))
    return {"items": enforcement_body(found)["penalties"]}


@router.post("", status_code=201, name="file_penalty")
@may(PENALTY_MOVES["file"])
def file_penalty(case: TheCase, body: PenaltyIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """File a track against one party; 90 days begin (F24)."""
    return _told(case, enforcing.file(session, case, **body.model_dump(), by=actor, now=now))


@router.post("/{penalty_id}/investigations", status_code=201, name="investigate_penalty")
@may(PENALTY_MOVES["investigate"])
def investigate_penalty(
    case: TheCase, penalty: ThePenalty, body: Investigation, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """What was found; rests on an enforcement check (M61)."""
    return _told(case, enforcing.investigate(session, case, penalty, **body.model_dump(), by=actor, now=now))


@router.post("/{penalty_id}/handovers", status_code=201, name="hand_over_penalty")
@may(PENALTY_MOVES["hand_over"])
def hand_over_penalty(
    case: TheCase, penalty: ThePenalty, body: Handover, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F21: two certified officers go on with it in place of those who began."""
    return _told(case, enforcing.hand_over_penalty(session, case, penalty, **body.model_dump(), by=actor, now=now))


@router.post("/{penalty_id}/notifications", status_code=201, name="notify_party")
@may(PENALTY_MOVES["notify"])
def notify_party(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F29: tell the party what is intended."""
    return _told(case, enforcing.notify(session, case, penalty, notice=body.text, by=actor, now=now))


@router.post("/{penalty_id}/defences", status_code=201, name="hear_defence")
@may(DEFENCE)
def hear_defence(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F29: what the party stated."""
    return _told(case, enforcing.hear_defence(session, case, penalty, text=body.text, by=actor, now=now))


@router.post("/{penalty_id}/hearings", status_code=201, name="grant_hearing")
@may(PENALTY_MOVES["grant_hearing"])
def grant_hearing(
    case: TheCase, penalty: ThePenalty, body: HearingIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F29: a hearing was asked for; nothing is decided before its record."""
    return _told(case, enforcing.grant_hearing(session, case, penalty, at=body.at, by=actor, now=now))


@router.post("/{penalty_id}/hearing-records", status_code=201, name="hold_hearing")
@may(HEARING_RECORD)
def hold_hearing(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F29: the record of the hearing."""
    return _told(case, enforcing.hold_hearing(session, case, penalty, record=body.text, by=actor, now=now))


@router.post("/{penalty_id}/decisions", status_code=201, name="decide_penalty")
@may(PENALTY_MOVES["decide"])
def decide_penalty(
    case: TheCase, penalty: ThePenalty, body: DecisionIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """A leader who did not investigate decides, within the body's power on the day (F19, M58)."""
    decision = Decision(**body.model_dump())
    return _told(case, enforcing.decide(session, case, penalty, decision, by=actor, now=now))


@router.post("/{penalty_id}/services", status_code=201, name="serve_penalty")
@may(PENALTY_MOVES["serve"])
def serve_penalty(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """The party has it, or it was served as the law provides."""
    return _told(case, enforcing.serve(session, case, penalty, how=body.text, by=actor, now=now))


@router.post("/{penalty_id}/executions", status_code=201, name="execute_penalty")
@may(PENALTY_MOVES["execute"])
def execute_penalty(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """It was carried out."""
    return _told(case, enforcing.execute(session, case, penalty, text=body.text, by=actor, now=now))


@router.post("/{penalty_id}/waivers", status_code=201, name="propose_waiver")
@may(WAIVER_PROPOSAL)
def propose_waiver(
    case: TheCase, penalty: ThePenalty, body: WaiverIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F22: a leader proposes not to penalise."""
    return _told(case, enforcing.propose_waiver(session, case, penalty, **body.model_dump(), by=actor, now=now))


@router.post("/{penalty_id}/waiver-reviews", status_code=201, name="review_waiver")
@may(PENALTY_MOVES["waive"])
def review_waiver(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F22: a legal reviewer, another person, confirms."""
    return _told(case, enforcing.waive(session, case, penalty, note=body.text, by=actor, now=now))


@router.post("/{penalty_id}/waiver-refusals", status_code=201, name="refuse_waiver")
@may(PENALTY_MOVES["refuse_waiver"])
def refuse_waiver(
    case: TheCase, penalty: ThePenalty, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F22: a legal reviewer does not confirm; it goes back to the leader who proposed it, with the reason."""
    return _told(case, enforcing.refuse_waiver(session, case, penalty, reason=body.reason, by=actor, now=now))


@router.post("/{penalty_id}/publications", status_code=201, name="publish_penalty")
@may(PUBLICATION)
def publish_penalty(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F12: where the decision stands in public."""
    return _told(case, enforcing.publish(session, case, penalty, where=body.text, by=actor, now=now))


@router.post("/{penalty_id}/revocations", status_code=201, name="revoke_penalty")
@may(PENALTY_MOVES["revoke"], grave=True)
def revoke_penalty(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F25: revoked, changed or void; the withdrawal of what was published is due in 3 working days."""
    return _told(case, enforcing.revoke(session, case, penalty, reason=body.text, by=actor, now=now))


@router.post("/{penalty_id}/withdrawals", status_code=201, name="withdraw_penalty")
@may(WITHDRAWAL, grave=True)
def withdraw_penalty(
    case: TheCase, penalty: ThePenalty, body: Text, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F25: nothing public shows it any more."""
    return _told(case, enforcing.withdraw(session, case, penalty, note=body.text, by=actor, now=now))


def _told(case: Case, penalty: Penalty) -> dict[str, Any]:
    return {**case_head(case), "penalty": plain(penalty)}
