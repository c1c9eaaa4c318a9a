"""/o/v1/cases/{id}/measures…, …/obstructions and /o/v1/measure-types: what the law lets an office impose (C4.4)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import FIRST, LAST, Body, Id, Long, Optional, Short
from api.officers.cases import TheCase
from api.officers.enforcement import enforcement_body, plain
from api.officers.look_backs import Arrival
from api.officers.shapes import ARRIVAL, case_head
from api.officers.shapes import plain as told
from api.rights import CASE_READERS, EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases import access, enforcing, policy
from cases.enforcing import MeasureDraft, lifting
from cases.lifecycle.measure import MEASURE_MOVES
from cases.models.case import Case
from cases.models.measure import Measure
from people.roles import HANDLERS

router = officers_router("/cases/{case_id}", tags=["enforcement"])
types = officers_router(tags=["enforcement"])
Until = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]


class MeasureIn(Body):
    """A measure that an officer proposes."""

    type_code: Short
    party: Short
    scope: Long
    ground: Short
    reasoning: Long
    basis: Short
    decision_ref: Short | None = None
    replaces_id: UUID | None = None


class Approval(Body):
    """A leader's approval; a closure cites the county government's decision."""

    note: Optional = ""
    decision_ref: Short | None = None


class Note(Body):
    """Why."""

    note: Long


class InForce(Body):
    """Who put it in force, who answers for it, until when."""

    officer_ids: Annotated[list[Id], Field(max_length=20)]
    owner_id: Id
    until: Until | None = None


class Handover(Body):
    """Who answers for it from now on, and why."""

    owner_id: Id
    reason: Short


class Extension(Body):
    """Why it goes on, until when."""

    reason: Long
    until: Until | None = None


class LiftRequest(Body):
    """What the party applied for."""

    application: Long


class ReviewIn(Body):
    """The check on site before the lift."""

    result: Literal["pass", "fail"]
    findings: Annotated[list[Long], Field(max_length=50)]
    note: Optional = ""


class Facts(Body):
    """What was seen."""

    facts: Long


def the_measure(measure_id: UUID, case: TheCase, session: OfficerSession) -> Measure:
    """The measure of the path, of the locked case."""
    return enforcing.find_measure(session, case, measure_id)


TheMeasure = Annotated[Measure, Depends(the_measure)]


@types.get("/measure-types", name="list_measure_types")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_measure_types(session: OfficerSession, _actor: CurrentActor, now: Now) -> dict[str, Any]:
    """The catalogue of powers in force, with the grounds that a measure may cite."""
    grounds = policy.reasons(session, "measure_ground", now)
    return {
        "items": [plain(row) for row in policy.measure_types(session, now)],
        "grounds": [{"code": row.code, "zh": row.zh, "en": row.en} for row in grounds],
    }


@router.post("/obstructions", status_code=201, name="report_obstruction")
@may(HANDLERS)
def report_obstruction(case: TheCase, body: Facts, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M59: enforcement is resisted; the case becomes immediate and the police are called."""
    enforcing.obstructed(session, case, facts=body.facts, by=actor, now=now)
    return case_head(case)


