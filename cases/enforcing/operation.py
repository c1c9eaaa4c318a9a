"""Joint operations (M57, M104): one plan, many cases; each member files its own result, and all of them close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cases import access, notices, routing, trail
from cases.enforcing.taking_part import bodies, by_the_lead, own, staying, tell_cases
from cases.journey import Kind
from cases.lifecycle.beside import NEW, being_handled
from cases.lifecycle.machine import NotInState
from cases.lifecycle.operation import move
from cases.models.case import Case
from cases.models.operation import Operation, OperationCase, OperationMember, OperationRecord
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org


class ResultsMissing(Conflict):
    """The operation closes only when every member has filed its result; `missing` lists those who have not (M57)."""

    code = "operation.results_missing"
    message = "Some members have filed no result yet."


class FiledAlready(Conflict):
    """This body has acknowledged the plan, or filed its result."""

    code = "operation.filed"


@dataclass(frozen=True)
class OperationPlan:
    """What the lead plans, with whom and for which cases; days are local."""

    title: str
    plan: str
    begins_on: date
    ends_on: date
    member_org_ids: Sequence[int]
    case_ids: Sequence[UUID]


def plan_operation(session: Session, wanted: OperationPlan, *, by: Actor, now: datetime) -> Operation:
    """A leader plans an operation; members are told, and departments among them get a task in each case.

    Raises NoSuchCase for a case that the lead may not see, NotHandled, UnknownMember, NotYourRole.
    """
    operation = Operation(
        id=uuid4(), title=wanted.title, plan=wanted.plan, begins_on=wanted.begins_on, ends_on=wanted.ends_on,
        lead_org_id=by.org_id, state=NEW, version=0, planned_by=by.account_id, planned_at=now,
    )  # fmt: skip
    if wanted.ends_on < wanted.begins_on or not wanted.case_ids:
        raise Invalid("An operation has days and cases.", pointer="/ends_on" if wanted.case_ids else "/case_ids")
    move(operation, "plan", by=by)
    members = bodies(session, {*wanted.member_org_ids, by.org_id or 0})
    session.add(operation)
    session.flush()
    for org in members:
        known_at, known_by = (now, by.account_id) if org.id == by.org_id else (None, None)
        session.add(
            OperationMember(
                operation_id=operation.id, org_id=org.id, acknowledged_at=known_at, acknowledged_by=known_by
            )
        )
        if org.id != by.org_id:
            notices.tell(session, org.id, "operation", f"联合执法：{wanted.title}，请确认参加", now=now)
    for case_id in sorted(set(wanted.case_ids)):
        _add_case(session, operation, case_id, members, by=by, now=now)
    session.flush()
    return operation


def acknowledge_plan(session: Session, operation: Operation, *, by: Actor, now: datetime) -> OperationMember:
    """M104: a member knows of the plan, as long as it stands. Raises FiledAlready, NotYourBody, NotInState."""
    member = own(session, operation, by)
    if operation.state not in {"planned", "running"}:
        raise NotInState("The operation is over.", rule="M104", state=operation.state)
    if member.acknowledged_at is not None:
        raise FiledAlready
    member.acknowledged_at, member.acknowledged_by = now, by.account_id
    operation.version += 1
    return member


def start_operation(session: Session, operation: Operation, *, by: Actor, now: datetime) -> list[int]:
    """The lead starts; gives the bodies that have not acknowledged the plan, a warning that is kept on the trail."""
    by_the_lead(operation, by)
    move(operation, "start", by=by)
    operation.started_at = now
    silent = [row.org_id for row in staying(session, operation) if row.acknowledged_at is None]
    tell_cases(session, operation, Kind.OPERATION_STARTED, by=by, now=now, not_acknowledged=silent)
    return silent


def record(session: Session, operation: Operation, *, text: str, by: Actor, now: datetime) -> OperationRecord:
    """A member writes down what happened, while the operation runs."""
    own(session, operation, by)
    _running(operation)
    made = OperationRecord(
        operation_id=operation.id, org_id=by.org_id, text=text, written_by=by.account_id, written_at=now
    )
    session.add(made)
    operation.version += 1
    session.flush()
    return made


def file_result(session: Session, operation: Operation, *, result: str, by: Actor, now: datetime) -> OperationMember:
    """M57: each member files its own result, once. Raises FiledAlready, NotYourBody, NotInState."""
    member = own(session, operation, by)
    _running(operation)
    if member.result is not None:
        raise FiledAlready
    member.result, member.result_at, member.result_by = result, now, by.account_id
    operation.version += 1
    tell_cases(session, operation, Kind.OPERATION_RECORDED, by=by, now=now, result=result)
    return member


def close_operation(session: Session, operation: Operation, *, summary: str, by: Actor, now: datetime) -> Operation:
    """M57: the lead closes it, once every member that takes part has its result. Raises ResultsMissing."""
    by_the_lead(operation, by)
    missing = [row.org_id for row in staying(session, operation) if row.result is None]
    if missing and operation.state == "running":
        raise ResultsMissing(missing=missing)
    move(operation, "close", by=by)
    operation.closed_at, operation.summary = now, summary
    tell_cases(session, operation, Kind.OPERATION_CLOSED, by=by, now=now)
    return operation


def _add_case(
    session: Session, operation: Operation, case_id: UUID, members: Sequence[Org], *, by: Actor, now: datetime
) -> None:
    case = access.find(session, case_id, by=by)
    session.refresh(case, with_for_update={"of": Case})
    being_handled(case=case)
    session.add(OperationCase(operation_id=operation.id, case_id=case.id, added_by=by.account_id, added_at=now))
    case.version += 1
    told: dict[str, Any] = {"operation": str(operation.id), "title": operation.title}
    trail.record(session, case, Kind.OPERATION_PLANNED, by=by, now=now, **told)
    for org in members:
        if org.kind == "department":
            routing.involve(
                session, case, org, goal=f"联合执法：{operation.title}", why="operation", operation_id=operation.id,
                by=by, now=now,
            )  # fmt: skip


def _running(operation: Operation) -> None:
    if operation.state != "running":
        raise NotInState("The operation is not running.", rule="M57", state=operation.state)
