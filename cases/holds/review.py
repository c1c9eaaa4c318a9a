"""T19, D6: what time does to a hold: its offices are told that its review is near, and then it ends by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy import case as case_of
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.holds import offices
from cases.holds.decide import go_on
from cases.holds.request import OPEN
from cases.lifecycle import beside
from cases.lifecycle.hold import HOLD_MOVES, LIVE, WAITING, has_lapsed, is_over
from cases.models.case import OVER, Case, Task
from cases.models.pause import Hold
from people.actors import SYSTEM
from people.models import Account

AT_ONCE = 500


def find_reviewable(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Cases whose hold is over or near its review, and those with a request that nobody may approve any more."""
    near = Hold.told_at.is_(None) & (Hold.review_at <= now + _notice(session, now))
    over = or_(Hold.review_at <= now, Case.urgency == "immediate")
    lapsed = or_(Case.state.not_in(WAITING), Case.responsible_org_id.is_distinct_from(Account.org_id))
    lapsed = case_of((Hold.task_id.is_(None), lapsed), else_=Case.state.in_(OVER) | (Task.org_id != Account.org_id))
    found = (
        select(Hold.case_id)
        .join(Case, Case.id == Hold.case_id)
        .join(Account, Account.id == Hold.requested_by)
        .outerjoin(Task, Task.id == Hold.task_id)
        .where(
            Hold.state.in_(OPEN),
            or_(
                over, Task.state.not_in(LIVE), and_(Hold.state == "active", near),
                and_(Hold.state == "requested", lapsed),
            ),
        )
    )  # fmt: skip
    return list(dict.fromkeys(session.scalars(found.order_by(Hold.review_at).limit(AT_ONCE))))


def review(session: Session, case: Case, *, now: datetime) -> None:
    """See to the open holds of a locked case, its own and those of departments.

    Safe to repeat, and as good late as in time.
    """
    open_ = select(Hold).where(Hold.case_id == case.id, Hold.state.in_(OPEN))
    for hold in session.scalars(open_.order_by(Hold.task_id.is_not(None), Hold.requested_at, Hold.id)).all():
        _review(session, case, hold, now=now)


def _review(session: Session, case: Case, hold: Hold, *, now: datetime) -> None:
    if hold.state == "requested":
        if has_lapsed(session, case, hold, now=now):
            beside.move(session, case, hold, HOLD_MOVES["lapse"], by=SYSTEM, now=now, writes_={"ended_at": now})
            offices.tell_who_asked(session, case, hold, "hold_decided", "缓办申请已失效", now=now)
    elif is_over(session, case, hold, now=now):
        go_on(session, case, hold, "run_out", comment="", by=SYSTEM, now=now)
    elif hold.told_at is None and hold.review_at <= now + _notice(session, now):
        hold.told_at = now
        text = f"缓办将于{deadlines.last_day(hold.review_at)}到期，请复查"
        offices.tell(session, case, hold, "hold_review_near", text, now=now)


def _notice(session: Session, now: datetime) -> timedelta:
    return timedelta(days=policy.value(session, "hold_notice_days", now))
