"""The rounds of a case: what was done, shown or accepted before it was reopened counts no more (T18)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.models.aftercare import Reopening
from cases.models.case import Case

AGAIN = ("rebound", "new_report")  # the matter itself came back


def of_this_round(case: Case, at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether what happened at this instant belongs to the present round of the case."""
    return true() if case.reopened_at is None else at > case.reopened_at


def came_back(session: Session, case: Case, causes: Collection[str] = AGAIN) -> bool:
    """Whether the present round began because the violation was committed anew, not because it was looked at badly."""
    last = select(Reopening.cause).where(Reopening.case_id == case.id).order_by(Reopening.round.desc()).limit(1)
    return session.scalars(last).first() in causes
