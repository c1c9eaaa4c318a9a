"""Urge orders end with the part of the body that they were sent to: it has nothing to answer for any more (M74, T5)."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import urging
from cases.models.case import Case, Task
from cases.models.supervision import UrgeOrder
from people.actors import SYSTEM

NO_PART = "案件已不由本单位办理"
VOID = "案件已作废"


def withdraw_orders(session: Session, case: Case, *, now: datetime) -> None:
    """Withdraw the open orders to whoever a locked case was taken from, or to all once it is void; each is told."""
    of_it = (Task.case_id == case.id, Task.org_id == UrgeOrder.org_id)
    lost = exists().where(*of_it, Task.state == "cancelled") & ~exists().where(*of_it, Task.state != "cancelled")
    found = select(UrgeOrder).where(UrgeOrder.case_id == case.id, UrgeOrder.state.in_(urging.OPEN_ORDERS))
    void = case.state == "void"
    found = found if void else found.where(lost)
    for order in session.scalars(found.order_by(UrgeOrder.issued_at, UrgeOrder.number)).all():
        urging.move(order, "lapse", by=SYSTEM)
        order.decided_at, order.comment = now, VOID if void else NO_PART
        trail.record(
            session, case, Kind.URGE_WITHDRAWN, by=SYSTEM, now=now, number=order.number, comment=order.comment
        )  # fmt: skip
        # Without the case itself: an office that has lost it may not open it any more.
        notices.tell(session, order.org_id, "urge_withdrawn", f"{order.number} 已撤回：{order.comment}", now=now)
