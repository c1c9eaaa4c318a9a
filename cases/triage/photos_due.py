"""Promised photos that did not come in time: the desk knows that it decides without them, or asks for them (R3)."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, photos, trail
from cases.journey import Kind
from cases.models.report import ENDED, Report, ReportEvent, ReportPhoto
from cases.triage.reports import lock
from people.actors import SYSTEM

TEXT = "有举报所附的照片逾时没有传到，请到受理台查看"


def photos_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Tell the desk of the photos that have not come, each once. Safe to repeat.

    About a report that has ended nobody is told: no decision waits for its photos.
    """
    report = lock(session, report_id, by=SYSTEM)
    known = told_missing(session, [report_id])
    late = [str(photo.id) for photo in photos.outstanding(session, report) if photo.id not in known]
    if late and report.state not in ENDED:
        trail.record(session, report, Kind.PHOTOS_MISSING, by=SYSTEM, now=now, photos=late)
        notices.remind_desk(session, "photos_missing", TEXT, now=now)


def how_many_missing(session: Session, reports: Collection[Report]) -> Mapping[UUID, int]:
    """Of each of these reports, how many photos the desk was told of that have not come since."""
    told = told_missing(session, [report.id for report in reports])
    still = select(ReportPhoto.report_client_id).where(ReportPhoto.id.in_(told), ReportPhoto.state == "promised")
    missing = Counter(session.scalars(still))
    return {report.id: missing[report.client_id] for report in reports}


def told_missing(session: Session, report_ids: Collection[UUID]) -> frozenset[UUID]:
    """The photos of these reports that the desk was told of; some may have come since."""
    told = select(ReportEvent.body).where(
        ReportEvent.report_id.in_(report_ids), ReportEvent.kind == str(Kind.PHOTOS_MISSING)
    )
    return frozenset(UUID(photo) for body in session.scalars(told) for photo in body["photos"])
