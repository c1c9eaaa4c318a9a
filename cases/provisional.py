"""Dates of a report that wait for a calendar (D2, X09): noted down when counted, counted again when it is known.

A date that was certain is never counted again (D4, X13), and none becomes earlier than its reporter was told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.deadlines import Calendar, Due
from cases.journey import Kind, Step
from cases.models.calendars import ProvisionalDate
from cases.models.reply import Recheck, Reply
from cases.models.report import Question, Report
from people.actors import SYSTEM

AT_MOST = {"reply": "reply_at_most"}
# Where each date stands, and the job that comes when it is over; without one, a sweep finds it.
STANDS: dict[str, tuple[type[Any] | None, str, Step | None]] = {
    "review": (None, "review_due_at", Step.REVIEW_DUE),
    "reply": (None, "reply_due_at", None),
    "ask_more": (Question, "due_at", Step.ANSWER_DUE),
    "accept": (None, "accept_due_at", None),
    "re_verify": (None, "reply_due_at", None),
    "review_request": (Reply, "review_until", None),
    "recheck": (Recheck, "due_at", None),
}


def due(
    session: Session,
    report: Report,
    clock: str,
    *,
    start: datetime,
    now: datetime,
    thing_id: UUID | None = None,
    limit: policy.Limit | None = None,
) -> datetime:
    """When a limit ends that starts at `start`; noted down where it waits for a calendar.

    The limit is the one that the report's profile has for `clock`, unless another is given.
    """
    limit = limit or policy.limit(policy.profile(session, report.profile_id), clock, report.urgency)
    row = ProvisionalDate(
        report_id=report.id, clock=clock, thing_id=thing_id, started_at=start, amount=limit.amount,
        unit=str(limit.unit), roll=limit.roll,
    )  # fmt: skip
    found = counted(session, row, policy.calendar(session, now))
    if found.provisional:
        row.due_at = found.due_at
        session.add(row)
    return found.due_at


def find_recountable(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Reports with a noted date that the calendar of today makes certain."""
    calendar = policy.calendar(session, now)
    found = (row.report_id for row in _open(session) if not counted(session, row, calendar).provisional)
    return list(dict.fromkeys(found))[:limit]


def recount(session: Session, report: Report, *, now: datetime) -> None:
    """Count the noted dates of a locked report again; an entry says from when to when. Safe to repeat.

    A date that is not told any more, since its report moved on, is settled as it was.
    """
    calendar = policy.calendar(session, now)
    for row in _open(session, report.id):
        new = counted(session, row, calendar)
        if new.provisional:
            continue
        row.settled_at = now
        table, column, step = STANDS[row.clock]
        thing = report if table is None else session.get_one(table, row.thing_id, with_for_update=True)
        until = deadlines.recompute(Due(row.due_at), new).due_at
        if getattr(thing, column) != row.due_at or until == row.due_at:
            continue
        setattr(thing, column, until)
        trail.record(
            session, report, Kind.RECOUNTED, by=SYSTEM, now=now,
            clock=row.clock, was=row.due_at.isoformat(), until=until.isoformat(),
        )  # fmt: skip
        if step is not None:
            trail.enqueue(session, step, report.id, now=now, due=until)


def noted(session: Session) -> Sequence[tuple[ProvisionalDate, str]]:
    """Every noted date that is not settled, with the reference of its report."""
    found = select(ProvisionalDate, Report.reference).join(Report, Report.id == ProvisionalDate.report_id)
    rows = session.execute(found.where(ProvisionalDate.settled_at.is_(None)).order_by(ProvisionalDate.id))
    return [(row, reference) for row, reference in rows]


def counted(session: Session, row: ProvisionalDate, calendar: Calendar) -> Due:
    """The limit under a calendar, and no later than what policy sets as its outer limit (F37)."""
    found = deadlines.add(row.started_at, row.amount, row.unit, calendar, roll=row.roll)
    if row.clock not in AT_MOST:
        return found
    outer = policy.value(session, AT_MOST[row.clock], row.started_at)
    latest = deadlines.add(row.started_at, outer["amount"], outer["unit"], calendar).due_at
    return Due(min(found.due_at, latest), found.provisional)


def _open(session: Session, report_id: UUID | None = None) -> Sequence[ProvisionalDate]:
    found = select(ProvisionalDate).where(ProvisionalDate.settled_at.is_(None))
    if report_id is not None:
        found = found.where(ProvisionalDate.report_id == report_id)
    return session.scalars(found.order_by(ProvisionalDate.id)).all()
