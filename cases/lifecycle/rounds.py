"""The rounds of a case: what was done, shown or accepted before it was reopened counts no more (T18)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.models.aftercare import Reopening
from cases.models.case import Case
from cases.models.handling import Order, Verdict

AGAIN = ("rebound", "new_report", "breach")  # the matter itself came back


def of_this_round(case: Case, at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether what happened at this instant belongs to the present round of the case."""
    return true() if case.reopened_at is None else at > case.reopened_at


def came_back(session: Session, case: Case, causes: Collection[str] = AGAIN) -> bool:
    """Whether the present round began because the violation was committed anew, not because it was looked at badly."""
    last = select(Reopening.cause).where(Reopening.case_id == case.id).order_by(Reopening.round.desc()).limit(1)
    return session.scalars(last).first() in causes


def verdict_of(session: Session, order: Order) -> Verdict | None:
    """The verdict that was approved with the order (T8)."""
    approved = select(Verdict).where(
        Verdict.case_id == order.case_id, Verdict.state == "approved", Verdict.decided_at <= order.issued_at
    )
    return session.scalars(approved.order_by(Verdict.decided_at.desc()).limit(1)).first()


def had_no_time(case: Case, order: Order) -> bool:
    """M48: what was fixed on the spot had no time that could be over; once reopened it has that of the new round."""
    return order.fixed_on_spot and (case.reopened_at is None or order.issued_at > case.reopened_at)
