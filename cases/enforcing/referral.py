"""Referrals (T11, T12, M56, X24): handed to the organ with power, and watched until its result is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from cases import access, clocks, notices, policy, routing, ties
from cases.lifecycle import beside
from cases.lifecycle import case as case_machine
from cases.lifecycle import task as tasks
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.referral import REFERRAL_MOVES, WHOLE, holds_whole
from cases.models.case import Case, Task
from cases.models.referral import AWAITED, Referral
from kit.errors import NotFound
from people.actors import Actor
from people.models import Org


class NoSuchReferral(NotFound):
    """This case has no such referral."""

    code = "referral.unknown"


@dataclass(frozen=True)
class ReferralDraft:
    """What goes to whom: the whole matter (`case`) or its penalty alone, with the list of materials."""

    scope: str
    to_org_id: int | None
    to_external: str | None
    reason: str
    basis: str
    materials: Sequence[str]


def find_referral(session: Session, case: Case, referral_id: UUID) -> Referral:
    """One referral of a locked case. Raises NoSuchReferral."""
    found: Referral = beside.find(session, case, Referral, referral_id, NoSuchReferral)
    return found


def awaiting(session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Referral]:
    """What the actor's office has handed over and has no result of yet; the district sees all, the oldest first.

    A referral leaves this list only by its result or by coming back (X24).
    """
    waiting = select(Referral).join(Case, Case.id == Referral.case_id).where(Referral.state.in_(AWAITED))
    if by.org_kind not in {"district", "city"}:
        waiting = waiting.where(Referral.from_org_id == by.org_id)
    return _page(session, waiting.where(access.visible_to(by)), limit, after)


def received(session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Referral]:
    """What has been handed to the actor's office and waits for it, the oldest first."""
    waiting = select(Referral).join(Case, Case.id == Referral.case_id)
    waiting = waiting.where(Referral.to_org_id == by.org_id, Referral.state.in_(("sent", "accepted")))
    return _page(session, waiting.where(ties.untied_to(by)), limit, after)


def _page(session: Session, found: Select[Referral], limit: int, after: tuple[datetime, UUID] | None) -> list[Referral]:
    if after is not None:
        found = found.where(tuple_(Referral.sent_at, Referral.id) > after)
    found = found.options(joinedload(Referral.case)).order_by(Referral.sent_at, Referral.id)
    return list(session.scalars(found.limit(limit)))


def refer(session: Session, case: Case, draft: ReferralDraft, *, by: Actor, now: datetime) -> Referral:
    """T11: hand a locked case, or its penalty, to the organ with power. The case's own clocks go on.

    Raises NoReceiver, NotYourBody, NotInState, Incomplete.
    """
    if not draft.materials:
        raise Incomplete("List the materials.", missing=["materials"], pointer="/materials")
    if (draft.to_org_id is None) == (draft.to_external is None):
        raise Incomplete("Name one receiver.", missing=["to_org_id"], pointer="/to_org_id")
    referral = Referral(
        id=uuid4(), case_id=case.id, number=_number(session, case), from_org_id=by.org_id, from_state=case.state,
        state=beside.NEW, version=0, sent_by=by.account_id, sent_at=now,
        **(draft.__dict__ | {"materials": list(draft.materials)}),
    )  # fmt: skip
    beside.move(
        session, case, referral, REFERRAL_MOVES["refer"], by=by, now=now,
        trail_={"number": referral.number, "scope": draft.scope, "to": draft.to_org_id or draft.to_external},
    )  # fmt: skip
    if draft.scope == WHOLE:
        case_machine.move(session, case, "refer", by=by, now=now, trail_={"referral": referral.number})
    if draft.to_org_id is not None:
        org = session.get_one(Org, draft.to_org_id)
        task = routing.involve(session, case, org, goal="接收移送并依法处理", why="referral", by=by, now=now)
        referral.task_id = task.id if task else None
    session.add(referral)
    session.flush()
    return referral


def accept(session: Session, case: Case, referral: Referral, *, slip: str, by: Actor, now: datetime) -> Referral:
    """T12: the receiver takes it; for a body outside somebody else of the sender enters its slip (M44)."""
    beside.move(session, case, referral, REFERRAL_MOVES["accept"], by=by, now=now, slip=slip, trail_={"slip": slip})
    referral.accepted_at, referral.accepted_by, referral.slip = now, by.account_id, slip or None
    if referral.to_org_id is None:
        text = f"案件 {case.number}：{referral.to_external}已接收移送 {referral.number}，回执 {slip}，由移送单位录入"
        notices.tell_safety_office(session, "accepted_outside", text, now=now, case_id=case.id)
    return referral


def refuse(
    session: Session, case: Case, referral: Referral, *, reason: str, slip: str, by: Actor, now: datetime
) -> Referral:
    """T12: refused with reasons; the safety office decides whose it is."""
    beside.move(session, case, referral, REFERRAL_MOVES["refuse"], by=by, now=now, slip=slip, trail_={"reason": reason})
    referral.refused_at, referral.refusal = now, reason
    text = f"案件 {case.number}：移送 {referral.number} 被拒收，请裁定"
    notices.tell_district(session, "referral_refused", text, now=now, case_id=case.id)
    notices.tell(session, referral.from_org_id, "referral_refused", text, now=now, case_id=case.id)
    return referral


