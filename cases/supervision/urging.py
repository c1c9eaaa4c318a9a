"""Urge orders (M74): 催办, 督办单 and what follows, each with a time to reply; a rejected reply brings the next 督办单.

The safety office demands and judges replies; it writes no result of handling (M07).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import deadlines, notices, policy, trail
from cases.deadlines import Calendar, Due
from cases.journey import Kind
from cases.lifecycle import urging as machine
from cases.models.case import OVER, Case, Clock, Task
from cases.models.supervision import UrgeOrder, UrgeReply
from cases.supervision import answering, candidates
from kit.errors import Conflict, Invalid, NotAllowed, NotFound
from people import leaders
from people.actors import Actor
from people.roles import Role

NAMES = {"reminder": "催办", "urge_order": "督办", "interview": "约谈", "notify_all": "通报"}
TO = ("responsible_org",)
SECOND = 2
BY_HAND = ("reminder", "urge_order")


class NoSuchOrder(NotFound):
    """There is no such urge order, or it is not for this office."""

    code = "urge.unknown"
    message = "There is no such urge order."


class NotAddressed(NotAllowed):
    """Only the body that was urged replies."""

    code = "urge.not_addressed"
    message = "This order is addressed to another office."


class NotConcerned(Invalid):
    """A body that has no part in the case cannot be urged about it."""

    code = "urge.not_concerned"
    message = "This office has no live task for the case."
    pointer = "/org_id"


class CaseOver(Conflict):
    """Nothing is left to urge about in a case that is closed or void."""

    code = "urge.case_over"
    message = "The case is closed."


@dataclass(frozen=True)
class Demand:
    """What is demanded of which body, about which clock; without `reply_due_at` the policy's time holds."""

    level: str
    org_id: int
    text: str
    clock_id: int | None = None
    reply_due_at: datetime | None = None


def issue(session: Session, case: Case, demand: Demand, *, by: Actor, now: datetime) -> UrgeOrder:
    """Urge by hand about a locked case. Raises NotAllowed, NotConcerned, CaseOver, Invalid for the time to reply."""
    if not by.has(Role.SAFETY_OFFICE):
        raise NotAllowed("Only the safety office urges.")
    if case.state in OVER:
        raise CaseOver
    if demand.level not in BY_HAND:
        raise Invalid("By hand a reminder or an urge order is issued.", pointer="/level")
    if demand.reply_due_at is not None and demand.reply_due_at <= now:
        raise Invalid("The time to reply is past.", pointer="/reply_due_at")
    if not is_concerned(session, case, demand.org_id):
        raise NotConcerned
    return put_out(session, case, demand, by=by, now=now)


def put_out(session: Session, case: Case, demand: Demand, *, by: Actor, now: datetime) -> UrgeOrder:
    """Write an order down, tell the body, and put the case up for listing with its second 督办单 (D8)."""
    count = session.scalar(select(func.count()).where(UrgeOrder.case_id == case.id)) or 0
    until = Due(demand.reply_due_at) if demand.reply_due_at else reply_due(session, demand.level, now=now)
    order = UrgeOrder(
        number=f"{NAMES[demand.level]}〔{case.number}〕{count + 1}号", case_id=case.id, clock_id=demand.clock_id,
        org_id=demand.org_id, level=demand.level, text=demand.text, issued_by=by.account_id, issued_at=now,
        reply_due_at=until.due_at, provisional=until.provisional, version=1, state="issued",
    )  # fmt: skip
    session.add(order)
    session.flush()
    trail.record(session, case, Kind.URGED, by=by, now=now, level=order.level, number=order.number, order=str(order.id))
    clock = session.get(Clock, demand.clock_id) if demand.clock_id is not None else None
    text = f"{order.number}：{order.text}"
    answering.tell(session, case, clock, order.org_id, TO, order.level, text, now=now)
    its_owner = order.org_id == case.responsible_org_id  # another body's orders are not held against a town (X53)
    if order.level == "urge_order" and its_owner and _orders(session, order) == SECOND:
        who = leaders.told(leaders.at(session, order.org_id, now))
        candidates.propose(session, case, reason="second_order", clock=clock, leaders=who, by=by, now=now)
    return order


def reply_due(session: Session, level: str, *, now: datetime, calendar: Calendar | None = None) -> Due:
    """Until when a body replies to an order of this level: so many working days, by policy."""
    days: int = policy.value(session, "urge_reply_work_d", now)[level]
    return deadlines.add(now, days, "work_d", calendar or policy.calendar(session, now))


