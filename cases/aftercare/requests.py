"""R8, on the reporter's side: which report asked for a review, and what it is told. The case knows none of it (Q1)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import policy, provisional, trail
from cases.aftercare import reviews
from cases.journey import Kind
from cases.models.aftercare import OPEN_REVIEW, Review
from cases.models.case import Case
from cases.models.reply import ReviewRequest
from cases.models.report import Report, ReportCase
from kit.errors import Conflict
from people.actors import SYSTEM, Actor


class NotUnderReview(Conflict):
    """No review that this report asked for is open."""

    code = "review.none_open"
    message = "No review that this report asked for is open."


def open_review(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Have the case of a report that asked for a review looked at anew (R8). Safe to repeat."""
    request = session.get(ReviewRequest, report_id, with_for_update=True)
    linked = session.get(ReportCase, report_id)
    if request is None or linked is None or request.review_id is not None:
        return
    case = session.get_one(Case, linked.case_id, with_for_update=True)
    report = session.get_one(Report, report_id)
    limit = policy.limit(policy.profile(session, report.profile_id), "re_verify", report.urgency)
    # Noted down here where it waits for a calendar: whoever asked by the code could not (D2).
    provisional.due(session, report, "re_verify", start=request.asked_at, now=now)
    request.review_id = reviews.open_or_join(
        session, case, due_at=request.due_at, limit=limit, since=request.asked_at, now=now
    ).id


def settle_reviews(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Carry what was decided over to those who asked: the desk replies to each of them next. Safe to repeat."""
    case = session.get_one(Case, case_id)
    decided = (
        select(ReviewRequest, Review, Report)
        .join(Review, Review.id == ReviewRequest.review_id)
        .join(Report, Report.id == ReviewRequest.report_id)
        .where(Review.case_id == case_id, Review.state.not_in(OPEN_REVIEW), ReviewRequest.result.is_(None))
        .order_by(Report.id)
        .with_for_update(of=Report)
    )
    for request, review, report in session.execute(decided).all():
        request.result, request.decided_at = review.state, review.decided_at
        if report.state != "review_requested":  # withdrawn meanwhile (R9)
            continue
        # Where the facts are verified anew, there is no result to tell before these have been found.
        report.outcome, report.reply_due_at = case.outcome, None
        if case.outcome is not None:
            report.reply_due_at = provisional.due(session, report, "reply", start=now, now=now)
        report.version += 1
        trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=now, stage=f"review_{review.state}")


def give_grounds(session: Session, report: Report, *, text: str, by: Actor, now: datetime) -> Review:
    """Tell the reviewer why, in the desk's own words; the reporter's never leave the desk (Q2). Raises NotUnderReview.

    Where two have asked, the newer grounds are added to the older.
    """
    request = session.get(ReviewRequest, report.id)
    review = session.get(Review, request.review_id) if request is not None and request.review_id else None
    if review is None or review.state not in OPEN_REVIEW:
        raise NotUnderReview
    review.grounds = f"{review.grounds}\n{text}" if review.grounds else text
    report.version += 1
    trail.record(session, report, Kind.GROUNDS_GIVEN, by=by, now=now)
    return review


def requests(
    session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[ReviewRequest, Report]]:
    """What reporters asked to be looked at anew and is not decided, the next due first."""
    found = select(ReviewRequest, Report).join(Report, Report.id == ReviewRequest.report_id)
    found = found.where(ReviewRequest.result.is_(None), Report.state == "review_requested")
    if after is not None:
        found = found.where(tuple_(ReviewRequest.due_at, Report.id) > after)
    rows = session.execute(found.order_by(ReviewRequest.due_at, Report.id).limit(limit))
    return [(request, report) for request, report in rows]
