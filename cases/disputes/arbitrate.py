"""T5: the safety office decides whose it is. It is final (M10)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, trail
from cases.journey import Kind
from cases.lifecycle import case as machine
from cases.lifecycle import disputes
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import check
from cases.lifecycle.task import TASK_MOVES, move
from cases.models.case import Case, Task
from cases.models.dispute import ReturnRequest
from cases.routing import NotTheSame, add_department_task, charge, redispatch, void_repeated, withdraw_orders
from people.actors import Actor
from people.models import Org


def uphold(
    session: Session,
    case: Case,
    request: ReturnRequest,
    *,
    text: str,
    by: Actor,
    now: datetime,
    to: Org | None = None,
    category_code: str | None = None,
) -> ReturnRequest:
    """The office is right. Another gets it with full new clocks, or a repetition is voided; intake is charged.

    `to` and `category_code` are the arbitrator's own; without them what the office proposed holds.
    Raises Incomplete, NotAnOwner, ForTheGroup, NotTheSame.
    """
    check(request, disputes.RETURN_MOVES["uphold"], by=by)
    if not request.of_main:
        _move_task(session, case, request, to=to or _proposed(session, request), by=by, now=now, text=text)
    elif request.reason_code == "duplicate" and to is None:
        _void(session, case, request, text=text, by=by, now=now)
    else:
        _move_case(session, case, request, to=to, category_code=category_code, text=text, by=by, now=now)
    disputes.move(request, "uphold", by=by)
    return _decided(session, case, request, "退回申请成立", text=text, by=by, now=now)


def reject(
    session: Session, case: Case, request: ReturnRequest, *, text: str, by: Actor, now: datetime
) -> ReturnRequest:
    """The office is wrong: it keeps the case, and the time that has gone is gone (D5)."""
    check(request, disputes.RETURN_MOVES["reject"], by=by)
    if request.of_main:
        machine.move(session, case, "reject_return", by=by, now=now, trail_={"text": text})
    else:
        clocks.stop_beside(session, case, "arbitrate", now=now, task=request.task_id)
        kind = session.get_one(Task, request.task_id).kind  # by which the trail tells it from the case's own return
        trail.record(session, case, Kind.RETURN_REJECTED, by=by, now=now, rule="T5", text=text, task=kind)
        case.version += 1
    disputes.move(request, "reject", by=by)
    return _decided(session, case, request, "退回申请不成立", text=text, by=by, now=now)


def _move_case(
    session: Session,
    case: Case,
    request: ReturnRequest,
    *,
    to: Org | None,
    category_code: str | None,
    text: str,
    by: Actor,
    now: datetime,
) -> None:
    category = category_code or request.proposed_category
    owner = to or _proposed(session, request) or (session.get_one(Org, request.org_id) if category else None)
    if owner is None:
        raise Incomplete("Name the new owner.", missing=["to_org_id"], pointer="/to_org_id")
    request.new_org_id = owner.id
    redispatch(
        session, case, to=owner, move="uphold_return", why=text, by=by, now=now, category_code=category,
        request_id=request.id,
    )  # fmt: skip


def _void(session: Session, case: Case, request: ReturnRequest, *, text: str, by: Actor, now: datetime) -> None:
    same_as = session.scalars(select(Case).where(Case.number == request.duplicate_of)).one_or_none()
    if same_as is None:
        raise NotTheSame
    task = session.get_one(Task, request.task_id)
    charge(session, case, task, to=None, cause="arbitration", request_id=request.id, now=now)
    void_repeated(session, case, same_as=same_as, text=text, asked_by=request.asked_by, by=by, now=now)


def _move_task(
    session: Session, case: Case, request: ReturnRequest, *, to: Org | None, text: str, by: Actor, now: datetime
) -> None:
    """Take a department's task from it; another department gets one, when one is named."""
    task = session.get_one(Task, request.task_id, with_for_update=True)
    check(task, TASK_MOVES["take_back"], by=by)
    if to is not None and (to.kind != "department" or not to.active or _has_a_task(session, case, to)):
        raise Incomplete("Name a department that has no task for this case.", pointer="/to_org_id")
    charge(session, case, task, to=to, cause="arbitration", request_id=request.id, now=now)
    clocks.stop_task(session, task.id, now=now)
    move(task, "take_back", by=by)
    session.flush()
    if to is not None:
        request.new_org_id = to.id
        category = policy.category_of(session, case)
        add_department_task(session, case, category, kind=task.kind, org=to, now=now)
    case.version += 1
    trail.record(
        session, case, Kind.TASK_TAKEN_BACK, by=by, now=now, rule="T5", before=task.org_id, to=to.code if to else None,
        text=text,
    )  # fmt: skip
    withdraw_orders(session, case, now=now)


def _decided(
    session: Session, case: Case, request: ReturnRequest, word: str, *, text: str, by: Actor, now: datetime
) -> ReturnRequest:
    request.decided_by, request.decided_at, request.decision = by.account_id, now, text
    # Without the case itself: an office that has lost it may not open it any more.
    notices.tell(session, request.org_id, "arbitrated", f"案件 {case.number}：{word}。{text}", now=now)
    session.flush()
    return request


def _proposed(session: Session, request: ReturnRequest) -> Org | None:
    return session.get(Org, request.proposed_org_id) if request.proposed_org_id is not None else None


def _has_a_task(session: Session, case: Case, org: Org) -> bool:
    live = select(Task.id).where(Task.case_id == case.id, Task.org_id == org.id, Task.state != "cancelled")
    return session.scalars(live.limit(1)).first() is not None
