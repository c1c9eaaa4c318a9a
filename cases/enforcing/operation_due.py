"""A joint operation that waits for somebody: members and the lead hear of it every so many days (M57, M104).

Until it begins a member owes its word that it knows of the plan; after its last day a member owes its result, and the
lead the start. What nobody has started so long after its days is called off: no case waits for it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.enforcing.operation_ends import lapse
from cases.enforcing.taking_part import staying
from cases.models.operation import Operation, OperationMember
from kit.clock import LOCAL_ZONE
from people.models import Org

AT_ONCE = 50
NO_WORD, NO_RESULT, NO_START = "尚未确认参加，请确认", "应于{day}前填报结果，请填报", "计划日期已过，请启动或者取消"


def urge_operations(session: Session, *, now: datetime) -> None:
    """See to every operation that waits for somebody who is late. Safe to repeat.

    What an officer holds just now waits for the next sweep.
    """
    rule = policy.value(session, "operation_reminders", now)
    today = now.astimezone(LOCAL_ZONE).date()
    since = now - timedelta(days=rule["every_days"])
    last_day = today - timedelta(days=rule["lapses_after_days"])
    planned, running = Operation.state == "planned", Operation.state == "running"
    begun, over = Operation.begins_on <= today, Operation.ends_on < today
    waits = or_(
        planned & (Operation.ends_on < last_day),
        planned & begun & _a_member(OperationMember.acknowledged_at.is_(None), since),
        planned & over & _a_member(OperationMember.org_id == Operation.lead_org_id, since),
        running & over & _a_member(OperationMember.result.is_(None), since),
    )
    found = select(Operation).where(waits).order_by(Operation.id).limit(AT_ONCE)
    for operation in session.scalars(found.with_for_update(skip_locked=True)).all():
        if operation.state == "planned" and operation.ends_on < last_day:
            lapse(session, operation, now=now)
        else:
            _remind(session, operation, today, since=since, now=now)


def _a_member(owes: ColumnElement[bool], since: datetime) -> ColumnElement[bool]:
    """Whether one who takes part owes something, and has not been reminded since."""
    heard = or_(OperationMember.reminded_at.is_(None), OperationMember.reminded_at <= since)
    return exists().where(
        OperationMember.operation_id == Operation.id, OperationMember.dropped_at.is_(None), owes, heard
    )


def _remind(session: Session, operation: Operation, today: date, *, since: datetime, now: datetime) -> None:
    late = [row for row in staying(session, operation) if _owes(operation, row, today)]
    due = [row for row in late if row.reminded_at is None or row.reminded_at <= since]
    for row in due:
        row.reminded_at = now
        if row.org_id == operation.lead_org_id and operation.state == "planned":
            what = NO_START
        else:
            what = NO_WORD if operation.state == "planned" else NO_RESULT.format(day=operation.ends_on)
        notices.tell(session, row.org_id, "operation_late", f"联合执法：{operation.title}，{what}", now=now)
    others = [row for row in due if row.org_id != operation.lead_org_id]
    if others:
        what = "尚未确认参加" if operation.state == "planned" else "逾期未填报结果"
        text = f"联合执法：{operation.title}，{_names(session, others)}{what}"
        notices.tell(session, operation.lead_org_id, "operation_late", text, now=now)


def _owes(operation: Operation, row: OperationMember, today: date) -> bool:
    if operation.state == "running":
        return row.result is None
    if row.org_id == operation.lead_org_id:
        return operation.ends_on < today
    return row.acknowledged_at is None


def _names(session: Session, rows: Sequence[OperationMember]) -> str:
    found = select(Org.name_zh).where(Org.id.in_(row.org_id for row in rows)).order_by(Org.id)
    return "、".join(session.scalars(found))
