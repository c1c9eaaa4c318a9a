"""What was put out against a body ends with its part in a case: it has nothing to answer for any more (M74, M77, T5).

Urge orders are withdrawn, planned talks called off, and what was on the list for the next bulletin is struck.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import urging
from cases.models.case import Case, Task
from cases.models.supervision import LISTED, BulletinEntry, Interview, UrgeOrder
from people.actors import SYSTEM

NO_PART = "案件已不由本单位办理"
VOID = "案件已作废"


def withdraw_orders(session: Session, case: Case, *, now: datetime) -> None:
    """Withdraw what is open against whoever a locked case was taken from, or all once it is void; each is told."""
    why = VOID if case.state == "void" else NO_PART
    _orders(session, case, why, now=now)
    _interviews(session, case, why, now=now)
    _entries(session, case, why, now=now)


def _orders(session: Session, case: Case, why: str, *, now: datetime) -> None:
    found = select(UrgeOrder).where(
        UrgeOrder.case_id == case.id, UrgeOrder.state.in_(urging.OPEN_ORDERS), _lost(case, UrgeOrder)
    )
    for order in session.scalars(found.order_by(UrgeOrder.issued_at, UrgeOrder.number)).all():
        urging.move(order, "lapse", by=SYSTEM)
        order.decided_at, order.comment = now, why
        trail.record(session, case, Kind.URGE_WITHDRAWN, by=SYSTEM, now=now, number=order.number, comment=why)
        # Without the case itself: an office that has lost it may not open it any more.
        notices.tell(session, order.org_id, "urge_withdrawn", f"{order.number} 已撤回：{why}", now=now)


def _interviews(session: Session, case: Case, why: str, *, now: datetime) -> None:
    found = select(Interview).where(Interview.case_id == case.id, Interview.state == "planned", _lost(case, Interview))
    for talk in session.scalars(found.order_by(Interview.planned_at, Interview.id)).all():
        urging.move_interview(talk, "call_off", by=SYSTEM)
        trail.record(session, case, Kind.INTERVIEW_DROPPED, by=SYSTEM, now=now, interview=str(talk.id), reason=why)
        notices.tell(session, talk.org_id, "interview_dropped", f"案件 {case.number} 的约谈已取消：{why}", now=now)


def _entries(session: Session, case: Case, why: str, *, now: datetime) -> None:
    """Nobody was told that a body is on the list, so nobody is told that it is not."""
    found = select(BulletinEntry).where(BulletinEntry.case_id == case.id, LISTED, _lost(case, BulletinEntry))
    for entry in session.scalars(found.order_by(BulletinEntry.listed_at, BulletinEntry.id)).all():
        entry.struck_at, entry.struck_reason = now, why
        trail.record(session, case, Kind.BULLETIN_STRUCK, by=SYSTEM, now=now, reason=why)


def _lost(case: Case, table: Any) -> ColumnElement[bool]:
    """Whether the body of a row had its part in the case, and has none any more; everybody, once the case is void."""
    if case.state == "void":
        return true()
    of_it = (Task.case_id == case.id, Task.org_id == table.org_id)
    return exists().where(*of_it, Task.state == "cancelled") & ~exists().where(*of_it, Task.state != "cancelled")
