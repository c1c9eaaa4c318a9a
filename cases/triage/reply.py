"""R7: tell the reporter the result. Every report gets its own reply, also one that joined another's case (M20)."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from cases import provisional, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.lifecycle.machine import check
from cases.lifecycle.replies import newest_reply
from cases.lifecycle.review import decided_first
from cases.models.reply import Reply
from cases.models.report import Report
from cases.triage.reply_text import must_be_fit
from kit.errors import Conflict, Invalid
from people.actors import Actor

CODE = "code"  # the tracking code: every reporter has one (X37)


class NoOutcomeYet(Conflict):
    """There is no result to tell yet."""

    code = "report.no_outcome"
    message = "The case has no outcome yet."


class CodeAlwaysReaches(Invalid):
    """Under the code a reply can always be read; nobody can be out of reach there."""

    code = "reply.code_always_reaches"
    message = "Say by which other way nobody could be reached."
    pointer = "/channel"


def reply(
    session: Session,
    report: Report,
    *,
    text: str,
    by: Actor,
    now: datetime,
    channel: str = CODE,
    unreachable: str = "",
) -> Reply:
    """Reply to a locked report. The text lies under the tracking code, whichever other `channel` it is told by.

    `unreachable` says what was tried where nobody was reached by that channel (G-REP).
    Raises NotInState, NotYourRole, NoOutcomeYet, ReviewOpen, CodeAlwaysReaches, UnfitWording.
    """
    check(report, machine.REPORT_MOVES["reply"], by=by)
    decided_first(session, report)
    if report.outcome is None:
        raise NoOutcomeYet
    if unreachable and channel == CODE:
        raise CodeAlwaysReaches
    must_be_fit(session, report, text=text, unreachable=unreachable, now=now)
    machine.move(report, "reply", by=by)
    reply_id = uuid4()
    until = provisional.due(session, report, "review_request", start=now, now=now, thing_id=reply_id)
    told = Reply(
        id=reply_id, report_id=report.id, number=_next_number(session, report), text=text, channel=channel,
        reached=not unreachable, unreachable=unreachable, outcome=report.outcome, replied_by=by.account_id,
        replied_at=now, review_until=until,
    )  # fmt: skip
    session.add(told)
    report.reply, report.replied_at = text, now
    trail.record(session, report, Kind.REPLIED, by=by, now=now, channel=channel, reached=told.reached)
    return told


def _next_number(session: Session, report: Report) -> int:
    last = newest_reply(session, report)
    return last.number + 1 if last else 1
