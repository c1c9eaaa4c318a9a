"""M67: what is in nobody's hands. Each night it is looked for and written down; a closed loop leaves nothing here.

An open case ends closed, void or with a result from outside (M66): so it has a body, that body has people, and a time
runs for somebody. A case on hold waits for its review date, one tracked outside for its next check.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from cases import access, notices
from cases.lifecycle.closing.enforcement import OPEN_TRACK
from cases.lifecycle.second_look import somebody_is_left
from cases.models.aftercare import LookBack, OrphanList, Review
from cases.models.case import OVER, Case, Clock, Task
from cases.models.handling import Visit
from cases.models.measure import HOLDING, Measure
from cases.models.pause import Hold
from cases.models.penalty import Penalty
from cases.models.referral import Referral
from cases.models.second_look import SecondLook
from people import absences
from people.actors import Actor
from people.models import Account, AccountRole, Org
from people.roles import Role

LIVE = ("open", "signed")
DAY = timedelta(days=1)
GRACE = timedelta(hours=1)  # between two acts of one hour a clock may stop before the next starts


def find_orphans(session: Session, *, now: datetime) -> OrphanList:
    """Look for them and keep what was found, also when it is nothing; the safety office is told where it is not."""
    found = [
        (kind, case)
        for kind, wanted in _questions(now)
        for case in session.scalars(select(Case).where(wanted).order_by(Case.number))
    ]
    found += [("nobody_is_left", case) for case in _stuck(session)]
    items = [
        {"kind": kind, "case_id": str(case.id), "number": case.number, "state": case.state} for kind, case in found
    ]
    row = OrphanList(found_at=now, items=items)
    session.add(row)
    session.flush()
    if items:
        text = f"发现 {len(items)} 项无人负责或者没有期限的事项，请处理"
        notices.tell_safety_office(session, "orphans", text, now=now)
    return row


def orphan_lists(session: Session, *, by: Actor, limit: int, after: int | None = None) -> Sequence[OrphanList]:
    """The newest lists first, from before the list `after`. Raises NotTheOffice."""
    access.only_the_office(by, Role.DISCIPLINE)
    found = select(OrphanList).order_by(OrphanList.id.desc()).limit(limit)
    return session.scalars(found if after is None else found.where(OrphanList.id < after)).all()


def _questions(now: datetime) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Each way to be in nobody's hands. A case not dispatched yet has no body, and a clock of the district's."""
    open_, its = Case.state.not_in(OVER), Case.responsible_org_id
    peopled = exists(Account.id).where(Account.org_id == its, Account.active, Org.id == its, Org.active)
    yield "body_of_nobody", open_ & its.is_not(None) & ~peopled
    leader = aliased(Account)
    leads = exists(AccountRole.account_id).where(
        AccountRole.account_id == leader.id, AccountRole.role.in_((Role.TOWN_LEADER, Role.DEPT_LEADER))
    )
    decides = exists(leader.id).where(leader.org_id == its, leads, ~absences.gone(leader.id, now))
    yield "nobody_decides", open_ & peopled & ~decides
    yield "no_deadline", open_ & (Case.opened_at < now - GRACE) & ~_timed()
    there = exists(Account.id).where(Account.id == Task.person_id, Account.active)
    named = or_(Task.state == "signed", Task.person_id.is_not(None))  # what nobody has signed for has nobody yet
    yield "task_of_nobody", exists(Task.id).where(Task.case_id == Case.id, Task.state.in_(LIVE), named, ~there)
    look = (LookBack.case_id == Case.id, LookBack.opens_at <= now, *_unowned(LookBack, "due", "visiting"))
    yield "look_back_of_nobody", exists().where(*look)
    review = (Review.case_id == Case.id, Review.opened_at <= now - DAY, *_unowned(Review, "requested", "assigned"))
    yield "review_of_nobody", exists().where(*review)
    open_visit = (Visit.case_id == Case.id, Visit.state == "open", Visit.officer_id == Account.id, ~Account.active)
    yield "visit_of_nobody", exists(Visit.id).where(*open_visit)
    held = (Measure.case_id == Case.id, Measure.state.in_(HOLDING), Measure.owner_id == Account.id, ~Account.active)
    yield "measure_of_nobody", exists(Measure.id).where(*held)
    track = (Penalty.case_id == Case.id, Penalty.state.in_(OPEN_TRACK))
    left = exists(Account.id).where(~Account.active, Penalty.officer_ids.contains(func.to_jsonb(Account.id)))
    yield "penalty_of_nobody", exists(Penalty.id).where(*track, left)
    visited = exists().where(Visit.case_id == Case.id, Visit.completed_at.is_not(None))
    elsewhere = exists().where(Referral.case_id == Case.id, Referral.accepted_at.is_not(None))
    yield "closed_unvisited", Case.state.in_(("closed", "look_back")) & ~visited & ~elsewhere  # M19


def _stuck(session: Session) -> list[Case]:
    """A verdict was set aside, and nobody of those who have the case may look anew (X21)."""
    returned = exists().where(SecondLook.case_id == Case.id, SecondLook.state == "returned")
    again = select(Case).where(Case.state == "verifying", or_(Case.reopened_at.is_not(None), returned))
    return [case for case in session.scalars(again.order_by(Case.number)) if not somebody_is_left(session, case)]


def _timed() -> ColumnElement[bool]:
    """A time runs for somebody: a clock, also of the monthly check of what is tracked outside, or a hold's review."""
    runs = exists().where(Clock.case_id == Case.id, Clock.stopped_at.is_(None))
    held = exists().where(Hold.case_id == Case.id, Hold.state == "active")
    return or_(runs, held)


def _unowned(table: Any, *states: str) -> tuple[ColumnElement[bool], ...]:
    """Open, and nobody named for it, or somebody who is gone."""
    there = exists(Account.id).where(Account.id == table.assignee_id, Account.active)
    return (table.state.in_(states), ~there)
