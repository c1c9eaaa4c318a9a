"""M40: when a failed acceptance demands a decision, and demanding it with a deadline of its own."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy
from cases.lifecycle import beside
from cases.lifecycle.decision import DECISION_MOVES
from cases.lifecycle.rounds import had_no_time
from cases.models.case import Case, Clock
from cases.models.handling import Acceptance, Order
from cases.models.second_look import DecisionTask
from people.actors import Actor
from people.roles import Role

SECOND = 2


def why(session: Session, case: Case, order: Order, *, now: datetime) -> str | None:
    """Why this failure, already counted, demands a decision: the second, or after the deadline; None where it doesn't.

    What was fixed on the spot had no time at all, so that its first failure is not late; its rework has.
    """
    if case.rework_count >= SECOND:
        return "second_failure"
    if had_no_time(case, order):
        return None
    last = select(Clock.due_at).where(Clock.case_id == case.id, Clock.kind.in_(("rectify", "rework")))
    due_at = session.scalars(last.order_by(Clock.id.desc()).limit(1)).first() or order.due_at
    return "after_deadline" if now > due_at else None


def demand_decision(
    session: Session, case: Case, failed: Acceptance, *, why: str, by: Actor, now: datetime
) -> DecisionTask:
    """Demand that a leader decides: suspend, ask to close, or refer. It has a deadline, and the leaders are told."""
    limit = policy.limit_of_value(session, "decision_limit", now, urgency=case.urgency)
    task = DecisionTask(
        id=uuid4(), case_id=case.id, acceptance_id=failed.id, state=beside.NEW, version=0, why=why, opened_at=now,
        due_at=clocks.ends(session, limit, now=now).due_at,
    )  # fmt: skip
    beside.move(session, case, task, DECISION_MOVES["demand"], by=by, now=now, trail_={"why": why})
    session.add(task)
    session.flush()
    org_id = case.responsible_org_id
    clocks.start_beside(session, case, "decision", about=task.id, org_id=org_id, limit=limit, now=now)
    if org_id is not None:
        text = f"案件 {case.number}：验收不合格，请决定停产停业、提请关闭或者移送"
        leaders = notices.holders(session, org_id, Role.TOWN_LEADER, Role.DEPT_LEADER)
        notices.tell_people(session, org_id, leaders, "decision_demanded", text, now=now, case_id=case.id)
    return task
