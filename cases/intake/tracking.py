"""How a report is doing, for whoever holds its code: written from the report's own trail, never from the case."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.intake.codes import mark_of
from cases.lifecycle.machine import sources
from cases.lifecycle.report import REPORT_MOVES
from cases.models.report import Question, Report, ReportEvent, ReportPhoto
from geo.models import Unit
from kit.errors import NotFound


class UnknownCode(NotFound):
    """No report has this code, or no longer: both look alike."""

    code = "tracking.unknown"
    message = "No report was found for this code."


@dataclass(frozen=True)
class Progress:
    """Where a report stands."""

    report: Report
    events: list[ReportEvent]
    question: Question | None
    photos: list[ReportPhoto]
    unit: Unit | None
    can: list[str]


def progress(session: Session, typed_code: str) -> Progress:
    """The progress of the report with this code. Raises Mistyped, UnknownCode."""
    report = by_code(session, typed_code)
    events = select(ReportEvent).where(ReportEvent.report_id == report.id).order_by(ReportEvent.seq)
    question = open_question(session, report)
    photos = select(ReportPhoto).where(ReportPhoto.report_client_id == report.client_id, ReportPhoto.named)
    return Progress(
        report,
        list(session.scalars(events)),
        question,
        list(session.scalars(photos.order_by(ReportPhoto.client_id))),
        session.get(Unit, report.unit_id) if report.unit_id is not None else None,
        _can(report, question),
    )


def by_code(session: Session, typed_code: str, *, lock: bool = False) -> Report:
    """The report with this code. Raises Mistyped, UnknownCode."""
    statement = select(Report).where(Report.tracking_mark == mark_of(typed_code))
    report = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if report is None:
        raise UnknownCode
    return report


def open_question(session: Session, report: Report) -> Question | None:
    """The question that waits for the reporter's answer."""
    statement = select(Question).where(Question.report_id == report.id, Question.answered_at.is_(None))
    return session.scalars(statement.order_by(Question.asked_at.desc()).limit(1)).one_or_none()


def _can(report: Report, question: Question | None) -> list[str]:
    moves = sources(REPORT_MOVES, report.state)
    able = ["supplement"] if report.state not in {"withdrawn", "closed"} else []
    able += ["answer"] if question is not None and report.state == "need_more" else []
    return able + (["withdraw"] if "withdraw" in moves else [])
