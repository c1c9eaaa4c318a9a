"""How a joint operation ends that does not reach its end: called off, or without a member that never came (M57).

A department that has a task for the operation alone has none without it; what an office has signed for while the
operation ran, it answers.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, routing
from cases.enforcing.operation import FiledAlready
from cases.enforcing.taking_part import by_the_lead, staying, tell_cases
from cases.journey import Kind
from cases.lifecycle import task as tasks
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.operation import move
from cases.models.case import Case, Task
from cases.models.operation import Operation, OperationMember
from kit.errors import Invalid
from people.actors import SYSTEM, Actor
from people.models import Org
from people.roles import Role

NEVER_STARTED = "逾期未启动"


class NotAMember(Invalid):
    """A body that takes part beside the lead is dropped; the lead itself calls the operation off."""

    code = "operation.not_a_member"
    message = "This body takes no part beside the lead."
    pointer = "/org_id"


def call_off(session: Session, operation: Operation, *, reason: str, by: Actor, now: datetime) -> Operation:
    """The lead, or the safety office where it is gone, ends what will reach no result; every member is told why.

    Raises NotYourBody, NotInState, Incomplete.
    """
    if not by.has(Role.SAFETY_OFFICE):
        by_the_lead(operation, by)
    _reasoned(reason)
    _end(session, operation, "call_off", reason=reason, by=by, now=now)
    return operation


def lapse(session: Session, operation: Operation, *, now: datetime) -> None:
    """A locked operation whose days are long over and that nobody has started is called off by the system."""
    _end(session, operation, "lapse", reason=NEVER_STARTED, by=SYSTEM, now=now)


def drop_member(
    session: Session, operation: Operation, *, org_id: int, reason: str, by: Actor, now: datetime
) -> OperationMember:
    """The lead goes on without a member that has filed nothing; it is told why.

    Raises NotYourBody, NotInState, NotAMember, FiledAlready, Incomplete.
    """
    by_the_lead(operation, by)
    _reasoned(reason)
    member = next((row for row in staying(session, operation) if row.org_id == org_id), None)
    if member is None or org_id == operation.lead_org_id:
        raise NotAMember
    if member.result is not None:
        raise FiledAlready
    move(operation, "drop_member", by=by)
    member.dropped_at, member.dropped_by, member.drop_reason = now, by.account_id, reason
    org = session.get_one(Org, org_id)
    told = tell_cases(
        session, operation, Kind.OPERATION_MEMBER_DROPPED, by=by, now=now, org=org.code, name=org.name_zh, reason=reason
    )
    _let_go(session, operation, told, {org_id}, by=by, now=now)
    text = f"联合执法：{operation.title}，本单位不再参加：{reason}"
    notices.tell(session, org_id, "operation_dropped", text, now=now)
    return member


def _end(session: Session, operation: Operation, name: str, *, reason: str, by: Actor, now: datetime) -> None:
    bodies = {row.org_id for row in staying(session, operation)}
    move(operation, name, by=by)
    operation.called_off_at, operation.called_off_by, operation.called_off_reason = now, by.account_id, reason
    told = tell_cases(session, operation, Kind.OPERATION_CALLED_OFF, by=by, now=now, reason=reason)
    _let_go(session, operation, told, bodies, by=by, now=now)
    for org_id in sorted(bodies - {by.org_id}):
        text = f"联合执法：{operation.title}，已取消：{reason}"
        notices.tell(session, org_id, "operation_called_off", text, now=now)


def _let_go(
    session: Session, operation: Operation, cases: Collection[Case], org_ids: set[int], *, by: Actor, now: datetime
) -> None:
    """Take back what these bodies have to do for the operation alone, in cases that are locked."""
    states = tasks.LIVE if operation.started_at is None else {"open"}
    found = select(Task).where(
        Task.operation_id == operation.id, Task.org_id.in_(org_ids), Task.state.in_(states),
        Task.case_id.in_(case.id for case in cases),
    )  # fmt: skip
    theirs = session.scalars(found.order_by(Task.id)).all()
    for task in theirs:
        tasks.move(task, "let_go", by=by)
        clocks.stop_task(session, task.id, now=now)
    session.flush()
    for case in cases:
        if any(task.case_id == case.id for task in theirs):
            routing.withdraw_orders(session, case, now=now)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Incomplete("Say why.", missing=["reason"], pointer="/reason")