@router.get("/measures", name="list_measures")
@may(CASE_READERS)
def list_measures(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """The measures of one case, in the order of time."""
    found = enforcing.enforcement_file(session, access.find(session, case_id, by=actor))
    return {"items": enforcement_body(found)["measures"]}


@router.post("/measures", status_code=201, name="propose_measure")
@may(MEASURE_MOVES["propose"])
def propose_measure(case: TheCase, body: MeasureIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Propose a measure of one's own body (M49, M51)."""
    draft = MeasureDraft(**body.model_dump())
    return _told(case, enforcing.propose(session, case, draft, by=actor, now=now))


@router.post("/measures/{measure_id}/approvals", status_code=201, name="approve_measure")
@may(MEASURE_MOVES["approve"])
def approve_measure(
    case: TheCase, measure: TheMeasure, body: Approval, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """A leader approves, never whoever proposed."""
    enforcing.approve(session, case, measure, note=body.note, decision_ref=body.decision_ref, by=actor, now=now)
    return _told(case, measure)


@router.post("/measures/{measure_id}/drops", status_code=201, name="drop_measure")
@may(MEASURE_MOVES["drop"])
def drop_measure(
    case: TheCase, measure: TheMeasure, body: Note, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """A leader turns it down before it holds."""
    return _told(case, enforcing.drop(session, case, measure, note=body.note, by=actor, now=now))


@router.post("/measures/{measure_id}/enforcements", status_code=201, name="put_measure_in_force")
@may(MEASURE_MOVES["put_in_force"])
def put_measure_in_force(
    case: TheCase, measure: TheMeasure, body: InForce, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Two certified officers put it in force, at most to its legal end (F21, F45)."""
    enforcing.put_in_force(session, case, measure, **body.model_dump(), by=actor, now=now)
    return _told(case, measure)


@router.post("/measures/{measure_id}/handovers", status_code=201, name="hand_over_measure")
@may(MEASURE_MOVES["hand_over"])
def hand_over_measure(
    case: TheCase, measure: TheMeasure, body: Handover, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M17: somebody else of the organ answers for it from now on."""
    return _told(case, enforcing.hand_over_measure(session, case, measure, **body.model_dump(), by=actor, now=now))


@router.post("/measures/{measure_id}/extensions", status_code=201, name="extend_measure")
@may(MEASURE_MOVES["extend"])
def extend_measure(
    case: TheCase, measure: TheMeasure, body: Extension, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """F45: let it go on before it ends."""
    return _told(case, enforcing.extend(session, case, measure, **body.model_dump(), by=actor, now=now))


@router.post("/measures/{measure_id}/breaches", status_code=201, name="report_breach")
@may(HANDLERS)
def report_breach(
    case: TheCase, measure: TheMeasure, body: Facts, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M41: found at work in spite of it."""
    return _told(case, enforcing.breached(session, case, measure, facts=body.facts, by=actor, now=now))


@router.post("/measures/{measure_id}/lift-requests", status_code=201, name="request_lift")
@may(MEASURE_MOVES["request_lift"])
def request_lift(
    case: TheCase, measure: TheMeasure, body: LiftRequest, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M42: the party applies; the organ has ten days to look."""
    enforcing.request_lift(session, case, measure, application=body.application, by=actor, now=now)
    return _told(case, measure)


@router.post("/measures/{measure_id}/review-arrivals", status_code=201, name="begin_measure_review")
@may(MEASURE_MOVES["begin_review"])
def begin_measure_review(
    case: TheCase, measure: TheMeasure, body: Arrival, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M41: check in at the place; the photo (`after`) that a review needs is taken after."""
    point = body.position.point if body.position else None
    made = enforcing.begin_review(
        session, case, measure, point=point, distance_reason=body.distance_reason, by=actor, now=now
    )
    return {**_told(case, measure), "arrival": told(made, ARRIVAL)}


@router.post("/measures/{measure_id}/reviews", status_code=201, name="review_measure")
@may(lifting.REVIEW)
def review_measure(
    case: TheCase, measure: TheMeasure, body: ReviewIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M41: the check on site, by somebody who has been there, signed for the organ that ordered it."""
    enforcing.review(session, case, measure, **body.model_dump(), by=actor, now=now)
    return _told(case, measure)


@router.post("/measures/{measure_id}/lift-refusals", status_code=201, name="refuse_lift")
@may(MEASURE_MOVES["refuse_lift"])
def refuse_lift(
    case: TheCase, measure: TheMeasure, body: Note, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """It stays in force."""
    return _told(case, enforcing.refuse_lift(session, case, measure, note=body.note, by=actor, now=now))


@router.post("/measures/{measure_id}/lifts", status_code=201, name="lift_measure")
@may(MEASURE_MOVES["lift"])
def lift_measure(
    case: TheCase, measure: TheMeasure, body: Note, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M41: a leader of the organ lifts it, a suspension only after a passed review."""
    return _told(case, enforcing.lift(session, case, measure, note=body.note, by=actor, now=now))


def _told(case: Case, measure: Measure) -> dict[str, Any]:
    return {**case_head(case), "measure": plain(measure)}
