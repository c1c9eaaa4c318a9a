"""A task never lies with somebody who is away (M15): substitutes when leave begins, handovers, accounts that end.

A task that went to a substitute stays there when the leave ends, until it is handed back: whoever began it knows it.
A look-back and a review go to no substitute, who may have handled the case (M64): the safety office names another.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, union, update
from sqlalchemy.orm import Session

from cases import notices, ties, trail
from cases.journey import Kind
from cases.lifecycle.visit import ARRANGERS
from cases.models.aftercare import OPEN_LOOK_BACK, OPEN_REVIEW, LookBack, Review
from cases.models.case import Case, Task
from cases.models.handling import Visit
from cases.supervision.answering import ERRANDS, LIVE
from kit.errors import Invalid, NotAllowed
from people import absences
from people.actors import SYSTEM, Actor
from people.models import Account
from people.roles import Role
from people.roster import Handover

HANDERS = (Role.TOWN_LEADER, Role.DEPT_LEADER, Role.SAFETY_OFFICE, Role.SYSADMIN)
AT_ONCE = 500
WORDS = {"look_back": "回头看", "re_verify": "复核"}


class NotAColleague(Invalid):
    """Work is handed over between people of the office, to one who is active and there."""

    code = "handover.not_a_colleague"
    message = "Name two people of your own office; the second must be active."
    pointer = "/to_id"


def find_absent(session: Session, *, now: datetime) -> list[UUID]:
    """Cases in which something is left by somebody who is away now, or whose account has ended.

    A live task, a visit under way, or a look-back or review that is due before that person is back.
    """
    tasks = select(Task.case_id).where(
        Task.state.in_(LIVE), Task.person_id.is_not(None), absences.gone(Task.person_id, now)
    )
    visits = select(Visit.case_id).where(
        Visit.state == "open", Visit.left_told_at.is_(None), absences.gone(Visit.officer_id, now)
    )
    errands = (select(table.case_id).where(*_left(table, now)) for table in ERRANDS.values())
    return list(session.scalars(union(tasks, visits, *errands).limit(AT_ONCE)))


def _left(table: type[LookBack] | type[Review], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """An open errand whose person will not be there before it is due, and of which nobody was told."""
    open_ = table.state.in_((*OPEN_LOOK_BACK, *OPEN_REVIEW))
    return (open_, table.left_told_at.is_(None), absences.gone(table.assignee_id, now, needed=table.due_at))


def pass_on(session: Session, case: Case, *, now: datetime) -> None:
    """Give each live task of a locked case whose person is away to whoever stands in; safe to repeat.

    A task that nobody stands in for, since the account of its person or of the substitute has ended, goes back to the
    office to be given out again; so does one that whoever stands in is kept from (Q10). Of a visit that such a person
    has begun the office is told: a companion takes it over, or it is broken off. Of a look-back or a review the safety
    office is told.
    """
    _tell_of_visit(session, case, now=now)
    _tell_of_errands(session, case, now=now)
    tasks = select(Task).where(Task.case_id == case.id, Task.state.in_(LIVE), Task.person_id.is_not(None))
    for task in session.scalars(tasks).all():
        person = task.person_id or 0
        to = absences.standing_in(session, person, now=now)
        if to == person:
            continue
        if to is not None and not ties.among(session, case, {to}):
            _move(session, case, task, to, why="absence", by=SYSTEM, now=now)
        else:
            task.person_id = None
            trail.record(session, case, Kind.TASK_MOVED, by=SYSTEM, now=now, task=task.kind, was=person, to=None)
            clerks = notices.holders(session, task.org_id, Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_LEADER)
            text = f"案件 {case.number} 无人承办，请重新指派"
            notices.tell_people(session, task.org_id, clerks, "task_without_person", text, now=now, case_id=case.id)


def hand_over(session: Session, *, from_id: int, to_id: int, reason: str, by: Actor, now: datetime) -> Handover:
    """Move every live task of one person to a colleague in one act. Raises NotAllowed, NotAColleague, TiedToIt.

    Whoever is away hands on to who stands in, so the receiver is there.
    """
    if from_id != by.account_id and not by.has(*HANDERS):
        raise NotAllowed("You may hand over your own work only.")
    _check_colleagues(session, from_id, to_id, by)
    to = absences.standing_in(session, to_id, now=now)
    if to is None or to == from_id:
        raise NotAColleague("The receiver is away, and nobody else stands in.")
    cases = _locked_cases(session, from_id)
    moved = 0
    for task in session.scalars(_tasks_of(from_id, [case.id for case in cases])).all():
        ties.screen(session, _of(cases, task), {to})
        _move(session, _of(cases, task), task, to, why="handover", by=by, now=now, tell=False)
        moved += 1
    made = Handover(
        org_id=by.org_id, from_id=from_id, to_id=to, reason=reason, tasks=moved, made_by=by.account_id, made_at=now
    )
    session.add(made)
    session.flush()
    if moved:
        notices.tell(session, by.org_id or 0, "handover", f"{moved} 项任务移交给您办理", now=now, account_id=to)
    return made


def _tell_of_visit(session: Session, case: Case, *, now: datetime) -> None:
    """Once for each officer of a visit: who can take it over, and who can break it off."""
    begun = select(Visit).where(Visit.case_id == case.id, Visit.state == "open", Visit.left_told_at.is_(None))
    visit = session.scalars(begun).one_or_none()
    if visit is None:
        return
    to = absences.standing_in(session, visit.officer_id, now=now)
    if to == visit.officer_id:
        return
    visit.left_told_at = now
    instead = () if to is None else (to,)
    told = {*notices.holders(session, visit.org_id, *ARRANGERS), *visit.companion_ids, *instead} - {visit.officer_id}
    text = f"案件 {case.number}：现场检查人员已离岗，请同行人员接办，或中止后另派人员"
    notices.tell_people(session, visit.org_id, sorted(told), "visit_without_officer", text, now=now, case_id=case.id)


def _tell_of_errands(session: Session, case: Case, *, now: datetime) -> None:
    """Once for each person who was named: the office gives it to another, or takes it that it will be late."""
    for clock, table in ERRANDS.items():
        left = update(table).where(table.case_id == case.id, *_left(table, now)).values(left_told_at=now)
        for _ in session.scalars(left.returning(table.id)).all():
            text = f"案件 {case.number}：{WORDS[clock]}人员已离岗，期限内不能返岗，请另行指派"
            notices.tell_safety_office(session, "errand_without_person", text, now=now, case_id=case.id)


def _move(
    session: Session, case: Case, task: Task, to: int, *, why: str, by: Actor, now: datetime, tell: bool = True
) -> None:
    was, task.person_id = task.person_id, to
    trail.record(session, case, Kind.TASK_MOVED, by=by, now=now, task=task.kind, was=was, to=to, why=why)
    if tell:
        text = f"案件 {case.number} 转由您办理"
        notices.tell(session, task.org_id, "task_moved", text, now=now, case_id=case.id, account_id=to)


def _check_colleagues(session: Session, from_id: int, to_id: int, by: Actor) -> None:
    rows = session.execute(
        select(Account.id, Account.active).where(Account.id.in_((from_id, to_id)), Account.org_id == by.org_id)
    )
    active = {id_: is_active for id_, is_active in rows}  # noqa: C416 - `dict()` would lose the types
    if len(active) != len((from_id, to_id)) or not active[to_id]:
        raise NotAColleague


def _locked_cases(session: Session, person_id: int) -> list[Case]:
    """The cases first, in one order, as officers take them; their tasks are read after."""
    mine = select(Task.case_id).where(Task.person_id == person_id, Task.state.in_(LIVE))
    return list(session.scalars(select(Case).where(Case.id.in_(mine)).order_by(Case.id).with_for_update(of=Case)))


def _tasks_of(person_id: int, case_ids: Sequence[UUID]) -> Select[Task]:
    return (
        select(Task)
        .where(Task.person_id == person_id, Task.state.in_(LIVE), Task.case_id.in_(case_ids))
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    )


def _of(cases: Sequence[Case], task: Task) -> Case:
    return next(case for case in cases if case.id == task.case_id)
