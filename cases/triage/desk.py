"""The district desk's lists: what waits for a person, whose extract is to be confirmed, whom to reply to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle.replies import is_newest, replies
from cases.lifecycle.thread import Line, lines
from cases.models.case import OVER, Case
from cases.models.reply import Reply, ReviewRequest
from cases.models.report import Answer, Named, Question, Report, ReportCase, ReportPhoto
from cases.routing import Placing, place
from cases.triage.duplicates import Candidate, candidates
from cases.triage.signals import Score, score_of
from cases.wording import Identifier
from people.actors import Actor

# Messages stand in the thread; of retaliation the desk reads nothing (Q9).
ELSEWHERE = ("message", "retaliation")


@dataclass(frozen=True)
class OnTheDesk:
    """A report as the desk sees it, with what helps to decide."""

    report: Report
    placing: Placing
    photos: list[ReportPhoto]
    duplicates: list[Candidate]
    named: list[Identifier]  # what it names, and what its reporter named later
    case_id: UUID | None
    questions: list[Question]
    additions: list[Answer]  # what its reporter sent later, and its answers; messages stand in the thread
    replies: list[Reply]
    thread: list[Line]
    score: Score  # what speaks against its place, to be weighed


def waiting(session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Report]:
    """Reports that wait for a person's look, the next due first; `after` is the last row of the page before."""
    statement = select(Report).where(Report.state.in_(("in_review", "need_more")))
    return _page(session, statement, Report.review_due_at, limit=limit, after=after)


def unheard(session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Report]:
    """Reports whose reporter wrote and waits for an answer, the longest first."""
    statement = select(Report).where(Report.unheard_since.is_not(None))
    return _page(session, statement, Report.unheard_since, limit=limit, after=after)


def to_confirm(session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Report]:
    """Reports whose open case has no extract yet: until then its handlers see no word and no photo (Q2).

    Also those withdrawn meanwhile, for their case goes on (R9).
    """
    statement = (
        select(Report)
        .join(ReportCase)
        .join(Case, Case.id == ReportCase.case_id)
        .where(
            Report.state.in_(("accepted", "verifying", "replied", "withdrawn")),
            ReportCase.opened,
            Case.extract.is_(None),
            Case.state.not_in(OVER),
        )
    )
    return _page(session, statement, Report.review_due_at, limit=limit, after=after)


def to_reply(session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Report]:
    """Reports with a result that is not told yet, a first one or a review's, by when the reply is due (R7, R8)."""
    undecided = exists().where(ReviewRequest.report_id == Report.id, ReviewRequest.result.is_(None))
    untold = or_(Report.state.in_(("accepted", "verifying")), (Report.state == "review_requested") & ~undecided)
    statement = select(Report).where(untold, Report.outcome.is_not(None))
    return _page(session, statement, Report.reply_due_at, limit=limit, after=after)


def dissatisfied(
    session: Session, *, limit: int, now: datetime, after: tuple[datetime, UUID] | None = None
) -> list[Report]:
    """Reports whose reporter is not satisfied with the reply, as long as they are open, the longest told first."""
    low = policy.value(session, "satisfaction", now)["dissatisfied"]
    statement = select(Report).join(Reply, is_newest()).where(Report.state == "replied", Reply.satisfaction <= low)
    return _page(session, statement, Report.replied_at, limit=limit, after=after)


def of_report(session: Session, report: Report, *, now: datetime) -> OnTheDesk:
    """One report with its place, photos, possible duplicates and questions."""
    placing = place(session, report)
    photos = select(ReportPhoto).where(ReportPhoto.report_client_id == report.client_id, ReportPhoto.named)
    questions = select(Question).where(Question.report_id == report.id).order_by(Question.asked_at)
    additions = select(Answer).where(Answer.report_id == report.id, Answer.kind.not_in(ELSEWHERE))
    linked = session.get(ReportCase, report.id)
    same = candidates(session, report, placing.point, now=now)
    same = [each for each in same if linked is None or each.case.id != linked.case_id]
    named = select(Named.kind, Named.value).where(Named.report_id == report.id).order_by(Named.kind, Named.value)
    return OnTheDesk(
        report, placing, list(session.scalars(photos)), same,
        [Identifier(kind, value) for kind, value in session.execute(named)], linked.case_id if linked else None,
        list(session.scalars(questions)), list(session.scalars(additions.order_by(Answer.received_at))),
        replies(session, report), lines(session, report, now=now, for_desk=True),
        score_of(session, report, now=now),
    )  # fmt: skip


def mark_seen(session: Session, report: Report, *, by: Actor, now: datetime) -> None:
    """The first human look stops the review clock (R2)."""
    if report.seen_at is None:
        report.seen_at = now
        trail.record(session, report, Kind.SEEN, by=by, now=now)


def _page(
    session: Session,
    statement: Select[Report],
    due_at: InstrumentedAttribute[Any],
    *,
    limit: int,
    after: tuple[datetime, UUID] | None,
) -> list[Report]:
    if after is not None:
        statement = statement.where(tuple_(due_at, Report.id) > after)
    return list(session.scalars(statement.order_by(due_at, Report.id).limit(limit)))
