"""T8: approve what was found, decide its four consequences, and order rectification with the five items (M39, M50)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy
from cases.handling.completion import done_on_spot
from cases.handling.verdict import decide, proposed
from cases.lifecycle import case as machine
from cases.lifecycle.checked import CRITERIA, Criterion
from cases.lifecycle.guards import MAJOR
from cases.models.case import Case
from cases.models.handling import Order
from kit.errors import Invalid
from people.actors import Actor
from people.roles import Role


class DueTooLate(Invalid):
    """An order's date is in the past, or later than its profile allows (C5)."""

    code = "order.due_out_of_range"
    message = "The date of the order is outside what the profile allows."
    pointer = "/plan/due_at"


@dataclass(frozen=True)
class OrderDraft:
    """What a leader orders. `plan` holds responsible_party, measures, funding, contingency, interim and no_operator."""

    text: str
    plan: dict[str, Any]
    due_at: datetime | None
    fixed_on_spot: bool
    grade: str
    criterion: Criterion | None
    consequences: dict[str, Any]
    comment: str | None


def order(session: Session, case: Case, *, draft: OrderDraft, by: Actor, now: datetime) -> Order:
    """T8: approve the proposed verdict of a locked case and issue the order. Raises Incomplete, DueTooLate.

    What was fixed on the spot has no time to rectify and goes to acceptance at once (M48, T13).
    """
    verdict, visit = proposed(session, case)
    machine.move(
        session, case, "order", by=by, now=now, visit=visit, verdict=verdict, grade=draft.grade,
        criterion=draft.criterion, consequences=draft.consequences, plan=draft.plan, due_at=draft.due_at,
        fixed_on_spot=draft.fixed_on_spot,
        trail_={"grade": draft.grade, "outcome": verdict.outcome, "fixed_on_spot": draft.fixed_on_spot},
    )  # fmt: skip
    decide(
        verdict, "approved", comment=draft.comment, by=by, now=now,
        grade=draft.grade, consequences=draft.consequences, **_cited(session, draft, now),
    )  # fmt: skip
    case.outcome, case.grade = verdict.outcome, draft.grade
    due_at = _due(session, case, draft, now)
    issued = Order(
        case_id=case.id, number=_number(session, case), text=draft.text, due_at=due_at,
        responsible_party=str(draft.plan.get("responsible_party") or ""),
        no_operator=bool(draft.plan.get("no_operator")),
        measures=str(draft.plan.get("measures") or ""), funding=str(draft.plan.get("funding") or ""),
        contingency=str(draft.plan.get("contingency") or ""), interim_measures=str(draft.plan.get("interim") or ""),
        fixed_on_spot=draft.fixed_on_spot,
        issued_by=by.account_id, issued_at=now,
    )  # fmt: skip
    session.add(issued)
    session.flush()
    if draft.consequences["expose"].get("decided"):
        text = f"案件 {case.number}：已决定曝光，请起草"
        notices.tell_holders(session, Role.PUBLISHER, "to_expose", text, now=now, case_id=case.id)
    if draft.fixed_on_spot:
        done_on_spot(session, case, verdict, now=now)
    else:
        clocks.start_until(session, case, "rectify", due_at=due_at, now=now)
    return issued


def _cited(session: Session, draft: OrderDraft, now: datetime) -> dict[str, Any]:
    """F18, F85: the criterion of a major hazard, as it is printed, and which row of the list that is."""
    if draft.grade != MAJOR or draft.criterion is None:
        return {}
    code, clause = draft.criterion.code, draft.criterion.clause.strip()
    row = policy.reason(session, CRITERIA, code, now)
    return {
        "criterion": f"{row.zh}{clause}", "criterion_code": code, "criterion_version": row.version,
        "criterion_clause": clause,
    }  # fmt: skip


def _due(session: Session, case: Case, draft: OrderDraft, now: datetime) -> datetime:
    kind = "rectify_major" if draft.grade == MAJOR else "rectify"
    latest = clocks.allowed_until(session, case, kind, now=now)
    due_at = now if draft.fixed_on_spot or draft.due_at is None else draft.due_at
    if due_at < now or (latest is not None and due_at > latest):
        raise DueTooLate(latest=latest.isoformat() if latest else None)
    return due_at


def _number(session: Session, case: Case) -> str:
    """The order's number: the case's, and a count within it."""
    count = session.scalar(select(func.count()).where(Order.case_id == case.id)) or 0
    return f"责改〔{case.number}〕{count + 1}号"
