"""T4: an office asks that a case, or a department that its task, be given to another. The clock runs on (D5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import clocks, policy, ties, trail
from cases.journey import Kind
from cases.lifecycle import case as machine
from cases.lifecycle import disputes
from cases.lifecycle.disputes import ArbitratedAlready
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import NotYourRole, check, may_make
from cases.models.case import Case, Task
from cases.models.dispute import ReturnRequest
from cases.routing import main_task
from kit.errors import Conflict, NotFound
from people.actors import Actor
from people.models import Org

# What each reason must name, so that the arbitrator need not ask (T4).
MUST_NAME = {
    "not_my_territory": ("proposed_org_id",),
    "not_my_duty": ("proposed_org_id",),
    "duplicate": ("duplicate_of",),
    "wrong_category": ("proposed_category",),
}
ENDED = ("closed", "void")


class NoTaskToReturn(NotFound):
    """This office has no live task for the case."""

    code = "task.unknown"
    message = "Your office has no open task for this case."


class CaseEnded(Conflict):
    """The case has ended."""

    code = "case.ended"
    message = "This case has ended."


class NoSuchRequest(NotFound):
    """This case has no such request."""

    code = "return.unknown"
    message = "There is no such request for this case."


@dataclass(frozen=True)
class Plea:
    """Why it is not ours, and what we think it is."""

    reason: str
    text: str
    proposed_org_id: int | None = None
    proposed_category: str | None = None
    duplicate_of: str | None = None


def ask_return(session: Session, case: Case, *, plea: Plea, by: Actor, now: datetime) -> ReturnRequest:
    """Ask for the return of a locked case, or of the actor's own task beside it.

    Raises UnknownReason, Incomplete, TooLateToReturn, ArbitratedAlready, NotYourBody, NoTaskToReturn.
    """
    policy.reason(session, "return", plea.reason, now)
    _names_what_it_must(session, plea, by, now)
    if by.org_kind == "department":
        return _about_a_task(session, case, plea, by=by, now=now)
    check(case, machine.CASE_MOVES["ask_return"], by=by)
    task = main_task(session, case)
    machine.move(session, case, "ask_return", by=by, now=now, task=task, trail_={"reason": plea.reason})
    return _written(session, case, task, plea, by=by, now=now)


def lock_request(session: Session, case: Case, request_id: UUID, *, by: Actor) -> ReturnRequest:
    """A request about a case that the caller has locked, to be decided. Raises NotYourRole, NoSuchRequest."""
    if not may_make(disputes.RETURN_MOVES["uphold"], by):
        raise NotYourRole("T5 needs the safety office.", rule="T5")
    found = select(ReturnRequest).where(ReturnRequest.id == request_id, ReturnRequest.case_id == case.id)
    request = session.scalars(found.with_for_update()).one_or_none()
    if request is None:
        raise NoSuchRequest
    return request


def open_requests(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[ReturnRequest, Case]]:
    """Requests that wait for arbitration, the next due first; `after` is due instant and id of the last row."""
    statement = (
        select(ReturnRequest, Case)
        .join(Case, Case.id == ReturnRequest.case_id)
        .where(ReturnRequest.state == "requested", Case.state.not_in(ENDED), ties.untied_to(by))
        .order_by(ReturnRequest.due_at, ReturnRequest.id)
    )
    if after is not None:
        statement = statement.where(tuple_(ReturnRequest.due_at, ReturnRequest.id) > after)
    return [(request, case) for request, case in session.execute(statement.limit(limit))]


def _about_a_task(session: Session, case: Case, plea: Plea, *, by: Actor, now: datetime) -> ReturnRequest:
    found = select(Task).where(
        Task.case_id == case.id, Task.org_id == by.org_id, Task.kind.in_(("lead", "coop")),
        Task.state.in_(("open", "signed")),
    )  # fmt: skip
    task = session.scalars(found.order_by(Task.due_at, Task.id).limit(1).with_for_update()).first()
    if task is None:
        raise NoTaskToReturn
    if case.state in ENDED:
        raise CaseEnded
    check(task, disputes.ASK_ABOUT_TASK, by=by)
    if _was_arbitrated(session, task):
        raise ArbitratedAlready
    disputes.in_time(session=session, case=case, task=task, now=now)
    clocks.start_beside(session, case, "arbitrate", org_id=None, now=now, task=task.id)
    request = _written(session, case, task, plea, by=by, now=now)
    case.version += 1
    trail.record(session, case, Kind.RETURN_REQUESTED, by=by, now=now, reason=plea.reason, task=task.kind)
    return request


def _was_arbitrated(session: Session, task: Task) -> bool:
    """M10: a task that was asked about, or that came from an arbitration, is final."""
    about = (ReturnRequest.task_id == task.id) | (
        (ReturnRequest.case_id == task.case_id) & ~ReturnRequest.of_main & (ReturnRequest.new_org_id == task.org_id)
    )
    return session.scalars(select(ReturnRequest.id).where(about).limit(1)).first() is not None


def _names_what_it_must(session: Session, plea: Plea, by: Actor, now: datetime) -> None:
    missing = [name for name in MUST_NAME.get(plea.reason, ()) if not getattr(plea, name)]
    if missing:
        raise Incomplete("This reason must name what it proposes.", missing=missing, pointer=f"/{missing[0]}")
    if plea.proposed_category is not None:
        policy.category_in_force(session, plea.proposed_category, now)
    if plea.proposed_org_id is not None:
        org = session.get(Org, plea.proposed_org_id)
        if org is None or not org.active or org.id == by.org_id:
            raise Incomplete("Propose another active office.", pointer="/proposed_org_id")


def _written(session: Session, case: Case, task: Task, plea: Plea, *, by: Actor, now: datetime) -> ReturnRequest:
    request = ReturnRequest(
        case_id=case.id, task_id=task.id, of_main=task.kind in clocks.MAIN, origin="office", org_id=task.org_id,
        reason_code=plea.reason, text=plea.text, proposed_org_id=plea.proposed_org_id,
        proposed_category=plea.proposed_category, duplicate_of=plea.duplicate_of, circle=False,
        asked_by=by.account_id, asked_at=now, due_at=clocks.allowed_until(session, case, "arbitrate", now=now) or now,
        state="requested", version=1,
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request
