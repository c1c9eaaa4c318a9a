"""The life of a review as a table (R8): opened because a reporter asked, given to other people, upheld or dismissed.

The request itself, and who made it, stay with the report: the handling side knows that a case is looked at anew.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.journey import Kind
from cases.lifecycle import handlers
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.look_back import LOOKERS
from cases.lifecycle.replies import newest_reply
from cases.models.aftercare import Review
from cases.models.case import Case
from cases.models.reply import ReviewRequest
from cases.models.report import Report
from kit.errors import Conflict, NotAllowed
from people import persons
from people.actors import Actor
from people.models import Account
from people.roles import Role

_OFFICE = frozenset({Role.SAFETY_OFFICE})


class NotYourReview(NotAllowed):
    """Only the person whom the safety office has named decides."""

    code = "review.not_yours"
    message = "Somebody else has been asked to make this review."


class ReviewOpen(Conflict):
    """Who asked for a review is answered when it is decided (R8)."""

    code = "report.review_open"
    message = "The review that the reporter asked for is not decided yet."


def other_people(*, session: Session, case: Case, who: Account, **_: Any) -> None:
    """R8, C2: no person who had a hand in it, then or since, and nobody of a body that handles it."""
    had_a_hand = handlers.people(session, case) | handlers.afterwards(session, case)
    if persons.meet(session, who.id, had_a_hand) or who.org_id in handlers.bodies(session, case):
        raise SamePerson("A review is made by people and a body that had no hand in the case.")


def yours(*, session: Session, case: Case, thing: Review, by: Actor, **_: Any) -> None:
    """R8: the person who was named, and who has kept out of the case since."""
    if thing.assignee_id is None or by.account_id != thing.assignee_id:
        raise NotYourReview
    if by.is_person(*handlers.people(session, case)):
        raise SamePerson("Whoever has had a hand in the case since then does not decide about it.")


def reasoned(*, finding: str, **_: Any) -> None:
    """R8: what was found at the new look."""
    if not finding.strip():
        raise Incomplete("Say what was found.", missing=["finding"], pointer="/finding")


def may_be_asked(session: Session, report: Report, now: datetime) -> bool:
    """R8: within the days that the reply gave for it, and once."""
    told = newest_reply(session, report) if report.state == "replied" else None
    return told is not None and now <= told.review_until and session.get(ReviewRequest, report.id) is None


def until(session: Session, report: Report, clock: str, since: datetime, now: datetime) -> datetime:
    """When a limit of the report's profile ends that began at `since`."""
    limit = policy.limit(policy.profile(session, report.profile_id), clock, report.urgency)
    return deadlines.add(since, limit.amount, limit.unit, policy.calendar(session, now), roll=limit.roll).due_at


def decided_first(session: Session, report: Report) -> None:
    """R8: the reply to a review tells what it found. Raises ReviewOpen."""
    undecided = select(ReviewRequest.report_id).where(
        ReviewRequest.report_id == report.id, ReviewRequest.result.is_(None)
    )
    if report.state == "review_requested" and session.scalar(undecided) is not None:
        raise ReviewOpen


REVIEW_MOVES: dict[str, BesideMove] = {
    "open": BesideMove("R8", frozenset({NEW}), "requested", system=True, entry=Kind.REVIEW_OPENED),
    "assign": BesideMove(
        "R8", frozenset({"requested", "assigned"}), "assigned", _OFFICE, guards=(other_people,),
        entry=Kind.REVIEW_ASSIGNED,
    ),
    "uphold": BesideMove(
        "R8", frozenset({"assigned"}), "upheld", LOOKERS, guards=(yours, reasoned), entry=Kind.REVIEW_UPHELD,
        stops=("re_verify",),
    ),
    "dismiss": BesideMove(
        "R8", frozenset({"assigned"}), "dismissed", LOOKERS, guards=(yours, reasoned), entry=Kind.REVIEW_DISMISSED,
        stops=("re_verify",),
    ),
}  # fmt: skip
