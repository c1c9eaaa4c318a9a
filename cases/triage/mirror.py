"""What a reporter may know of the case, carried over to the report by the worker: a state, no handler's data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import provisional, trail
from cases.journey import Kind, Step
from cases.lifecycle import report as machine
from cases.models.case import Case, CaseEvent
from cases.models.report import Report, ReportCase, ReportEvent
from people.actors import SYSTEM

OPEN_FOR_REPLY = ("accepted", "verifying", "need_more", "in_review")
# What still follows its case; one that went back to the desk, or was withdrawn, does not.
FOLLOWING = ("accepted", "verifying", "replied", "review_requested", "closed")
# What the reporter reads for each state of the case that is worth a line.
STAGES = {"dispatched", "signed", "verifying", "rectifying", "closure_review", "closed"}


def mirror(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Bring every report of a case up to the case's stage; a withdrawn one stays as its reporter left it (R9).

    Safe to repeat: a stage is told once.
    """
    case = session.get_one(Case, case_id)
    theirs = select(Report).join(ReportCase).where(ReportCase.case_id == case_id, Report.state.in_(FOLLOWING))
    reports = session.scalars(theirs.order_by(Report.id).with_for_update(of=Report)).all()
    for report in reports:
        if report.state == "accepted" and case.state not in {"registered", "dispatched", "signed"}:
            machine.move(report, "verify", by=SYSTEM)
        if case.outcome is not None and report.outcome is None:
            report.outcome = case.outcome
            report.reply_due_at = provisional.due(session, report, "reply", start=now, now=now)
            trail.enqueue(session, Step.REPLY_DUE, report.id, now=now, due=report.reply_due_at)
        if case.state in STAGES and not _told(session, report, case.state):
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=now, stage=case.state)


def settle_replies(session: Session, report_id: UUID, *, now: datetime) -> None:
    """After a reply or a withdrawal: tell the case, in one word, whether any reply is still open (G-REP)."""
    case_id = session.scalar(select(ReportCase.case_id).where(ReportCase.report_id == report_id))
    if case_id is not None:
        settle(session, session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one(), now=now)


def settle(session: Session, case: Case, *, now: datetime) -> None:
    """Tell a locked case, in one word, whether any reply is still open (G-REP).

    The word is entered once: a second entry would tell its handlers of a second report (X42).
    """
    session.flush()
    waiting = session.scalar(
        select(func.count())
        .select_from(Report)
        .join(ReportCase)
        .where(ReportCase.case_id == case.id, Report.state.in_(OPEN_FOR_REPLY))
    )
    if case.replies_open and not waiting:
        case.replies_open = False
        case.version += 1
        if not _entered(session, case):
            trail.record(session, case, Kind.REPLIES_DONE, by=SYSTEM, now=now)


def _entered(session: Session, case: Case) -> bool:
    entered = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.REPLIES_DONE))
    return session.scalar(entered.limit(1)) is not None


def _told(session: Session, report: Report, stage: str) -> bool:
    told = select(ReportEvent.id).where(
        ReportEvent.report_id == report.id,
        ReportEvent.kind == str(Kind.MIRRORED),
        ReportEvent.body["stage"].astext == stage,
    )
    return session.scalar(told.limit(1)) is not None
