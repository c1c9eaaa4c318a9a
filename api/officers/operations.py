"""/o/v1/operations…: joint operations of several bodies over many cases (M57, M104)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Id, Long, Reason, Short
from api.officers.enforcement import plain
from api.officers.shapes import case_head
from api.paging import Page
from api.rights import CASE_READERS, Scope, may
from api.routes import officers_router
from cases import enforcing
from cases.enforcing import OperationPlan
from cases.lifecycle.operation import OPERATION_MOVES
from cases.models.operation import Operation
from people.roles import HANDLERS

router = officers_router("/operations", tags=["enforcement"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class OperationIn(Body):
    """The plan: title, days, members beside the lead, cases."""

    title: Short
    plan: Long
    begins_on: Day
    ends_on: Day
    member_org_ids: Annotated[list[int], Field(max_length=50)]
    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class OperationText(Body):
    """Words for the file."""

    text: Long


class DropIn(Body):
    """Which member, and why."""

    org_id: Id
    reason: Short


def the_operation(operation_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion) -> Operation:
    """The operation of the path, locked, in the version that the officer saw."""
    return enforcing.lock_operation(session, operation_id, by=actor, expected_version=seen)


TheOperation = Annotated[Operation, Depends(the_operation)]


@router.get("", name="list_operations")
@may(CASE_READERS, scope=Scope.OFFICE)
def list_operations(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """The operations that one's office takes part in."""
    whose = bound("operations", actor.org_id)
    rows = enforcing.operations(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [plain(row) for row in rows],
        "next": page.next(whose, rows, lambda row: (row.planned_at, row.id)),
    }


@router.get("/{operation_id}", name="get_operation")
@may(CASE_READERS, scope=Scope.OFFICE)
def get_operation(
    operation_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response
) -> dict[str, Any]:
    """One operation with its members, records, and the cases that one may see."""
    found = enforcing.operation_file(session, operation_id, by=actor)
    response.headers["ETag"] = f'"{found.operation.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        **plain(found.operation),
        "members": [plain(row) for row in found.members],
        "cases": [case_head(row) for row in found.cases],
        "records": [plain(row) for row in found.records],
    }


@router.post("", status_code=201, name="plan_operation")
@may(OPERATION_MOVES["plan"], scope=Scope.OFFICE)
def plan_operation(body: OperationIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Plan an operation as its lead."""
    return plain(enforcing.plan_operation(session, OperationPlan(**body.model_dump()), by=actor, now=now))


@router.post("/{operation_id}/acknowledgements", status_code=201, name="acknowledge_operation")
@may(HANDLERS, scope=Scope.OFFICE)
def acknowledge_operation(
    operation: TheOperation, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M104: one's office knows of the plan."""
    enforcing.acknowledge_plan(session, operation, by=actor, now=now)
    return plain(operation)


@router.post("/{operation_id}/starts", status_code=201, name="start_operation")
@may(OPERATION_MOVES["start"], scope=Scope.OFFICE)
def start_operation(operation: TheOperation, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Start; `not_acknowledged` warns of the members that have not answered."""
    silent = enforcing.start_operation(session, operation, by=actor, now=now)
    return {**plain(operation), "not_acknowledged": silent}


@router.post("/{operation_id}/records", status_code=201, name="record_operation")
@may(HANDLERS, scope=Scope.OFFICE)
def record_operation(
    operation: TheOperation, body: OperationText, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """What happened."""
    enforcing.record(session, operation, text=body.text, by=actor, now=now)
    return plain(operation)


@router.post("/{operation_id}/results", status_code=201, name="file_operation_result")
@may(HANDLERS, scope=Scope.OFFICE)
def file_operation_result(
    operation: TheOperation, body: OperationText, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M57: one's own result."""
    enforcing.file_result(session, operation, result=body.text, by=actor, now=now)
    return plain(operation)


@router.post("/{operation_id}/drops", status_code=201, name="drop_operation_member")
@may(OPERATION_MOVES["drop_member"], scope=Scope.OFFICE)
def drop_operation_member(
    operation: TheOperation, body: DropIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M57: go on without a member that has filed nothing."""
    enforcing.drop_member(session, operation, **body.model_dump(), by=actor, now=now)
    return plain(operation)


@router.post("/{operation_id}/cancellations", status_code=201, name="call_operation_off")
@may(OPERATION_MOVES["call_off"], scope=Scope.OFFICE)
def call_operation_off(
    operation: TheOperation, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M57: end what will reach no result; every member is told why."""
    return plain(enforcing.call_off(session, operation, reason=body.reason, by=actor, now=now))


@router.post("/{operation_id}/closures", status_code=201, name="close_operation")
@may(OPERATION_MOVES["close"], scope=Scope.OFFICE)
def close_operation(
    operation: TheOperation, body: OperationText, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M57: close, once every member has its result."""
    return plain(enforcing.close_operation(session, operation, summary=body.text, by=actor, now=now))
