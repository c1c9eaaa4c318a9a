"""Since when nothing more comes of a report: it has ended, and so has the case that it joined."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from cases.kinds import Kind
from cases.models.case import OVER, Case
from cases.models.report import ENDED, Report, ReportCase, ReportEvent
from cases.models.retaliation import Retaliation
from cases.models.reward import Reward

ENDS = (Kind.REPORT_CLOSED, Kind.WITHDRAWN, Kind.NOT_ACCEPTED, Kind.REDIRECTED)
OPEN_REWARD = ("eligible", "proposed", "reviewed", "approved", "notified", "claimed")


def ended_before(moment: datetime) -> Select[UUID]:
    """Reports that ended before `moment`, and their case as well.

    None with a reward that is still to be paid, or whose reporter is made to suffer and is not heard to the end.
    """
    ended = (
        select(ReportEvent.report_id, func.max(ReportEvent.at).label("at"))
        .where(ReportEvent.kind.in_([str(kind) for kind in ENDS]))
        .group_by(ReportEvent.report_id)
        .subquery()
    )
    unpaid = select(Reward.id).where(Reward.report_id == Report.id, Reward.state.in_(OPEN_REWARD)).exists()
    return (
        select(Report.id)
        .join(ended, ended.c.report_id == Report.id)
        .outerjoin(ReportCase, ReportCase.report_id == Report.id)
        .outerjoin(Case, Case.id == ReportCase.case_id)
        .where(
            Report.received_at < moment,
            Report.state.in_(ENDED),
            or_(Case.id.is_(None), Case.state.in_(OVER)),
            func.greatest(ended.c.at, Case.closed_at) < moment,  # greatest passes a missing one over
            ~unpaid,
            ~is_retaliated(),
        )
        .order_by(Report.id)
    )


def is_retaliated() -> ColumnElement[bool]:
    """Whether it is still looked into that the reporter was made to suffer (Q9)."""
    return select(Retaliation.id).where(Retaliation.report_id == Report.id, Retaliation.state != "concluded").exists()