def counted(session: Session, order: UrgeOrder, calendar: Calendar) -> Due:
    """When an order that was issued under another calendar is to be answered under this one (D2)."""
    return reply_due(session, order.level, now=order.issued_at, calendar=calendar)


def reply(session: Session, case: Case, order: UrgeOrder, *, text: str, by: Actor, now: datetime) -> UrgeReply:
    """Answer a locked order. Raises NotInState, NotYourRole, NotAddressed."""
    if order.org_id != by.org_id:
        raise NotAddressed
    machine.move(order, "reply", by=by)
    made = UrgeReply(order_id=order.id, case_id=case.id, text=text, replied_by=by.account_id, replied_at=now)
    session.add(made)
    session.flush()
    late = deadlines.is_late(now, order.reply_due_at)
    trail.record(session, case, Kind.URGE_REPLIED, by=by, now=now, number=order.number, late=late)
    notices.tell_safety_office(session, "urge_replied", f"{order.number} 已有回复", now=now, case_id=case.id)
    return made


def accept(session: Session, case: Case, order: UrgeOrder, *, comment: str, by: Actor, now: datetime) -> UrgeOrder:
    """Take the reply as good. Raises NotInState, NotYourRole."""
    machine.move(order, "accept", by=by)
    _decide(session, case, order, Kind.URGE_ACCEPTED, comment, by=by, now=now)
    return order


def reject(session: Session, case: Case, order: UrgeOrder, *, comment: str, by: Actor, now: datetime) -> UrgeOrder:
    """Reject the reply; a 督办单 follows at once, and the second puts the case up for listing. Gives the new one."""
    machine.move(order, "reject", by=by)
    _decide(session, case, order, Kind.URGE_REJECTED, comment, by=by, now=now)
    text = f"对{order.number}的回复不予认可，请重新办理并回复"
    demand = Demand("urge_order", order.org_id, text, clock_id=order.clock_id)
    return put_out(session, case, demand, by=by, now=now)


def withdraw(session: Session, case: Case, order: UrgeOrder, *, comment: str, by: Actor, now: datetime) -> UrgeOrder:
    """Take back an order that was issued wrongly, before it is answered. Raises NotInState, NotYourRole."""
    machine.move(order, "withdraw", by=by)
    _decide(session, case, order, Kind.URGE_WITHDRAWN, comment, by=by, now=now)
    notices.tell(session, order.org_id, "urge_withdrawn", f"{order.number} 已撤回", now=now, case_id=case.id)
    return order


def tell_unanswered(session: Session, case: Case, *, now: datetime) -> None:
    """Orders about a locked case whose time to reply is over: the body and the safety office are told, once."""
    late = select(UrgeOrder).where(
        UrgeOrder.case_id == case.id, UrgeOrder.state == "issued", UrgeOrder.reply_due_at <= now,
        UrgeOrder.overdue_told_at.is_(None),
    )  # fmt: skip
    for order in session.scalars(late.order_by(UrgeOrder.issued_at)).all():
        order.overdue_told_at = now
        text = f"{order.number} 逾期未回复"
        answering.tell(session, case, None, order.org_id, TO, "urge_unanswered", text, now=now)
        notices.tell_safety_office(session, "urge_unanswered", text, now=now, case_id=case.id)


def is_concerned(session: Session, case: Case, org_id: int) -> bool:
    """Whether a body answers for the case or has a live task in it."""
    if case.responsible_org_id == org_id:
        return True
    tasks = select(Task.id).where(Task.case_id == case.id, Task.org_id == org_id, Task.state.in_(answering.LIVE))
    return session.scalars(tasks.limit(1)).first() is not None


def _decide(
    session: Session, case: Case, order: UrgeOrder, kind: Kind, comment: str, *, by: Actor, now: datetime
) -> None:
    order.decided_by, order.decided_at, order.comment = by.account_id, now, comment
    trail.record(session, case, kind, by=by, now=now, number=order.number, comment=comment)


def _orders(session: Session, order: UrgeOrder) -> int:
    """How many 督办单 this body has had about the case, without those taken back."""
    same = select(func.count()).where(
        UrgeOrder.case_id == order.case_id, UrgeOrder.org_id == order.org_id, UrgeOrder.level == "urge_order",
        UrgeOrder.state != "withdrawn",
    )  # fmt: skip
    return session.scalar(same) or 0
