"""By when the desk decides about a report that waits for it (C3 R2-R6, D-accept, F39), and when that time begins anew.

The first look has a time of its own, which a look stops; this one only a decision stops.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cases import provisional
from cases.journey import Kind
from cases.models.report import Report, ReportEvent

IMMEDIATE = "immediate"
# With each of these a report that was elsewhere, or with another person, waits for the desk again.
CAME_BACK = (
    Kind.ANSWERED, Kind.ANSWER_MISSED, Kind.REFUSAL_REJECTED, Kind.REFUSAL_OVERTURNED, Kind.BACK_ON_THE_DESK,
)  # fmt: skip


def waits(report: Report) -> bool:
    """Whether the desk is to decide about a report. A question stops no clock of what is immediate (R3, X33)."""
    return report.state == "in_review" or (report.state == "need_more" and report.urgency == IMMEDIATE)


def waiting() -> ColumnElement[bool]:
    """The same, of the reports of a question to the database."""
    return or_(Report.state == "in_review", (Report.state == "need_more") & (Report.urgency == IMMEDIATE))


def count(session: Session, report: Report, *, now: datetime) -> None:
    """Give a report that waits for the desk the time to be decided, from when it came to it, or came back."""
    back = select(func.max(ReportEvent.at)).where(ReportEvent.report_id == report.id, ReportEvent.kind.in_(CAME_BACK))
    start = session.scalar(back) or report.received_at
    report.accept_due_at = provisional.due(session, report, "accept", start=start, now=now)


def begin_anew(session: Session, report: Report, *, now: datetime) -> datetime:
    """The whole time of a new one, for a look and to decide; gives by when it is looked at."""
    report.review_due_at = provisional.due(session, report, "review", start=now, now=now)
    report.accept_due_at = provisional.due(session, report, "accept", start=now, now=now)
    return report.review_due_at


def hasten(session: Session, report: Report, *, now: datetime) -> datetime:
    """The shorter time of a more urgent matter, from now on; what was late stays late (D9)."""
    was = report.accept_due_at
    begin_anew(session, report, now=now)
    if was is not None and report.accept_due_at is not None:
        report.accept_due_at = min(was, report.accept_due_at)
    return report.review_due_at
