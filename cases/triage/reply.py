"""R7: tell the reporter the result. Every report gets its own reply, also one that joined another's case (M20)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.models.report import Report
from kit.errors import Conflict
from people.actors import Actor


class NoOutcomeYet(Conflict):
    """There is no result to tell yet."""

    code = "report.no_outcome"
    message = "The case has no outcome yet."


def reply(session: Session, report: Report, *, text: str, by: Actor, now: datetime) -> Report:
    """Reply to a locked report with a checked text. Raises NoOutcomeYet."""
    if report.outcome is None:
        raise NoOutcomeYet
    machine.move(report, "reply", by=by)
    report.reply, report.replied_at = text, now
    trail.record(session, report, Kind.REPLIED, by=by, now=now)
    return report
