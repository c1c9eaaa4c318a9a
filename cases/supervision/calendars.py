"""Deadlines that waited for a calendar (D2, X09): counted again once it is known, never earlier than they were shown.

Only provisional clocks are counted again; every other keeps what was pinned at its start (D4, X13).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, deadlines, notices, policy, trail
from cases.deadlines import Calendar, Due
from cases.journey import Kind
from cases.models.case import Case, Clock, Notice
from cases.models.policy import CalendarYear
from kit.clock import LOCAL_ZONE
from people.actors import SYSTEM

AT_ONCE = 500
AGAIN_AFTER = timedelta(days=7)


def find_recountable(session: Session, *, now: datetime) -> list[UUID]:
    """Cases with a running provisional clock that the calendar of today makes certain."""
    calendar = policy.calendar(session, now)
    waiting = select(Clock).where(Clock.provisional, Clock.stopped_at.is_(None)).order_by(Clock.id)
    found: dict[UUID, None] = {}
    for clock in session.scalars(waiting.execution_options(yield_per=1000)):
        if len(found) < AT_ONCE and not _counted(session, clock, calendar).provisional:
            found[clock.case_id] = None
    return list(found)


def recount(session: Session, case: Case, *, now: datetime) -> None:
    """Count the provisional clocks of a locked case again; an entry says from when to when (D2). Safe to repeat."""
    calendar = policy.calendar(session, now)
    for clock in [*clocks.running(session, case), *clocks.beside(session, case)]:
        if not clock.provisional:
            continue
        shown, new = Due(clock.due_at, provisional=True), _counted(session, clock, calendar)
        if new.provisional:
            continue
        due = deadlines.recompute(shown, new)
        moved = clock.original_due_at == clock.due_at
        clocks.set_due(session, case, clock, due, original=moved)
        trail.record(
            session, case, Kind.RECOUNTED, by=SYSTEM, now=now,
            clock=clock.kind, was=shown.due_at.isoformat(), until=due.due_at.isoformat(),
        )  # fmt: skip


def warn(session: Session, *, now: datetime) -> None:
    """Tell the district, weekly, that next year's calendar is missing from the policy's day on (X09)."""
    today = now.astimezone(LOCAL_ZONE).date()
    month, day = policy.value(session, "calendar_expected_from", now)
    year = today.year + 1
    if (today.month, today.day) < (month, day) or _is_published(session, year):
        return
    told = select(Notice.id).where(Notice.kind == "calendar_missing", Notice.created_at > now - AGAIN_AFTER)
    if session.scalars(told.limit(1)).first() is not None:
        return
    notices.tell_district(
        session, "calendar_missing", f"{year}年放假安排尚未录入，跨年期限暂按周末推算，请及时录入", now=now
    )


def _counted(session: Session, clock: Clock, calendar: Calendar) -> Due:
    """The clock's own length again under the calendar; a date that an act has set, or what remained of one, stays."""
    if clock.amount == 0 or clock.continues_id is not None or clock.extended_at is not None:
        return Due(clock.due_at)
    profile = policy.profile(session, clock.profile_id)
    own = (clock.kind, clock.amount, clock.unit)
    roll = any(rule.roll for rule in profile.rules if (rule.clock, rule.amount, rule.unit) == own)
    return deadlines.add(clock.started_at, clock.amount, clock.unit, calendar, roll=roll)


def _is_published(session: Session, year: int) -> bool:
    return bool(session.scalar(select(CalendarYear.published).where(CalendarYear.year == year)))
