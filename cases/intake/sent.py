"""How reports stand that an application has sent, for whoever holds its key: their steps, and nothing of their content.

Their reporters read more by their tracking codes (cases/intake/tracking.py); the application is not the reporter.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.models.report import Report, ReportEvent


def of_application(session: Session, client_id: UUID, references: Sequence[str]) -> list[Report]:
    """Those of these reports that a client has sent, the newest first."""
    theirs = select(Report).where(Report.sent_by == client_id, Report.reference.in_(references))
    return list(session.scalars(theirs.order_by(Report.received_at.desc(), Report.id)))


def trail_of(session: Session, report: Report) -> list[ReportEvent]:
    """All steps of a report, the first first."""
    steps = select(ReportEvent).where(ReportEvent.report_id == report.id)
    return list(session.scalars(steps.order_by(ReportEvent.seq)))


def steps_of(
    session: Session,
    client_id: UUID,
    span: tuple[datetime, datetime],
    *,
    kinds: Collection[str],
    limit: int,
    skip: int = 0,
) -> list[tuple[Report, ReportEvent]]:
    """The steps of these kinds of a client's reports, within a span with both ends, the newest first.

    A step that mirrors one of the case is of the kind that it mirrors.
    """
    kind = func.coalesce(ReportEvent.body["stage"].astext, ReportEvent.kind)
    theirs = select(Report, ReportEvent).join(ReportEvent, ReportEvent.report_id == Report.id)
    found = theirs.where(Report.sent_by == client_id, ReportEvent.at.between(*span), kind.in_(list(kinds)))
    order = (ReportEvent.at.desc(), ReportEvent.id.desc())
    return [(report, event) for report, event in session.execute(found.order_by(*order).offset(skip).limit(limit))]
