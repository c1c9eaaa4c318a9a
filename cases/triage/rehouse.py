"""After T20: the reports of a void case are not void. They join the case that it repeated, or go back to the desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import deciding
from cases.lifecycle import report as machine
from cases.models.case import Case
from cases.models.dispute import Voiding
from cases.models.report import Report, ReportCase
from cases.triage import refuse
from cases.triage.accept import ClosedAlready, join_case, link
from cases.triage.categorise import NotForATown
from cases.triage.merge import forget_outcome
from people.actors import SYSTEM


def rehouse(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Find every open report of a void case its place (promise 1). Safe to repeat."""
    theirs = select(Report).join(ReportCase).where(
        ReportCase.case_id == case_id, Report.state.in_(("accepted", "verifying"))
    )  # fmt: skip
    reports = session.scalars(theirs.order_by(Report.id).with_for_update(of=Report)).all()
    target = _target(session, case_id)
    back = [report for report in reports if not _moved(session, report, target, now=now)]
    for report in back:
        machine.move(report, "return_to_desk", by=SYSTEM)
        forget_outcome(report)
        report.waits_for, report.seen_at = "case_void", None
        due_at = deciding.begin_anew(session, report, now=now)
        trail.record(session, report, Kind.BACK_ON_THE_DESK, by=SYSTEM, now=now, follow_at=due_at)
    if back:
        notices.tell_district(session, "case_void", "案件已作废，其举报件已退回受理台，请重新决定", now=now)


def _target(session: Session, case_id: UUID) -> Case | None:
    """The case that a void one repeated, locked."""
    found = select(Voiding.same_as_case_id).where(Voiding.case_id == case_id, Voiding.state == "confirmed")
    same_as = session.scalar(found)
    if same_as is None:
        return None
    return session.scalars(select(Case).where(Case.id == same_as).with_for_update(of=Case)).one()


def _moved(session: Session, report: Report, target: Case | None, *, now: datetime) -> bool:
    if target is None:
        return False
    try:
        join_case(session, report, target, now=now)
    except (ClosedAlready, NotForATown):
        return False
    machine.move(report, "change_case", by=SYSTEM)
    refuse.overtake(session, report, by=SYSTEM, now=now)
    link(session, report, target, opened=False, now=now)
    forget_outcome(report)
    trail.record(session, report, Kind.MERGED, by=SYSTEM, now=now)
    return True