def settle(
    session: Session, case: Case, referral: Referral, *, receiver_takes_it: bool, text: str, by: Actor, now: datetime
) -> Referral:
    """T12: the safety office decides about a refusal: the receiver takes it, or it goes back to the sender."""
    name = "uphold" if receiver_takes_it else "give_back"
    beside.move(session, case, referral, REFERRAL_MOVES[name], by=by, now=now, trail_={"text": text})
    referral.settled_at, referral.settlement = now, text
    if receiver_takes_it:
        referral.accepted_at, referral.accepted_by = now, by.account_id
    else:
        _close_task(session, case, referral, "take_back", text=None, by=by, now=now)
        _take_back(session, case, referral, by=by, now=now)
    for org_id in {referral.from_org_id, referral.org_id}:
        notices.tell(session, org_id, "referral_settled", f"案件 {case.number}：{text}", now=now, case_id=case.id)
    return referral


def answer(
    session: Session, case: Case, referral: Referral, *, result: str, finding: str | None = None, by: Actor,
    now: datetime,
) -> Referral:  # fmt: skip
    """T12: the receiver's result. The case goes back to where it was handed over, where the result does not end it.

    With a `finding`, in the words of a verdict, the whole matter has ended there; the safety office confirms that.
    Raises NotWhole, NotYourBody.
    """
    move = REFERRAL_MOVES["answer" if finding is None else "find"]
    written = {"result": result, "result_at": now, "result_by": by.account_id, "finding": finding}
    beside.move(
        session, case, referral, move, by=by, now=now, writes_=written,
        trail_={"finding": finding, "result": result} if finding else {},
    )  # fmt: skip
    _close_task(session, case, referral, "settle", text=result, by=by, now=now)
    text = f"案件 {case.number}：移送已有结果"
    if finding is not None:
        notices.tell_safety_office(session, "referral_found", f"{text}，请确认", now=now, case_id=case.id)
    else:
        _take_back(session, case, referral, by=by, now=now)
    notices.tell(session, referral.from_org_id, "referral_answered", text, now=now, case_id=case.id)
    return referral


def conclude(
    session: Session, case: Case, referral: Referral, *, confirmed: bool, text: str, by: Actor, now: datetime
) -> Referral:
    """T12: the safety office confirms what the receiver found, and the case waits to be closed; or it asks again.

    Raises NotInState, SamePerson, Incomplete.
    """
    written = (
        {"concluded_at": now, "concluded_by": by.account_id, "conclusion": text} if confirmed else {"finding": None}
    )
    beside.move(
        session, case, referral, REFERRAL_MOVES["conclude" if confirmed else "ask_again"], by=by, now=now, reason=text,
        trail_={"text": text}, writes_=written,
    )  # fmt: skip
    if confirmed:
        case.outcome = referral.finding
        case_machine.move(session, case, "conclude", by=by, now=now, trail_={"referral": referral.number})
    for org_id in {referral.from_org_id, referral.org_id, case.responsible_org_id or referral.from_org_id}:
        told = f"案件 {case.number}：移送结果{'已确认' if confirmed else '未获确认，请继续办理'}：{text}"
        notices.tell(session, org_id, "referral_concluded", told, now=now, case_id=case.id)
    return referral


def track(session: Session, case: Case, referral: Referral, *, note: str, by: Actor, now: datetime) -> Referral:
    """G-REF: the safety office watches it from outside, with a check each month; the case goes on without waiting.

    Where nothing had been found before it was handed over whole, nothing of it is left to go on with: it stays there.
    """
    beside.move(session, case, referral, REFERRAL_MOVES["track"], by=by, now=now, trail_={"note": note})
    referral.tracked_at = now
    _close_task(session, case, referral, "settle", text=note, by=by, now=now)
    if case.outcome is not None:
        _take_back(session, case, referral, by=by, now=now)
    _check_again(session, case, referral, by=by, now=now)
    return referral


def check(session: Session, case: Case, referral: Referral, *, note: str, by: Actor, now: datetime) -> Referral:
    """G-REF: the monthly look at what is tracked outside; the next one is due a month from now."""
    beside.move(session, case, referral, REFERRAL_MOVES["check"], by=by, now=now, trail_={"note": note})
    referral.checked_at = now
    _check_again(session, case, referral, by=by, now=now)
    return referral


def _check_again(session: Session, case: Case, referral: Referral, *, by: Actor, now: datetime) -> None:
    due_at = now + timedelta(days=policy.value(session, "referral_check_days", now))
    clocks.start_beside(session, case, "referral_check", about=referral.id, org_id=by.org_id, due_at=due_at, now=now)


def _take_back(session: Session, case: Case, referral: Referral, *, by: Actor, now: datetime) -> None:
    if holds_whole(session, case, referral):
        case_machine.move(
            session, case, "take_back", by=by, now=now, back_to=referral.from_state,
            trail_={"referral": referral.number},
        )  # fmt: skip
        clocks.look_again(session, case, "rectify", "rework")  # its date may be past (T13)


def _close_task(
    session: Session, case: Case, referral: Referral, move: str, *, text: str | None, by: Actor, now: datetime
) -> None:
    task = session.get(Task, referral.task_id) if referral.task_id else None
    if task is None or task.state not in tasks.LIVE:
        return
    tasks.move(task, move, by=by)
    task.answer, task.answered_at = text, now
    clocks.stop_beside(session, case, "answer", task=task.id, now=now)


def _number(session: Session, case: Case) -> str:
    """The letter's number: the case's, and a count within it."""
    count = session.scalar(select(func.count()).where(Referral.case_id == case.id)) or 0
    return f"移送〔{case.number}〕{count + 1}号"
