"""R3: ask the reporter for more, through the tracking code."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.models.report import Question, Report
from cases.triage import refuse
from people.actors import Actor


def ask(session: Session, report: Report, *, text: str, by: Actor, now: datetime) -> Question:
    """Put a question to the reporter; after its due instant the desk decides on what it has (R3)."""
    machine.move(report, "ask", by=by)
    limit = policy.limit(policy.profile(session, report.profile_id), "ask_more", report.urgency)
    due = deadlines.add(now, limit.amount, limit.unit, policy.calendar(session, now), roll=limit.roll)
    question = Question(report_id=report.id, text=text, asked_at=now, due_at=due.due_at)
    session.add(question)
    report.seen_at = report.seen_at or now
    refuse.overtake(session, report, by=by, now=now)
    trail.record(session, report, Kind.ASKED, by=by, now=now, due=question.due_at)
    return question
