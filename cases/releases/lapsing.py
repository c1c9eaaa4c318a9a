"""The end of what nobody decided or read in its time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle import release as machine
from cases.models.release import Release
from cases.models.report import Report
from people.actors import SYSTEM

AT_ONCE = 100


def lapse(session: Session, *, now: datetime) -> None:
    """Let everything lapse whose time is over; what somebody decides or reads at this moment is left to them."""
    over = select(Release).where(Release.state.in_(("asked", "approved")), Release.lapses_at <= now)
    for found in session.scalars(over.order_by(Release.lapses_at).limit(AT_ONCE)).all():
        report = session.scalars(select(Report).where(Report.id == found.report_id).with_for_update()).one()
        again = select(Release).where(Release.id == found.id, Release.state == found.state)
        locked = again.with_for_update(skip_locked=True)
        for release in session.scalars(locked, execution_options={"populate_existing": True}):
            machine.move(session, report, release, "lapse", by=SYSTEM, now=now)
