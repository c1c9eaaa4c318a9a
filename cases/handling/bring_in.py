"""M09, X21: the safety office brings a department into a case, where nobody of the bodies that have it may go on.

It hands out work and does none of it (M07): the department has a task with a time of its own, and visits as any other.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import notices, routing
from cases.lifecycle import accepting
from cases.lifecycle.beside import being_handled
from cases.lifecycle.machine import NotYourRole
from cases.lifecycle.second_look import somebody_is_left
from cases.models.case import Case, Task
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org
from people.roles import Role

WHY = "brought_in"
GOAL = "由未经办人员到现场重新核查"


class NotADepartment(Invalid):
    """An active department of the district is brought in, no town: exactly one answers for a case (M08)."""

    code = "department.not_one"
    message = "Name an active department."
    pointer = "/org_id"


class HasItAlready(Conflict):
    """The department has a task in this case."""

    code = "department.has_it"
    message = "This department has a task in the case already."


def bring_in(session: Session, case: Case, *, org_id: int, by: Actor, now: datetime, goal: str = "") -> Task:
    """Give a department a task in a locked case that is being handled: to look anew, unless another goal is said.

    Raises NotYourRole, NotHandled, NotADepartment, HasItAlready.
    """
    if not by.has(Role.SAFETY_OFFICE):
        raise NotYourRole("M09 needs the safety office.", rule="M09")
    being_handled(case=case)
    org = session.get(Org, org_id)
    if org is None or org.kind != "department" or not org.active:
        raise NotADepartment
    task = routing.involve(session, case, org, goal=goal.strip() or GOAL, why=WHY, by=by, now=now)
    if task is None:
        raise HasItAlready
    case.version += 1
    return task


def say_if_nobody_is_left(session: Session, case: Case, *, now: datetime) -> None:
    """Tell the safety office where none of those who have the case may look anew, or may accept what was done."""
    if case.state == "verifying" and not somebody_is_left(session, case):
        text = f"案件 {case.number}：承办单位没有未经办的核查人员，请指定一个部门参加核查"
    elif case.state == "acceptance" and not accepting.somebody_is_left(session, case):
        text = f"案件 {case.number}：没有可以验收的单位或者未经办的验收人员，请指定一个部门参加验收"
    else:
        return
    notices.tell_safety_office(session, "nobody_is_left", text, now=now, case_id=case.id)
