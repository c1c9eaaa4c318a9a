"""Who takes part in a joint operation (M57), who sees it, and what stands of it on the trail of its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true, tuple_
from sqlalchemy.orm import Session

from cases import access, trail
from cases.journey import Kind
from cases.lifecycle.guards import NotYourBody
from cases.models.case import Case
from cases.models.operation import Operation, OperationCase, OperationMember, OperationRecord
from kit.errors import Invalid, NotAllowed, NotFound, Stale, Unconditional
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


@dataclass(frozen=True)
class OperationFile:
    """An operation with its members, the cases that the reader may see, and its records."""

    operation: Operation
    members: list[OperationMember]
    cases: list[Case]
    records: list[OperationRecord]


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
        operation, members(session, operation), cases_of(session, operation, by), list(session.scalars(records))
    )


def members(session: Session, operation: Operation) -> list[OperationMember]:
    """All who were asked, the lead and whoever was dropped since among them."""
    of_it = select(OperationMember).where(OperationMember.operation_id == operation.id)
    return list(session.scalars(of_it.order_by(OperationMember.org_id)))


def staying(session: Session, operation: Operation) -> list[OperationMember]:
    """Those who take part: their results are what the operation waits for."""
    return [row for row in members(session, operation) if row.dropped_at is None]


def cases_of(session: Session, operation: Operation, by: Actor) -> list[Case]:
    """The cases of an operation that the actor may see."""
    of_it = select(Case).join(OperationCase, OperationCase.case_id == Case.id)
    seen = of_it.where(OperationCase.operation_id == operation.id, access.visible_to(by))
    return list(session.scalars(seen.order_by(Case.id)))


def tell_cases(
    session: Session, operation: Operation, kind: Kind, *, by: Actor, now: datetime, **told: Any
) -> list[Case]:
    """An entry on the trail of every case of the operation that the actor may see; gives them, locked."""
    cases = cases_of(session, operation, by)
    for case in cases:
        session.refresh(case, with_for_update={"of": Case})
        case.version += 1
        named: dict[str, Any] = {"operation": str(operation.id), "title": operation.title}
        trail.record(session, case, kind, by=by, now=now, **named, **told)
    return cases


def own(session: Session, operation: Operation, by: Actor) -> OperationMember:
    """The row of the actor's own body. Raises NotYourBody for one that takes no part, or no more; NotAllowed."""
    if not by.has(*HANDLERS):
        raise NotAllowed("Only those who handle cases take part.")
    member = session.get(OperationMember, (operation.id, by.org_id))
    if member is None or member.dropped_at is not None:
        raise NotYourBody
    return member


def by_the_lead(operation: Operation, by: Actor) -> None:
    """Raise NotYourBody for anybody but the lead."""
    if by.org_id != operation.lead_org_id:
        raise NotYourBody


def bodies(session: Session, org_ids: set[int]) -> list[Org]:
    """The towns and departments of these ids. Raises UnknownMember unless each is an active one."""
    wanted = select(Org).where(Org.id.in_(org_ids), Org.active, Org.kind.in_(("town", "department")))
    found: Sequence[Org] = session.scalars(wanted.order_by(Org.id)).all()
    if {org.id for org in found} != org_ids:
        raise UnknownMember
    return list(found)


def _visible_to(by: Actor) -> ColumnElement[bool]:
    if by.org_kind in {"district", "city"} or by.has(Role.DISCIPLINE):
        return true()
    return exists().where(OperationMember.operation_id == Operation.id, OperationMember.org_id == by.org_id)
