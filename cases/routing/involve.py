"""Bring one more department into a case, with a task and a clock of its own that count against nobody else (M09)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, pauses, policy, trail
from cases.journey import Kind
from cases.lifecycle.guards import HANDLING
from cases.models.case import Case, Task
from cases.routing.tied import kept_away
from people.actors import Actor
from people.models import Org

ANSWER = "answer"
POLICE = "police"


def involve(
    session: Session, case: Case, org: Org, *, goal: str, why: str, by: Actor, now: datetime,
    operation_id: UUID | None = None,
) -> Task | None:  # fmt: skip
    """A cooperating task of a department for a locked case, told to it; None where it has a live task already.

    `why` is a word for the trail and the notice: permit, obstruction, referral … A task that a joint operation asks for
    is its own, until something else asks for the same.
    """
    live = select(Task).where(Task.case_id == case.id, Task.org_id == org.id, Task.state != "cancelled")
    live = live.where(Task.kind.in_(HANDLING))  # to look back at a case is not to handle it
    has = session.scalars(live.limit(1)).first()
    if has is not None:
        has.operation_id = None
        return None
    item = policy.duty_item(session, org.department_kind or "department", "coop", now)
    task = add_task(session, case, org, kind="coop", goal=goal, duty_item=item.code, now=now)
    task.operation_id = operation_id
    trail.record(session, case, Kind.INVOLVED, by=by, now=now, org=org.code, name=org.name_zh, why=why)
    notices.tell(session, org.id, why, f"案件 {case.number}：{goal}", now=now, case_id=case.id)
    return task


def add_task(
    session: Session, case: Case, org: Org, *, kind: str, goal: str, duty_item: str, now: datetime,
    due_at: datetime | None = None,
) -> Task:  # fmt: skip
    """A department's task beside the main one, with its clock: due as agreed, else when the case's verification is."""
    task = Task(
        case_id=case.id, org_id=org.id, kind=kind, goal=goal, duty_item=duty_item, due_what=ANSWER, created_at=now,
        due_at=due_at or clocks.allowed_until(session, case, "verify", now=now) or now,
    )  # fmt: skip
    session.add(task)
    session.flush()
    kept_away(session, case, org, now=now)
    clocks.start_beside(session, case, ANSWER, org_id=org.id, task=task.id, like="verify", due_at=due_at, now=now)
    if case.state == "on_hold":  # what the district asks for meanwhile waits like the rest (D6)
        pauses.pause(session, case, pauses.active(session, case), now=now)
    return task


def issuer_of_permit(session: Session, name: str) -> Org | None:
    """The active department that issued a permit, by its code or its kind (M04)."""
    departments = session.scalars(select(Org).where(Org.kind == "department", Org.active).order_by(Org.id)).all()
    return next((org for org in departments if name in {org.code, org.department_kind}), None)


def police_of_the_district(session: Session) -> Org | None:
    """The police, where the district has them on the platform (M59, M60)."""
    return issuer_of_permit(session, POLICE)
