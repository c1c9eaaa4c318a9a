"""Joint operations (M57, M104): one plan, many cases; each member files its own result, and all of them close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, select, true, tuple_
from sqlalchemy.orm import Session

from cases import access, notices, routing, trail
from cases.journey import Kind
from cases.lifecycle.beside import NEW, being_handled
from cases.lifecycle.guards import NotYourBody
from cases.lifecycle.machine import NotInState
from cases.lifecycle.operation import move
from cases.models.case import Case
from cases.models.operation import Operation, OperationCase, OperationMember, OperationRecord
from kit.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, Unconditional
from people.actors import Actor
from people.models import Org
from people.roles import HANDLERS, Role


class NoSuchOperation(NotFound):
    """There is no such operation, or it is not for this actor."""

    code = "operation.unknown"


class UnknownMember(Invalid):
    """A member is an active town or department."""

    code = "operation.unknown_member"
    pointer = "/member_org_ids"


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


@dataclass(frozen=True)
class OperationFile:
    """An operation with its members, the cases that the reader may see, and its records."""

    operation: Operation
    members: list[OperationMember]
    cases: list[Case]
    records: list[OperationRecord]


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
    members = _bodies(session, {*wanted.member_org_ids, by.org_id or 0})
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


def lock_operation(session: Session, operation_id: UUID, *, by: Actor, expected_version: int | None) -> Operation:
    """An operation that the actor may see, locked. Raises NoSuchOperation, Unconditional, Stale."""
    statement = select(Operation).where(Operation.id == operation_id, _visible_to(by)).with_for_update()
    operation = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if operation is None:
        raise NoSuchOperation
    if expected_version is None:
        raise Unconditional
    if expected_version != operation.version:
        raise Stale(
            current={"id": str(operation.id), "state": operation.state, "version": operation.version}
        )  # fmt: skip
    return operation


def operations(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Operation]:
    """The operations that the actor's office takes part in; the district sees all, the newest first."""
    found = select(Operation).where(_visible_to(by))
    if after is not None:
        found = found.where(tuple_(Operation.planned_at, Operation.id) < after)
    return list(session.scalars(found.order_by(Operation.planned_at.desc(), Operation.id.desc()).limit(limit)))


def operation_file(session: Session, operation_id: UUID, *, by: Actor) -> OperationFile:
    """One operation as the actor may read it. Raises NoSuchOperation."""
    operation = session.scalars(select(Operation).where(Operation.id == operation_id, _visible_to(by))).one_or_none()
    if operation is None:
        raise NoSuchOperation
    records = select(OperationRecord).where(OperationRecord.operation_id == operation.id).order_by(OperationRecord.id)
    return OperationFile(
        operation, _members(session, operation), _cases(session, operation, by), list(session.scalars(records))
    )


def acknowledge_plan(session: Session, operation: Operation, *, by: Actor, now: datetime) -> OperationMember:
    """M104: a member knows of the plan. Raises FiledAlready, NotYourBody."""
    member = _own(session, operation, by)
    if member.acknowledged_at is not None:
        raise FiledAlready
    member.acknowledged_at, member.acknowledged_by = now, by.account_id
    operation.version += 1
    return member


def start_operation(session: Session, operation: Operation, *, by: Actor, now: datetime) -> list[int]:
    """The lead starts; gives the bodies that have not acknowledged the plan, a warning that is kept on the trail."""
    _by_the_lead(operation, by)
    move(operation, "start", by=by)
    operation.started_at = now
    silent = [row.org_id for row in _members(session, operation) if row.acknowledged_at is None]
    _tell(session, operation, Kind.OPERATION_STARTED, by=by, now=now, not_acknowledged=silent)
    return silent


def record(session: Session, operation: Operation, *, text: str, by: Actor, now: datetime) -> OperationRecord:
    """A member writes down what happened, while the operation runs."""
    _own(session, operation, by)
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
    member = _own(session, operation, by)
    _running(operation)
    if member.result is not None:
        raise FiledAlready
    member.result, member.result_at, member.result_by = result, now, by.account_id
    operation.version += 1
    _tell(session, operation, Kind.OPERATION_RECORDED, by=by, now=now, result=result)
    return member


def close_operation(session: Session, operation: Operation, *, summary: str, by: Actor, now: datetime) -> Operation:
    """M57: the lead closes it, once every member has its result. Raises ResultsMissing."""
    _by_the_lead(operation, by)
    missing = [row.org_id for row in _members(session, operation) if row.result is None]
    if missing and operation.state == "running":
        raise ResultsMissing(missing=missing)
    move(operation, "close", by=by)
    operation.closed_at, operation.summary = now, summary
    _tell(session, operation, Kind.OPERATION_CLOSED, by=by, now=now)
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
            routing.involve(session, case, org, goal=f"联合执法：{operation.title}", why="operation", by=by, now=now)


def _tell(session: Session, operation: Operation, kind: Kind, *, by: Actor, now: datetime, **told: Any) -> None:
    """An entry on the trail of every case of the operation that the actor may see."""
    for case in _cases(session, operation, by):
        session.refresh(case, with_for_update={"of": Case})
        case.version += 1
        named: dict[str, Any] = {"operation": str(operation.id), "title": operation.title}
        trail.record(session, case, kind, by=by, now=now, **named, **told)


def _cases(session: Session, operation: Operation, by: Actor) -> list[Case]:
    of_it = select(Case).join(OperationCase, OperationCase.case_id == Case.id)
    seen = of_it.where(OperationCase.operation_id == operation.id, access.visible_to(by))
    return list(session.scalars(seen.order_by(Case.id)))


def _members(session: Session, operation: Operation) -> list[OperationMember]:
    of_it = select(OperationMember).where(OperationMember.operation_id == operation.id)
    return list(session.scalars(of_it.order_by(OperationMember.org_id)))


def _own(session: Session, operation: Operation, by: Actor) -> OperationMember:
    if not by.has(*HANDLERS):
        raise NotAllowed("Only those who handle cases take part.")
    member = session.get(OperationMember, (operation.id, by.org_id))
    if member is None:
        raise NotYourBody
    return member


def _running(operation: Operation) -> None:
    if operation.state != "running":
        raise NotInState("The operation is not running.", rule="M57", state=operation.state)


def _by_the_lead(operation: Operation, by: Actor) -> None:
    if by.org_id != operation.lead_org_id:
        raise NotYourBody


def _visible_to(by: Actor) -> ColumnElement[bool]:
    if by.org_kind in {"district", "city"} or by.has(Role.DISCIPLINE):
        return true()
    return exists().where(OperationMember.operation_id == Operation.id, OperationMember.org_id == by.org_id)


def _bodies(session: Session, org_ids: set[int]) -> list[Org]:
    wanted = select(Org).where(Org.id.in_(org_ids), Org.active, Org.kind.in_(("town", "department")))
    found = list(session.scalars(wanted.order_by(Org.id)))
    if {org.id for org in found} != org_ids:
        raise UnknownMember
    return found
