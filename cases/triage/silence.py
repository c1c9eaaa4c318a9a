"""R3: a question that was not answered in time. The desk decides on what it has; no hazard is dropped for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.lifecycle import deciding
from cases.lifecycle import report as machine
from cases.models.report import Question
from cases.triage.reports import lock
from people.actors import SYSTEM


def answer_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Put a report back in review when no answer came to its newest question. Safe to repeat, and to come too early."""
    report = lock(session, report_id, by=SYSTEM)
    newest = select(Question).where(Question.report_id == report_id).order_by(Question.asked_at.desc()).limit(1)
    question = session.scalars(newest).one_or_none()
    if report.state != "need_more" or question is None or question.due_at > now:
        return
    machine.move(report, "hear_answer", by=SYSTEM)
    report.waits_for = "no_answer"
    due_at = deciding.begin_anew(session, report, now=now)
    trail.record(session, report, Kind.ANSWER_MISSED, by=SYSTEM, now=now, follow_at=due_at)
