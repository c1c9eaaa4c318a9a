"""R8: a case is looked at anew by other people, because a reporter asked. One review at a time, whoever asked (X42)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, ties
from cases.aftercare import errands
from cases.aftercare.reopening import Grounds, reopen
from cases.lifecycle import beside
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.review import REVIEW_MOVES
from cases.models.aftercare import OPEN_REVIEW, Review
from cases.models.case import Case
from kit.errors import NotFound
from people.actors import SYSTEM, Actor
from people.roles import Role

AGAIN = CASE_MOVES["reopen"].source | CASE_MOVES["redo"].source


class NoSuchReview(NotFound):
    """This case has no such review, or it is not for this actor."""

    code = "review.unknown"


def find_review(session: Session, case: Case, review_id: UUID) -> Review:
    """One review of a locked case. Raises NoSuchReview."""
    found: Review = beside.find(session, case, Review, review_id, NoSuchReview)
    return found


def open_or_join(
    session: Session, case: Case, *, due_at: datetime, limit: policy.Limit, since: datetime, now: datetime
) -> Review:
    """The open review of a locked case; a new one, of which the safety office is told, where there is none.

    It is due when its `limit` ends that began `since` it was asked for.
    """
    known = select(Review).where(Review.case_id == case.id, Review.state.in_(OPEN_REVIEW))
    review = session.scalars(known).one_or_none()
    if review is not None:
        return review
    review = Review(id=uuid4(), case_id=case.id, state=beside.NEW, version=0, opened_at=now, due_at=due_at)
    _move(session, case, review, "open", by=SYSTEM, now=now, trail_={"until": due_at.isoformat()})
    session.add(review)
    session.flush()
    clocks.start_beside(session, case, "re_verify", about=review.id, org_id=None, limit=limit, now=since)
    text = f"案件 {case.number}：请指定未经办人员重新核查"
    notices.tell_safety_office(session, "review_opened", text, now=now, case_id=case.id)
    return review


def assign(session: Session, case: Case, review: Review, *, account_id: int, by: Actor, now: datetime) -> Review:
    """Name who makes the review, or somebody else instead. Raises NotAble, SamePerson, NotInState, NotYourRole."""
    who = errands.somebody(session, account_id)
    ties.screen(session, case, {who.id})
    written = {
        "org_id": who.org_id, "assignee_id": who.id, "assigned_by": by.account_id, "assigned_at": now,
        "left_told_at": None,
    }  # fmt: skip
    _move(session, case, review, "assign", by=by, now=now, who=who, writes_=written)
    clocks.give_to(session, case, "re_verify", about=review.id, org_id=who.org_id)
    errands.give(session, case, review.id, "review", who, due_at=review.due_at, now=now)
    return review


def uphold(
    session: Session,
    case: Case,
    review: Review,
    *,
    finding: str,
    by: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> Review:
    """R8: the reporter was right. What had ended, or was about to, is done again (T18); what is in hand goes on.

    Raises NotYourReview, SamePerson, Incomplete, DueOutOfRange.
    """
    _decide(session, case, review, "uphold", finding=finding, by=by, now=now)
    if case.state in AGAIN:
        grounds = Grounds("review_upheld", finding, due_at=due_at, review_id=review.id, found_by=by.account_id)
        reopen(session, case, grounds, by=SYSTEM, now=now)
    elif case.responsible_org_id is not None:
        text = f"案件 {case.number}：复核认为原处理不当，请按复核意见办理"
        notices.tell(session, case.responsible_org_id, "review_upheld", text, now=now, case_id=case.id)
    return review


def dismiss(session: Session, case: Case, review: Review, *, finding: str, by: Actor, now: datetime) -> Review:
    """R8: it had been handled well. Raises NotYourReview, SamePerson, Incomplete."""
    return _decide(session, case, review, "dismiss", finding=finding, by=by, now=now)


def waiting(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Review, Case]]:
    """Open reviews, the next due first: all of them for the safety office, their own for others."""
    found = select(Review, Case).join(Case, Case.id == Review.case_id)
    found = found.where(Review.state.in_(OPEN_REVIEW), ties.untied_to(by))
    if not by.has(Role.SAFETY_OFFICE):
        found = found.where(Review.assignee_id == by.account_id)
    if after is not None:
        found = found.where(tuple_(Review.due_at, Review.id) > after)
    rows = session.execute(found.order_by(Review.due_at, Review.id).limit(limit))
    return [(review, case) for review, case in rows]


def _decide(
    session: Session, case: Case, review: Review, move: str, *, finding: str, by: Actor, now: datetime
) -> Review:
    written = {"finding": finding, "decided_at": now}
    _move(session, case, review, move, by=by, now=now, finding=finding, writes_=written, trail_={"finding": finding})
    errands.end(session, review.id, "done_after", by=by, now=now)
    return review


def _move(
    session: Session, case: Case, review: Review, move: str, *, by: Actor, now: datetime, **facts: object
) -> None:
    beside.move(session, case, review, REVIEW_MOVES[move], by=by, now=now, **facts)
