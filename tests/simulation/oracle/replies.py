"""Every report ends in a reasoned answer that it was given, and its case in an outcome (M19, M20, R10)."""

from datetime import datetime, timedelta

from sqlalchemy import DateTime, cast, exists, func, select
from sqlalchemy.orm import Session

from cases import notices
from cases.models.case import Case, Notice
from cases.models.decisions import Redirection, Refusal
from cases.models.reply import Reply
from cases.models.report import Report, ReportCase, ReportEvent

A_LOOK = timedelta(hours=2)


def hold(session: Session, now: datetime) -> None:
    """Raise AssertionError where a report was lost, or its answer."""

    def none(what: str, *where: object) -> None:
        assert session.scalar(select(func.count()).select_from(Report).where(*where)) == 0, (what, now)  # type: ignore[arg-type]

    none("unrouted", Report.state == "submitted", Report.received_at < now - A_LOOK)
    none("closed without a reply", Report.state == "closed", ~exists().where(Reply.report_id == Report.id))
    none("replied without one", Report.state == "replied", Report.outcome.is_(None) | Report.replied_at.is_(None))
    refused = exists().where(Refusal.report_id == Report.id, Refusal.state == "confirmed")
    none("refused by one person", Report.state == "not_accepted", ~refused)
    none("sent nowhere", Report.state == "redirected", ~exists().where(Redirection.report_id == Report.id))
    linked = exists().where(ReportCase.report_id == Report.id)
    none("accepted into nothing", Report.state.in_(("accepted", "verifying")), ~linked)
    overdue = exists().where(ReportEvent.report_id == Report.id, ReportEvent.kind == "reply_overdue")
    waits = (Report.state.in_(("accepted", "verifying")), Report.outcome.is_not(None))
    none("late in silence", *waits, Report.reply_due_at < now - A_LOOK, ~overdue)
    told_late = exists().where(
        ReportEvent.report_id == Report.id, ReportEvent.kind == "decision_overdue",
        cast(ReportEvent.body["due_at"].astext, DateTime(timezone=True)) == Report.accept_due_at,
    )  # fmt: skip
    at_desk = (Report.state == "in_review", Report.received_at < now - A_LOOK)
    none("at the desk without a time", *at_desk, Report.accept_due_at.is_(None))
    none("undecided in silence", *at_desk, Report.accept_due_at < now - A_LOOK, ~told_late)
    ended = (
        select(func.count()).select_from(Case).where(Case.state.in_(("closed", "look_back")), Case.outcome.is_(None))
    )
    assert session.scalar(ended) == 0, now
    told = exists().where(
        Notice.kind == ReportEvent.kind, Notice.created_at <= ReportEvent.at,
        Notice.created_at > ReportEvent.at - notices.A_DAY,
    )  # fmt: skip
    late = ReportEvent.kind.in_(("reply_overdue", "decision_overdue"))
    assert session.scalars(select(ReportEvent.id).where(late, ~told)).all() == [], now


def each_has_its_own(session: Session) -> None:
    """At the end: a report of a closed case has its reply, or its reporter went away (G-REP)."""
    of_closed = exists().where(ReportCase.report_id == Report.id, ReportCase.case_id == Case.id, Case.state == "closed")
    states = set(session.scalars(select(Report.state).where(of_closed)))
    assert states <= {"replied", "review_requested", "closed", "withdrawn"}, states
