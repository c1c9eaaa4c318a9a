"""Photos that a reporter has promised and that have not come: the desk waits for them a while, then it is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Step
from cases.models.report import Report, ReportPhoto


def expect(session: Session, report: Report, *, now: datetime) -> None:
    """Look again, after the minutes of the district, whether all photos that a report has promised are there."""
    if outstanding(session, report):
        wait = timedelta(minutes=policy.value(session, "photos_wait_min", now))
        trail.enqueue(session, Step.PHOTOS_DUE, report.id, now=now, due=now + wait)


def outstanding(session: Session, report: Report) -> Sequence[ReportPhoto]:
    """The photos that a report names and that have not come."""
    named = select(ReportPhoto).where(
        ReportPhoto.report_client_id == report.client_id, ReportPhoto.named, ReportPhoto.state == "promised"
    )
    return session.scalars(named.order_by(ReportPhoto.client_id)).all()
