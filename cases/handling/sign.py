"""T3: a clerk signs for a case and names who does it; a department signs for its task and answers it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, ties, trail
from cases.clocks import MAIN
from cases.journey import Kind
from cases.lifecycle import case as machine
from cases.lifecycle import task as tasks
from cases.lifecycle.guards import HANDLING
from cases.lifecycle.machine import NotYourRole
from cases.models.case import Case, Task
from kit.errors import Conflict, Invalid, NotFound
from people import absences
from people.actors import Actor
from people.models import Account, Org
from people.roles import Role

LEAD = "lead"
_DEPARTMENT_S = (LEAD, "coop")


class NoSuchTask(NotFound):
    """This office has no live task for the case."""

    code = "task.unknown"
    message = "Your office has no open task for this case."


class AnsweredAlready(Conflict):
    """The task has been answered."""

    code = "task.answered"
    message = "This task has been answered."


class NotOfYourOffice(Invalid):
    """A task is given to a person of the office that has it, who is there or for whom somebody stands in (M15)."""

    code = "task.person_of_another_office"
    message = "Name an active officer of your own office."
    pointer = "/person_id"


def sign(session: Session, case: Case, *, person_id: int, by: Actor, now: datetime) -> Case:
    """T3: sign for a locked case and assign a person; the verification clock has been running since dispatch (X16)."""
    there = _there(session, person_id, by, now)
    ties.screen(session, case, {person_id, there})
    machine.move(session, case, "sign", by=by, now=now, trail_=_told(person_id, there))
    task = session.scalars(
        select(Task).where(Task.case_id == case.id, Task.kind.in_(MAIN), Task.state != "cancelled")
    ).one()
    tasks.move(task, "sign_main", by=by)
    task.signed_at, task.person_id = now, there
    return case


def sign_task(
    session: Session, case: Case, *, person_id: int, by: Actor, now: datetime, task_id: UUID | None = None
) -> Task:
    """A department signs for its task beside the town's, the named one or the next due, and names a person.

    Raises NotYourRole, NoSuchTask, AnsweredAlready, NotOfYourOffice.
    """
    _of_a_department(by)
    there = _there(session, person_id, by, now)
    task = _own_task(session, case, by, task_id)
    if task.kind == LEAD:
        clocks.stop(session, case, "relay", now=now)  # who signs for the lead has been told
    case.version += 1  # so that of two who saw the same, one is told
    return _signed(session, case, task, _told(person_id, there), by=by, now=now)


def assign_task(
    session: Session, case: Case, *, person_id: int, by: Actor, now: datetime, task_id: UUID | None = None
) -> Task:
    """M15: a clerk or leader gives what the office has signed for to somebody else of it, whoever had it before.

    Of several tasks it is the named one, or the next due. Raises NotYourRole, NoSuchTask, NotInState, NotOfYourOffice.
    """
    there = _there(session, person_id, by, now)
    task = _task_of_office(session, case, by, task_id)
    tasks.move(task, "assign", by=by)
    was, task.person_id = task.person_id, there
    case.version += 1
    trail.record(
        session, case, Kind.TASK_MOVED, by=by, now=now, task=task.kind, was=was, to=task.person_id, why="assignment"
    )
    if task.person_id != by.account_id:
        text = f"案件 {case.number} 转由您办理"
        notices.tell(
            session, task.org_id, "task_moved", text, now=now, case_id=case.id, account_id=task.person_id
        )  # fmt: skip
    return task


def answer_task(
    session: Session, case: Case, *, text: str, by: Actor, now: datetime, task_id: UUID | None = None
) -> Task:
    """A department answers its task with its own result (M09, G-TASK). Whoever answers has it, and so signs for it.

    Of several it is the named one, or the next due. Who leads the case hears that a cooperating one is answered.

    Raises NotYourRole, NoSuchTask, AnsweredAlready.
    """
    _of_a_department(by)
    task = _own_task(session, case, by, task_id)
    if task.state == "open":
        _signed(session, case, task, {"person": by.account_id}, by=by, now=now)
    tasks.move(task, "answer", by=by)
    task.answered_at, task.answer = now, text
    clocks.stop_beside(session, case, "answer", task=task.id, now=now)
    case.version += 1
    trail.record(session, case, Kind.TASK_ANSWERED, by=by, now=now, task=task.kind)
    if task.kind != LEAD:
        _report_to_the_lead(session, case, by=by, now=now)
    return task


def _report_to_the_lead(session: Session, case: Case, *, by: Actor, now: datetime) -> None:
    """M09: cooperating departments feed the one that leads."""
    name = session.get_one(Org, by.org_id).name_zh
    leading = select(Task.org_id).where(Task.case_id == case.id, Task.kind == LEAD, Task.state != "cancelled")
    for org_id in session.scalars(leading.order_by(Task.id)):
        if org_id != by.org_id:
            text = f"案件 {case.number}：{name}已反馈办理情况"
            notices.tell(session, org_id, "coop_answered", text, now=now, case_id=case.id)


def _signed(session: Session, case: Case, task: Task, told: dict[str, Any], *, by: Actor, now: datetime) -> Task:
    tasks.move(task, "sign", by=by)
    task.signed_at, task.person_id = task.signed_at or now, told["person"]
    trail.record(session, case, Kind.TASK_SIGNED, by=by, now=now, **told, task=task.kind)
    return task


def _told(person_id: int, there: int) -> dict[str, Any]:
    """Who got the task; and whose it was to be, where that one is away (M15)."""
    return {"person": there} if there == person_id else {"person": there, "instead_of": person_id}


def _own_task(session: Session, case: Case, by: Actor, task_id: UUID | None) -> Task:
    """The named one of the department's tasks, or of those it has still to answer the next due."""
    task = _task_of_office(session, case, by, task_id, *_DEPARTMENT_S)
    if task.state == "answered":
        raise AnsweredAlready
    return task


def _task_of_office(session: Session, case: Case, by: Actor, task_id: UUID | None, *kinds: str) -> Task:
    """The named task of the actor's office, or the next due: of these kinds, or of any that handles the case."""
    theirs = select(Task).where(
        Task.case_id == case.id, Task.org_id == by.org_id, Task.kind.in_(kinds or HANDLING), Task.state != "cancelled"
    )
    if task_id is not None:
        theirs = theirs.where(Task.id == task_id)
    task = session.scalars(theirs.order_by(Task.state == "answered", Task.due_at, Task.id).limit(1)).first()
    if task is None:
        raise NoSuchTask
    return task


def _of_a_department(by: Actor) -> None:
    if not by.has(Role.DEPT_OFFICER, Role.DEPT_LEADER):
        raise NotYourRole("A department's task is for its officers and leaders.")


def _there(session: Session, person_id: int, by: Actor, now: datetime) -> int:
    """Who does the work of an active officer of the actor's office now. Raises NotOfYourOffice."""
    person = session.get(Account, person_id)
    if person is None or person.org_id != by.org_id or not person.active:
        raise NotOfYourOffice
    there = absences.standing_in(session, person_id, now=now)
    if there is None:
        raise NotOfYourOffice("That officer is away, and nobody stands in.")
    return there
