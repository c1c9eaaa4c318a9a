"""R10: a report that was replied to closes when nobody objects, or when its reporter says that it is enough.

Not before its case is closed, or handed over to the organ with power. The law gives thirty days to ask for a review
(F32): only the reporter can give them up, in so many words; no number of stars does.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from cases import notices, policy, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.lifecycle.replies import is_newest
from cases.models.case import Case
from cases.models.referral import Referral
from cases.models.reply import Reply
from cases.models.report import Report, ReportCase, ReportEvent
from cases.triage.reports import lock
from people.actors import SYSTEM

DONE = ("closed", "look_back")
HANDED_OVER = ("accepted", "external", "found", "answered")  # its receiver has it, and we go on watching (X24)


def settled(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Reports that may close now, the longest told first."""
    return list(session.scalars(_settled(now).order_by(Report.replied_at).limit(limit)))


def close_settled(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Close a report whose time has come. Safe to repeat, and to come too early."""
    report = lock(session, report_id, by=SYSTEM)
    case = select(Case.id).join(ReportCase, ReportCase.case_id == Case.id).where(ReportCase.report_id == report_id)
    session.execute(case.with_for_update(read=True, of=Case))  # it is not opened again meanwhile
    if session.scalar(_settled(now).where(Report.id == report_id)) is None:
        return
    machine.move(report, "close", by=SYSTEM)
    trail.record(session, report, Kind.REPORT_CLOSED, by=SYSTEM, now=now)


def hear_rating(session: Session, report_id: UUID, *, now: datetime) -> None:
    """After a rating: close what is enough, and tell the desk of the first dissatisfied word. Safe to repeat."""
    close_settled(session, report_id, now=now)
    low = policy.value(session, "satisfaction", now)["dissatisfied"]
    given = select(ReportEvent.body["satisfaction"].as_integer()).where(
        ReportEvent.report_id == report_id, ReportEvent.kind == str(Kind.RATED)
    )
    *before, last = session.scalars(given.order_by(ReportEvent.seq))
    if last <= low and all(each > low for each in before):
        notices.tell_district(session, "dissatisfied", "有举报人对答复不满意，请到受理台查看", now=now)


def _settled(now: datetime) -> Select[UUID]:
    return (
        select(Report.id)
        .join(Reply, is_newest())
        .join(ReportCase, ReportCase.report_id == Report.id)
        .join(Case, Case.id == ReportCase.case_id)
        .where(Report.state == "replied", or_(Reply.enough, Reply.review_until < now), _is_over())
    )


def _is_over() -> ColumnElement[bool]:
    handed_over = exists().where(Referral.case_id == Case.id, Referral.scope == "case", Referral.state.in_(HANDED_OVER))
    return or_(Case.state.in_(DONE), and_(Case.state == "referred", handed_over))
