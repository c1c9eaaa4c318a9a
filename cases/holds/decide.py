"""T19: the safety office holds a case or does not, looks at it again in time, and lets it go on."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from cases import deadlines, pauses
from cases.holds import offices
from cases.lifecycle import beside
from cases.lifecycle import case as case_machine
from cases.lifecycle.hold import HOLD_MOVES
from cases.models.case import Case
from cases.models.pause import Hold
from people.actors import Actor


def approve_hold(session: Session, case: Case, hold: Hold, *, comment: str, by: Actor, now: datetime) -> Hold:
    """Set a locked case aside until the review date; the clocks of its handling stand still (D6).

    Where a department asked, only what it has to answer stands still, and its case goes on.

    Raises SamePerson, HoldOver, NotHoldable, NeverPaused, Undecided.
    """
    written = {
        "decided_by": by.account_id, "decided_at": now, "comment": comment or None, "from_state": case.state,
    }  # fmt: skip
    _move(session, case, hold, "approve", by=by, now=now, writes_=written)
    if hold.task_id is None:
        case_machine.move(session, case, "hold", by=by, now=now, trail_={"reason": hold.reason_code})
    pauses.pause(session, case, hold, now=now)
    text = f"缓办已批准，至{deadlines.last_day(hold.review_at)}复查"
    offices.tell(session, case, hold, "hold_decided", text, now=now)
    return hold


def refuse_hold(session: Session, case: Case, hold: Hold, *, comment: str, by: Actor, now: datetime) -> Hold:
    """The case goes on, and no time was lost: none stood still. Raises SamePerson, Incomplete."""
    written = {"decided_by": by.account_id, "decided_at": now, "comment": comment}
    _move(session, case, hold, "refuse", by=by, now=now, comment=comment, writes_=written)
    offices.tell_who_asked(session, case, hold, "hold_decided", "缓办申请未批准", now=now)
    return hold


def renew_hold(
    session: Session, case: Case, hold: Hold, *, review_on: date, comment: str, by: Actor, now: datetime
) -> Hold:
    """Looked at again before its review date: it goes on to a later one. Raises HoldOver, ReviewOutOfRange."""
    review_at = deadlines.end_of(review_on)
    written = {"review_at": review_at, "renewals": hold.renewals + 1, "told_at": None}
    _move(session, case, hold, "renew", by=by, now=now, comment=comment, review_at=review_at, writes_=written)
    pauses.show_review(session, case, hold, now=now)
    offices.tell(session, case, hold, "hold_decided", f"缓办延续至{review_on}复查", now=now)
    return hold


def end_hold(session: Session, case: Case, hold: Hold, *, comment: str, by: Actor, now: datetime) -> Hold:
    """The reason is gone: the case goes on from where it was. Raises NotInState, Incomplete."""
    go_on(session, case, hold, "end", comment=comment, by=by, now=now)
    return hold


def go_on(session: Session, case: Case, hold: Hold, move: str, *, comment: str, by: Actor, now: datetime) -> None:
    """End a hold by the named move: the case is back where it was, and its clocks run from now, or from the review.

    A department's case never left, so only its own clock goes on.

    The review date counts, not when somebody came to look: a beat that was dead gives nobody time (D6).
    """
    since = min(now, hold.review_at)
    written = {"ended_by": by.account_id, "ended_at": since, "end_note": comment or None}
    _move(session, case, hold, move, by=by, now=now, comment=comment, writes_=written)
    if hold.task_id is None:
        case_machine.move(
            session, case, "resume", by=by, now=now, back_to=hold.from_state, trail_={"since": since.isoformat()}
        )
    pauses.resume(session, case, hold, at=since)
    offices.tell(session, case, hold, "hold_ended", "缓办结束，时限恢复计算", now=now)


def _move(session: Session, case: Case, hold: Hold, name: str, *, by: Actor, now: datetime, **facts: object) -> None:
    review_at = facts.get("review_at", hold.review_at)
    told = {"review_at": review_at.isoformat()} if isinstance(review_at, datetime) else {}
    told |= offices.of_whom(session, hold)
    comment = facts.get("comment")
    if comment:
        told["comment"] = str(comment)
    beside.move(session, case, hold, HOLD_MOVES[name], by=by, now=now, trail_=told, **facts)
