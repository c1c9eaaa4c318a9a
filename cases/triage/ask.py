"""R3: ask the reporter for more, through the tracking code."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from cases import provisional, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.models.report import Question, Report
from cases.triage import refuse
from cases.triage.reply_text import must_give_nobody_away
from people.actors import Actor


def ask(session: Session, report: Report, *, text: str, by: Actor, now: datetime) -> Question:
    """Put a question to the reporter; after its due instant the desk decides on what it has (R3).

    Raises NotInState, NotYourRole, and UnfitMessage for a text that names an officer or anybody else.
    """
    must_give_nobody_away(session, report, text=text, now=now)
    machine.move(report, "ask", by=by)
    question_id = uuid4()
    due_at = provisional.due(session, report, "ask_more", start=now, now=now, thing_id=question_id)
    question = Question(id=question_id, report_id=report.id, text=text, asked_at=now, due_at=due_at)
    session.add(question)
    report.seen_at = report.seen_at or now
    refuse.overtake(session, report, by=by, now=now)
    trail.record(session, report, Kind.ASKED, by=by, now=now, follow_at=question.due_at)
    return question
