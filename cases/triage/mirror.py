"""What a reporter may know of the case, carried over to the report by the worker: a state, no handler's data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cases import clocks, deadlines, provisional, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case, CaseEvent
from cases.models.report import Report, ReportCase, ReportEvent
from cases.triage import refuse
from people.actors import SYSTEM

OPEN_FOR_REPLY = ("accepted", "verifying", "need_more", "in_review", "review_requested")
# What still follows its case; one that went back to the desk, or was withdrawn, does not.
FOLLOWING = ("accepted", "verifying", "replied", "review_requested", "closed")
# What the reporter reads for each state of the case that is worth a line.
ANSWERED = ("replied", "closed")  # these keep the outcome that they were told
HELD, RESUMED, EXTENDED = "on_hold", "resumed", "extended"
PAUSES = {str(Kind.CASE_HELD): HELD, str(Kind.CASE_RESUMED): RESUMED}
STAGES = {"dispatched", "signed", "verifying", "rectifying", "referred", "closure_review", "closed"}


def mirror(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Bring every report of a case up to the case's stage; a withdrawn one stays as its reporter left it (R9).

    Safe to repeat: a stage is told once, and once more in each round of a case that was opened again (T18).
    """
    case = session.get_one(Case, case_id)
    theirs = select(Report).join(ReportCase).where(ReportCase.case_id == case_id, Report.state.in_(FOLLOWING))
    reports = session.scalars(theirs.order_by(Report.id).with_for_update(of=Report)).all()
    for report in reports:
        if report.state == "accepted" and case.state not in {"registered", "dispatched", "signed"}:
            machine.move(report, "verify", by=SYSTEM)
            refuse.overtake(session, report, by=SYSTEM, now=now)
        if case.outcome is not None and report.outcome is None:
            report.outcome = case.outcome
            report.reply_due_at = provisional.due(session, report, "reply", start=now, now=now)
        for stage in _untold(session, case, report):
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=now, stage=stage)
        until = _until(session, case, report)
        if until is not None:
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=now, stage=EXTENDED, until=until)


def settle_replies(session: Session, report_id: UUID, *, now: datetime) -> None:
    """After a reply or a withdrawal: tell the case, in one word, whether any reply is still open (G-REP)."""
    case_id = session.scalar(select(ReportCase.case_id).where(ReportCase.report_id == report_id))
    if case_id is not None:
        settle(session, session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one(), now=now)


def settle(session: Session, case: Case, *, now: datetime) -> None:
    """Tell a locked case, in one word, whether any reply is still open (G-REP); also again, for one who asked (R8).

    The word is entered once: a second entry would tell its handlers of a second report (X42).
    """
    session.flush()
    waiting = session.scalar(
        select(func.count())
        .select_from(Report)
        .join(ReportCase)
        .where(ReportCase.case_id == case.id, Report.state.in_(OPEN_FOR_REPLY))
    )
    if waiting:
        case.replies_open = True
    elif case.replies_open:
        case.replies_open = False
        case.version += 1
        if not _entered(session, case):
            trail.record(session, case, Kind.REPLIES_DONE, by=SYSTEM, now=now)


def _entered(session: Session, case: Case) -> bool:
    entered = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.REPLIES_DONE))
    return session.scalar(entered.limit(1)) is not None


def _untold(session: Session, case: Case, report: Report) -> list[str]:
    stages = [stage for stage in _stages(session, case, report) if not _told(session, case, report, stage)]
    return [*stages, *_pause(session, case, report)]


def _pause(session: Session, case: Case, report: Report) -> list[str]:
    """That the case is held, for each hold anew; that it goes on, to those who had heard that it was held (T19)."""
    of_pauses = select(CaseEvent.kind, CaseEvent.at).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(PAUSES))
    last = session.execute(of_pauses.order_by(CaseEvent.seq.desc()).limit(1)).one_or_none()
    if last is None:
        return []
    stage, at = PAUSES[last.kind], last.at
    told = select(ReportEvent.body["stage"].astext, ReportEvent.at).where(
        *_mirrored(report), ReportEvent.body["stage"].astext.in_(PAUSES.values())
    )
    heard = session.execute(told.order_by(ReportEvent.seq.desc()).limit(1)).one_or_none()
    if stage == RESUMED:
        return [RESUMED] if heard is not None and heard[0] == HELD else []
    return [HELD] if case.state == HELD and (heard is None or heard[0] != HELD or heard[1] < at) else []


def _until(session: Session, case: Case, report: Report) -> str | None:
    """The last day of a whole case whose time was extended, where this reporter has not heard of it (F32, F39).

    Told anew when a hold has moved it (D6). Not to who joined afterwards: it tells of another report (X42).
    """
    running = [each for each in clocks.running(session, case) if each.kind == "total"]
    extended = [(each, each.extended_at) for each in running if each.extended_at is not None]
    if not extended:
        return None
    clock, at = extended[0]
    if session.get_one(ReportCase, report.id).linked_at > at:
        return None
    told = select(ReportEvent.body["until"].astext).where(
        *_mirrored(report), ReportEvent.body["stage"].astext == EXTENDED
    )
    last = session.scalars(told.order_by(ReportEvent.seq.desc()).limit(1)).one_or_none()
    until = deadlines.last_day(clock.due_at).isoformat()
    return until if last != until else None


def _stages(session: Session, case: Case, report: Report) -> list[str]:
    """What is to be told of the case now. That it was opened again, only to those who had heard of it before (X42)."""
    stages = [case.state] if case.state in STAGES else []
    if case.reopened_at is None:
        return stages
    before = select(ReportEvent.id).where(*_mirrored(report), ReportEvent.at <= case.reopened_at)
    if session.scalar(before.limit(1)) is None:
        return stages
    differs = report.state in ANSWERED and case.outcome is not None and report.outcome != case.outcome
    return ["reopened", *["found_otherwise"] * differs, *stages]


def _told(session: Session, case: Case, report: Report, stage: str) -> bool:
    told = select(ReportEvent.id).where(
        *_mirrored(report), ReportEvent.body["stage"].astext == stage, of_this_round(case, ReportEvent.at)
    )
    return session.scalar(told.limit(1)) is not None


def _mirrored(report: Report) -> tuple[ColumnElement[bool], ...]:
    return (ReportEvent.report_id == report.id, ReportEvent.kind == str(Kind.MIRRORED))
