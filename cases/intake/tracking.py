"""How a report is doing, for whoever holds its code: written from the report's own trail, never from the case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.intake.codes import mark_of
from cases.lifecycle.machine import sources
from cases.lifecycle.replies import newest_reply
from cases.lifecycle.report import REPORT_MOVES
from cases.lifecycle.review import may_be_asked
from cases.lifecycle.thread import Line, is_open, lines
from cases.models.reply import Reply
from cases.models.report import ENDED, Question, Report, ReportEvent, ReportPhoto
from cases.models.reward import Reward
from geo.models import Unit
from kit.errors import NotFound

# When a question may still be answered.
ASKED_IN = ("need_more", "accepted", "verifying")
# When a reply may be rated: once it is given, and until the report is closed (R10).
RATED_IN = ("replied",)

# An end that has words of its own, on the entry of the same name.
TOLD = ("redirected", "not_accepted")


OFFERED = ("notified", "claimed", "paid", "forfeited")


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
    told: Reply | None  # the reply that counts
    ending: ReportEvent | None  # where it was sent, or why it was not accepted (R5, R6)
    reward: Reward | None  # once its reporter has been told of it (C11)
    thread: list[Line]  # what the desk and its reporter said to each other


def progress(session: Session, typed_code: str, *, now: datetime) -> Progress:
    """The progress of the report with this code, and what its reporter may do now. Raises Mistyped, UnknownCode."""
    report = by_code(session, typed_code)
    of_report = select(ReportEvent).where(ReportEvent.report_id == report.id).order_by(ReportEvent.seq)
    events = list(session.scalars(of_report))
    question = open_question(session, report, now=now)
    photos = select(ReportPhoto).where(ReportPhoto.report_client_id == report.client_id, ReportPhoto.named)
    return Progress(
        report,
        events,
        question,
        list(session.scalars(photos.order_by(ReportPhoto.client_id))),
        session.get(Unit, report.unit_id) if report.unit_id is not None else None,
        _can(session, report, question, now),
        newest_reply(session, report),
        next((event for event in reversed(events) if event.kind == report.state and event.kind in TOLD), None),
        _reward(session, report),
        lines(session, report, now=now),
    )


def by_code(session: Session, typed_code: str, *, lock: bool = False) -> Report:
    """The report with this code. Raises Mistyped, UnknownCode."""
    statement = select(Report).where(Report.tracking_mark == mark_of(typed_code))
    report = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if report is None:
        raise UnknownCode
    return report


def _reward(session: Session, report: Report) -> Reward | None:
    told = select(Reward).where(Reward.report_id == report.id, Reward.state.in_(OFFERED))
    return session.scalars(told).one_or_none()


def open_question(session: Session, report: Report, *, now: datetime) -> Question | None:
    """The question that waits for the reporter's answer; none once the desk decides on what it has (R3).

    In its time it may be answered though the report went on without: what is immediate does not wait for it (X33).
    """
    if report.state not in ASKED_IN:
        return None
    statement = select(Question).where(Question.report_id == report.id, Question.answered_at.is_(None))
    if report.state != "need_more":
        statement = statement.where(Question.due_at > now)
    return session.scalars(statement.order_by(Question.asked_at.desc()).limit(1)).one_or_none()


def _can(session: Session, report: Report, question: Question | None, now: datetime) -> list[str]:
    moves = sources(REPORT_MOVES, report.state)
    able = ["supplement"] if report.state not in ENDED else []
    able += ["message"] if is_open(report) else []
    able += ["answer"] if question is not None else []
    able += ["rate"] if report.state in RATED_IN else []
    able += ["ask_review"] if may_be_asked(session, report, now) else []
    return [*able, *(["withdraw"] if "withdraw" in moves else []), "retaliation"]
