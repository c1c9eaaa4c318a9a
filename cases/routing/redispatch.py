"""T5 and T2 once more: a case that was given to the wrong body is taken from it and given to the right one.

The new owner gets its full time; the time that the old one had it is charged to intake and kept (C10 R5).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, policy
from cases.lifecycle import case as machine
from cases.lifecycle import tagging
from cases.lifecycle import task as tasks
from cases.lifecycle.machine import check
from cases.models.case import Case, CaseEvent, Task
from cases.models.dispute import Misdispatch
from cases.models.policy import URGENCIES, CategoryVersion
from cases.routing.dispatch import add_department_task, add_main_task, ask_who_it_is, departments
from cases.routing.orders import withdraw_orders
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org


class NotAnOwner(Invalid):
    """A case goes to an active town, or to the county-level group (M08)."""

    code = "routing.not_an_owner"
    message = "Name an active town, or the group of the district."
    pointer = "/to_org_id"


class ForTheGroup(Conflict):
    """A matter of this category is verified under the county's own group, never by a town (F05, X34)."""

    code = "routing.never_a_town"
    message = "This matter goes to the county-level group."


def main_task(session: Session, case: Case) -> Task:
    """The live main task of a dispatched case."""
    found = select(Task).where(Task.case_id == case.id, Task.kind.in_(clocks.MAIN), Task.state != "cancelled")
    return session.scalars(found).one()


def redispatch(
    session: Session,
    case: Case,
    *,
    to: Org,
    move: str,
    why: str,
    by: Actor,
    now: datetime,
    category_code: str | None = None,
    request_id: UUID | None = None,
) -> Case:
    """Give a locked case to another body, or to the same one under another category, by the named move.

    Raises NotAnOwner, ForTheGroup, UnknownCategory, and what the move raises; then nothing has changed.
    """
    check(case, machine.CASE_MOVES[move], by=by)
    if to.kind not in clocks.MAIN or not to.active:
        raise NotAnOwner
    old = main_task(session, case)
    category = _category(session, case, category_code, now)
    # Both before and after: whatever it is called now, what was the group's stays the group's.
    was_theirs = policy.category_version(session, case.category_code, case.category_version).routing == "group"
    kept = was_theirs or tagging.tag_of(session, case, tagging.PUBLIC_OFFICIAL) is not None  # Q10
    if (category.routing == "group" or kept) and to.kind != "group":
        raise ForTheGroup
    charge(session, case, old, to=to, cause="arbitration" if request_id else "desk", request_id=request_id, now=now)
    tasks.move(old, "take_back", by=by)
    _file_under(session, case, category, by=by, now=now)
    before, case.responsible_org_id, case.provisional = case.responsible_org_id, to.id, False
    case.profile_id = policy.profile_in_force(session, now).id
    session.flush()
    add_main_task(session, case, category, to=to, now=now)
    session.flush()
    told = {"to": to.code, "name": to.name_zh, "before": before, "why": why}
    machine.move(session, case, move, by=by, now=now, trail_=told)
    withdraw_orders(session, case, now=now)
    return case


def charge(
    session: Session,
    case: Case,
    task: Task,
    *,
    to: Org | None,
    cause: str,
    now: datetime,
    request_id: UUID | None = None,
) -> Misdispatch:
    """Write down that a body had a task by mistake, since when and by whose dispatch (T5)."""
    dispatched = select(CaseEvent.actor).where(CaseEvent.case_id == case.id, CaseEvent.kind == "dispatched")
    who = session.scalar(dispatched.order_by(CaseEvent.seq.desc()).limit(1))
    row = Misdispatch(
        case_id=case.id, task_id=task.id, request_id=request_id, from_org_id=task.org_id,
        to_org_id=to.id if to else None, cause=cause, charged_to="intake", dispatched_by=who or "system",
        started_at=task.created_at, ended_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def had_it_before(session: Session, case: Case, to: Org) -> bool:
    """Whether a case was with this body already and was taken from it: a circle (X14)."""
    earlier = select(Misdispatch.id).where(Misdispatch.case_id == case.id, Misdispatch.from_org_id == to.id)
    return session.scalars(earlier.limit(1)).first() is not None


def _category(session: Session, case: Case, code: str | None, now: datetime) -> CategoryVersion:
    if code is None or code == case.category_code:
        return policy.category_of(session, case)
    return policy.category_in_force(session, code, now)


def _file_under(session: Session, case: Case, category: CategoryVersion, *, by: Actor, now: datetime) -> None:
    """Change what a case is about, with the departments that belong to it; those that stay keep their tasks."""
    if category.category_code == case.category_code:
        return
    before = policy.category_version(session, case.category_code, case.category_version)
    clocks.be_timed_by(session, case, _urgency(case, before, category))
    case.category_code, case.category_version = category.category_code, category.version
    case.penalty_policy, case.circumstances = category.penalty_policy, []
    wanted = {org.id: (kind, org) for kind, org in departments(session, category, now)}
    live = select(Task).where(Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state != "cancelled")
    for task in session.scalars(live).all():
        if wanted.get(task.org_id, ("",))[0] == task.kind:
            del wanted[task.org_id]
        elif task.state != "answered":
            tasks.move(task, "take_back", by=by)
            clocks.stop_task(session, task.id, now=now)
    session.flush()
    for kind, org in wanted.values():
        add_department_task(session, case, category, kind=kind, org=org, now=now)
    ask_who_it_is(session, case, category, now=now)


def _urgency(case: Case, before: CategoryVersion, after: CategoryVersion) -> str:
    """The new category's, but never less for a case that is immediate or was more urgent than its category."""
    if case.urgency == before.urgency != "immediate":
        return after.urgency
    return min(case.urgency, after.urgency, key=URGENCIES.index)
