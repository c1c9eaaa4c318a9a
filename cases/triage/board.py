"""The district's board: how much waits at the desk and why, and what is held; numbers alone, of no report (T11).

Held is what came in a flood. Nothing of it ends by itself: it is counted here until a person has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cases.lifecycle import deciding
from cases.models.report import HELD, SITE_FLOOD, Report
from cases.triage.duplicates import AT_DESK


@dataclass(frozen=True)
class Count:
    """How many, how many of them nobody has looked at or decided in time, and by when the next is to be."""

    waiting: int = 0
    overdue: int = 0
    next_due_at: datetime | None = None


@dataclass(frozen=True)
class Board:
    """All that waits, what of it is held, and how many for each reason."""

    all: Count
    held: Count
    reasons: Mapping[str, int]


def board(session: Session, *, now: datetime) -> Board:
    """What waits for the desk now."""
    unseen, undecided = Report.seen_at.is_(None), deciding.waiting()
    late = or_(unseen & (Report.review_due_at <= now), undecided & (Report.accept_due_at <= now))
    columns = (
        func.count(),
        func.count().filter(late),
        func.least(
            func.min(Report.review_due_at).filter(unseen), func.min(Report.accept_due_at).filter(undecided)
        ),
    )  # fmt: skip
    at_desk = select(*columns).where(Report.state.in_(AT_DESK))
    held = at_desk.where(Report.waits_for.in_((*HELD, SITE_FLOOD)))
    why = func.coalesce(Report.waits_for, Report.state)
    reasons = select(why, func.count()).where(Report.state.in_(AT_DESK)).group_by(why)
    return Board(
        all=Count(*session.execute(at_desk).one()),
        held=Count(*session.execute(held).one()),
        reasons={str(reason): number for reason, number in session.execute(reasons.order_by(why))},
    )
