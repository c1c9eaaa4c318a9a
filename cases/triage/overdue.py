"""What the desk is late with is told to the district once, and stands on the report's trail (R6, R7, F37, F39).

Jobs may come twice: a date that is counted again brings one of its own (D2), and so does a second proposal.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.lifecycle.machine import sources
from cases.models.decisions import Refusal
from cases.models.reply import Recheck
from cases.models.report import Report, ReportEvent
from cases.triage.reports import lock
from people.actors import SYSTEM

# With each of these a reply is owed anew: a first one, another after a review, one about another case.
ANEW = (Kind.REPLIED, Kind.MERGED, Kind.SEPARATED, Kind.BACK_ON_THE_DESK)


def reply_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The time to reply is over (F37): tell the district when none was given. Safe to repeat, and to come too early."""
    report = lock(session, report_id, by=SYSTEM)
    waits = "reply" in sources(machine.REPORT_MOVES, report.state) and report.outcome is not None
    over = report.reply_due_at is not None and report.reply_due_at <= now
    if waits and over and not _told_of_this_reply(session, report):
        trail.record(session, report, Kind.REPLY_OVERDUE, by=SYSTEM, now=now)
        notices.remind_district(session, "reply_overdue", "有举报超过时限未答复，请到受理台处理", now=now)


def decision_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The time to decide is over (F39): tell the district when a proposal still waits. Safe to repeat."""
    report = lock(session, report_id, by=SYSTEM)
    waits = select(Refusal).where(
        Refusal.report_id == report_id, Refusal.state == "proposed", Refusal.due_at <= now
    )  # fmt: skip
    refusal = session.scalars(waits).one_or_none() if report.state == "in_review" else None
    if refusal is not None and not _told_of(session, report, Kind.DECISION_OVERDUE, refusal=refusal.id):
        trail.record(session, report, Kind.DECISION_OVERDUE, by=SYSTEM, now=now, refusal=str(refusal.id))
        notices.remind_district(session, "decision_overdue", "有不予受理建议超过时限未复核，请到受理台处理", now=now)


def recheck_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The time to look again is over (R6): tell the district when nobody has. Safe to repeat, or to come too early."""
    report = lock(session, report_id, by=SYSTEM)
    late = select(Recheck).where(Recheck.report_id == report_id, Recheck.state == "due", Recheck.due_at <= now)
    for recheck in session.scalars(late).all():
        if not _told_of(session, report, Kind.RECHECK_OVERDUE, recheck=recheck.id):
            trail.record(session, report, Kind.RECHECK_OVERDUE, by=SYSTEM, now=now, recheck=str(recheck.id))
            notices.remind_district(session, "recheck_overdue", "有不予受理件的抽查超过时限未办，请尽快复查", now=now)


def _told_of_this_reply(session: Session, report: Report) -> bool:
    of_it = select(func.max(ReportEvent.seq)).where(ReportEvent.report_id == report.id)
    told = session.scalar(of_it.where(ReportEvent.kind == str(Kind.REPLY_OVERDUE)))
    owed = session.scalar(of_it.where(ReportEvent.kind.in_([str(kind) for kind in ANEW])))
    return told is not None and (owed is None or told > owed)


def _told_of(session: Session, report: Report, kind: Kind, **thing: UUID) -> bool:
    ((name, its_id),) = thing.items()
    told = select(ReportEvent.id).where(
        ReportEvent.report_id == report.id, ReportEvent.kind == str(kind),
        ReportEvent.body[name].astext == str(its_id),
    )  # fmt: skip
    return session.scalars(told.limit(1)).first() is not None
