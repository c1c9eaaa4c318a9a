"""T18: a closed case is opened again, more urgent than before, with clocks of its own, for the same bodies to redo."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import clocks, policy
from cases.clocks import MAIN
from cases.journey import Kind
from cases.lifecycle import case as machine
from cases.lifecycle import task as tasks
from cases.lifecycle.closing.findings import FOUND
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import NotInState, check
from cases.models.aftercare import Reopening
from cases.models.case import Case, CaseEvent, Task
from cases.models.handling import Order
from kit.errors import Conflict, Invalid
from people.actors import SYSTEM, Actor
from people.models import Account

DAY_S = 86_400


class DueOutOfRange(Invalid):
    """The date is in the past, or later than the profile allows at the new urgency (C5)."""

    code = "reopening.due_out_of_range"
    message = "The date is outside what the profile allows."
    pointer = "/due_at"


class TooLongAgo(Conflict):
    """A new report reopens a case only within so many days; after that it is a matter of its own (T18)."""

    code = "reopening.too_late"
    message = "The case was closed too long ago: the new report is a case of its own."


class NoNewFinding(Invalid):
    """What reopens it is another case, found true since the closing (T18)."""

    code = "reopening.no_new_finding"
    message = "Name the case of the new report; it must have been opened since, and found true."
    pointer = "/other_case_id"


@dataclass(frozen=True)
class Grounds:
    """Why a case is opened again: `cause` is one of REOPENING_CAUSES; `due_at` what the act decides."""

    cause: str
    evidence: str
    due_at: datetime | None = None
    look_back_id: UUID | None = None
    review_id: UUID | None = None
    other_case_id: UUID | None = None
    found_by: int | None = None


def reopen(session: Session, case: Case, grounds: Grounds, *, by: Actor, now: datetime) -> Reopening:
    """Open a locked case again: to be put right anew, or, where nothing had been found, to be verified anew by others.

    A case that was about to be closed goes round again in the same way.

    Raises NotInState, NotYourRole, Incomplete, DueOutOfRange.
    """
    move = "redo" if case.state in machine.CASE_MOVES["redo"].source else "reopen"
    check(case, machine.CASE_MOVES[move], by=by)
    if not grounds.evidence.strip():
        raise Incomplete("Say what was found.", missing=["evidence"], pointer="/evidence")
    before, urgency = case.urgency, _more_urgent(case.urgency)
    to = _to(session, case)
    clocks.be_timed_by(session, case, urgency)
    due_at = _rectify_until(session, case, grounds.due_at, now) if to == "rectifying" else None
    row = Reopening(
        case_id=case.id, round=case.reopen_count + 1, cause=grounds.cause, evidence=grounds.evidence,
        look_back_id=grounds.look_back_id, review_id=grounds.review_id, other_case_id=grounds.other_case_id,
        closed_at=case.closed_at, urgency_before=before, urgency=urgency, to_state=to,
        reopened_by=grounds.found_by or by.account_id, reopened_at=now,
    )  # fmt: skip
    machine.move(
        session, case, move, by=by, now=now, back_to=to,
        trail_={"cause": grounds.cause, "evidence": grounds.evidence, "round": row.round, "urgency": urgency,
                "was": before, "answers": _answers(session, case)},
    )  # fmt: skip
    case.reopen_count, case.reopened_at, case.listing_candidate_at, case.closed_at = row.round, now, now, None
    session.add(row)
    _give_back_tasks(session, case, by=by)
    _start_clocks(session, case, due_at, now=now)
    return row


def reopen_for_report(
    session: Session, case: Case, *, other: Case | None, evidence: str, due_at: datetime | None, by: Actor,
    now: datetime,
) -> Reopening:  # fmt: skip
    """T18: the safety office opens a case again because a new report of the same finding was found true.

    Raises TooLongAgo, NoNewFinding, and what `reopen` raises.
    """
    check(case, machine.CASE_MOVES["reopen"], by=by)
    if case.closed_at is None:
        raise NotInState
    if (now - case.closed_at).total_seconds() > policy.value(session, "reopen_days", now) * DAY_S:
        raise TooLongAgo
    if other is None or other.id == case.id or other.opened_at < case.closed_at or other.outcome not in FOUND:
        raise NoNewFinding
    grounds = Grounds("new_report", evidence, due_at=due_at, other_case_id=other.id)
    return reopen(session, case, grounds, by=by, now=now)


def reopen_breached(session: Session, case_id: UUID, *, now: datetime) -> None:
    """M41, T18: a case in which a measure was found breached after it was closed is open again. Safe to repeat."""
    case = session.get_one(Case, case_id, with_for_update=True)
    breaches = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == str(Kind.MEASURE_BREACHED))
    last = session.scalars(breaches.order_by(CaseEvent.seq.desc()).limit(1)).one()
    if case.state in machine.CASE_MOVES["reopen"].source and case.closed_at is not None and last.at > case.closed_at:
        grounds = Grounds("breach", last.body["facts"], found_by=last.body["officer"])
        reopen(session, case, grounds, by=SYSTEM, now=now)


def _more_urgent(urgency: str) -> str:
    return policy.PRESSING[max(policy.PRESSING.index(urgency) - 1, 0)]


def _to(session: Session, case: Case) -> str:
    """To be rectified anew, where there is an order that was to be carried out; else the facts are verified anew."""
    ordered = session.scalar(select(exists().where(Order.case_id == case.id)))
    return "rectifying" if ordered and case.outcome in FOUND else "verifying"


def _rectify_until(session: Session, case: Case, wanted: datetime | None, now: datetime) -> datetime:
    kind = "rectify_major" if case.grade == "major" else "rectify"
    latest = clocks.allowed_until(session, case, kind, now=now)
    due_at = wanted or latest
    if due_at is None or due_at <= now or (latest is not None and due_at > latest):
        raise DueOutOfRange(latest=latest.isoformat() if latest else None)
    return due_at


def _answers(session: Session, case: Case) -> list[dict[str, object]]:
    """What departments had answered, kept on the trail: they answer anew."""
    done = select(Task).where(Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state == "answered")
    return [{"org": task.org_id, "answer": task.answer} for task in session.scalars(done.order_by(Task.id))]


def _give_back_tasks(session: Session, case: Case, *, by: Actor) -> None:
    """The same bodies have it again: the main one with its person, where still there; departments answer anew."""
    kinds = (*MAIN, "lead", "coop")
    ended = select(Task).where(Task.case_id == case.id, Task.kind.in_(kinds), Task.state == "answered")
    for task in session.scalars(ended.order_by(Task.id)):
        there = task.person_id is not None and session.get_one(Account, task.person_id).active
        tasks.move(task, "give_back" if task.kind in MAIN else "ask_again", by=by)
        task.person_id, task.answered_at, task.answer = task.person_id if there else None, None, None
    session.flush()


def _start_clocks(session: Session, case: Case, rectify_until: datetime | None, *, now: datetime) -> None:
    """All anew, at the new urgency (T18): the whole, what is to be done, and what each department has to answer.

    A department that was called in after the closing has its time already (M41).
    """
    if "total" not in {clock.kind for clock in clocks.running(session, case)}:  # one that runs was promised (F39)
        clocks.start(session, case, "total", now=now)
    if rectify_until is not None:
        clocks.start_until(session, case, "rectify", due_at=rectify_until, now=now)
    else:
        case.outcome = None
        clocks.start(session, case, "verify", now=now)
    theirs = select(Task).where(Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state == "open")
    asked = {clock.task_id for clock in clocks.beside(session, case) if clock.kind == "answer"}
    for task in session.scalars(theirs.order_by(Task.id)):
        if task.id in asked:
            continue
        until = clocks.start_beside(
            session, case, "answer", org_id=task.org_id, task=task.id, due_at=rectify_until, like="verify", now=now
        )
        task.due_at, task.due_what, task.yellow_at = until or now, "answer", None
    session.flush()
