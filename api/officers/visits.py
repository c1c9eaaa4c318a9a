"""/o/v1/cases/{id}/visits, …/visit-records, …/visit-takeovers, …/visit-breakoffs and what a record shows and asks."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Optional, Reason, Short
from api.officers.cases import TheCase
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, handling, policy
from cases.handling import BlockAnswer, CheckAnswer, CheckIn, VisitRecord
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.visit import VISIT_MOVES
from geo.datums import Datum, to_wgs84
from geo.points import Point
from mobile_contract.v1.base import Latitude, Longitude

router = officers_router("/cases/{case_id}", tags=["officers"])
UnitName = Annotated[Optional, StringConstraints(max_length=200)]


class Position(Body):
    """A fix in a stated datum."""

    lon: Longitude
    lat: Latitude
    crs: Literal["wgs84", "gcj02", "bd09", "cgcs2000"]

    @property
    def point(self) -> Point:
        """The same place in WGS-84."""
        return to_wgs84(self.lon, self.lat, Datum(self.crs))


class VisitStart(Body):
    """Check-in at the place."""

    kind: Literal["verification", "patrol", "enforcement"] = "verification"
    position: Position | None = None
    companion_ids: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(default_factory=list, max_length=20)
    distance_reason: Optional | None = None


class FindingIn(Body):
    """Something found, with the pictures that show it."""

    text: Long
    picture_ids: list[UUID] = Field(default_factory=list, max_length=20)


class PermitCheck(Body):
    """Whether the permit was seen (M31)."""

    outcome: Literal["seen", "not_seen", "expired", "other_scope"]
    number: Optional = ""
    issued_by: Optional = ""  # a department's code or kind: it answers for what it approved (M04)
    picture_id: UUID | None = None
    note: Optional = ""


class BlockIn(Body):
    """One block of the checklist, answered (M34)."""

    block: Short
    answer: Literal["clear", "problem", "na"]
    note: Optional = ""


class CheckAnswerIn(Body):
    """The answer to one check of the category; what was done at once, and that a phone was called, where it asks."""

    code: Short
    answer: Annotated[str, StringConstraints(max_length=20, pattern="^[a-z_]*$")] = ""  # one of its kind's
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    note: Optional = ""
    done: Optional = ""
    phoned: bool = False
    picture_id: UUID | None = None


class VisitDone(Body):
    """The record of a visit."""

    place: Short
    people_present: Short
    findings: Annotated[list[Long | FindingIn], Field(min_length=1, max_length=50)]
    facts: Long
    action: Long
    permit_check: PermitCheck | None = None
    checklist: list[BlockIn] = Field(default_factory=list, max_length=20)
    checks: list[CheckAnswerIn] = Field(default_factory=list, max_length=50)
    signature: Literal["signed", "refused"]
    signature_note: Optional = ""
    inspected_unit: UnitName = ""  # empty where nobody operates what was found
    penalty: Optional = ""  # what is proposed, or why none; asked for where a penalty must follow (M46)


class Evidence(Body):
    """Pictures that show a finding."""

    picture_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]


@router.get("/checklist", name="read_checklist")
@may(CASE_READERS)
def read_checklist(case_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """What the record of a visit must answer: four blocks, the category's own checks, permit, penalty, the night."""
    case = access.find(session, case_id, by=actor)
    category = policy.category_version(session, case.category_code, case.category_version)
    return {
        "blocks": policy.checklist(session, category, now),
        "checks": [asdict(check) for check in policy.checks_of(category)],
        "answers": {kind: list(allowed) for kind, allowed in policy.ANSWERS.items()},
        "permit_check": policy.needs_permit_check(session, category, case.penalty_policy, now),
        "penalty": handling.says_the_penalty(case),
        "night": category.night_rule,
    }  # fmt: skip


@router.post("/visits", status_code=201, name="start_visit")
@may(CASE_MOVES["start_visit"])
def start_visit(case: TheCase, body: VisitStart, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T6: check in at the place."""
    point = body.position.point if body.position else None
    check_in = CheckIn(body.kind, point, body.companion_ids, body.distance_reason)
    visit = handling.start_visit(session, case, check_in=check_in, by=actor, now=now)
    return {**case_head(case), "visit_id": str(visit.id), "supports_penalty": visit.supports_penalty}


@router.post("/visit-records", status_code=201, name="complete_visit")
@may(VISIT_MOVES["complete"])
def complete_visit(case: TheCase, body: VisitDone, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Complete the record of one's open visit; four copies with one hash are made (M47)."""
    visit = handling.complete_visit(session, case, record=_record(body), by=actor, now=now)
    return {**case_head(case), "visit_id": str(visit.id), "record_sha256": (visit.record_hash or b"").hex()}


@router.post("/visit-takeovers", status_code=201, name="take_visit_over")
@may(VISIT_MOVES["take_over"])
def take_visit_over(case: TheCase, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M15: a companion goes on with the open visit in the place of whoever led it."""
    visit = handling.take_over(session, case, reason=body.reason, by=actor, now=now)
    return {**case_head(case), "visit_id": str(visit.id)}


@router.post("/visit-breakoffs", status_code=201, name="break_visit_off")
@may(VISIT_MOVES["break_off"])
def break_visit_off(case: TheCase, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M15: end the open visit without a record, so that somebody else can begin another."""
    visit = handling.break_off(session, case, reason=body.reason, by=actor, now=now)
    return {**case_head(case), "visit_id": str(visit.id)}


@router.post("/findings/{finding_id}/evidence", status_code=201, name="link_evidence")
@may(CASE_MOVES["start_visit"])
def link_evidence(
    case: TheCase, finding_id: UUID, body: Evidence, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Show a finding by more pictures of its case."""
    handling.link(session, case, finding_id=finding_id, picture_ids=body.picture_ids, by=actor, now=now)
    return case_head(case)


def _record(body: VisitDone) -> VisitRecord:
    stated = body.model_dump(mode="json", exclude={"findings", "checklist", "checks"})
    shown = {place: each.picture_ids for place, each in enumerate(body.findings) if isinstance(each, FindingIn)}
    return VisitRecord(
        **stated,
        findings=[each if isinstance(each, str) else each.text for each in body.findings],
        evidence={place: pictures for place, pictures in shown.items() if pictures},
        checklist=[BlockAnswer(each.block, each.answer, each.note) for each in body.checklist],
        checks=[CheckAnswer(**each.model_dump()) for each in body.checks],
    )
