"""Deadlines that waited for a calendar (D2, X09): counted again once it is known, never earlier than they were shown.

Only provisional clocks are counted again; every other keeps what was pinned at its start (D4, X13).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cases import clocks, deadlines, notices, policy, trail
from cases.deadlines import Calendar, Due
from cases.journey import Kind
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case, Clock, Notice, Task
from cases.models.pause import Pause
from cases.models.policy import CalendarYear
from cases.models.second_look import DecisionTask
from cases.models.supervision import UrgeOrder
from cases.supervision import owed, urging
from kit.clock import LOCAL_ZONE
from people.actors import SYSTEM

AT_ONCE = 500
ERRANDS = ("look_back", "re_verify")  # their task has the id of what it is about
STANDS: Mapping[str, type[Any]] = {"decision": DecisionTask, "look_back": LookBack, "re_verify": Review}
AGAIN_AFTER = timedelta(days=7)


def find_recountable(session: Session, *, now: datetime) -> list[UUID]:
    """Cases with something provisional that the calendar of today makes certain.

    A running clock, an order to be answered, an interview or an entry that the safety office owes.
    """
    calendar = policy.calendar(session, now)
    found: dict[UUID, None] = {}
    for clock, _ in waiting(session):
        if len(found) < AT_ONCE and not counted(session, clock, calendar).provisional:
            found[clock.case_id] = None
    for order in session.scalars(_orders()):
        if len(found) < AT_ONCE and not urging.counted(session, order, calendar).provisional:
            found[order.case_id] = None
    for thing, due in owed.waiting(session, calendar):
        if len(found) < AT_ONCE and not due.provisional:
            found[thing.case_id] = None
    return list(found)


def waiting(session: Session) -> Iterator[tuple[Clock, str]]:
    """Every running clock that waits for a calendar, with the number of its case."""
    found = select(Clock, Case.number).join(Case, Case.id == Clock.case_id)
    found = found.where(Clock.provisional, Clock.stopped_at.is_(None)).order_by(Clock.id)
    yield from session.execute(found.execution_options(yield_per=1000))


def recount(session: Session, case: Case, *, now: datetime) -> None:
    """Count the provisional clocks of a locked case again, when its urge orders are to be answered, and what is owed.

    An entry says from when to when. Safe to repeat.
    """
    calendar = policy.calendar(session, now)
    for order in session.scalars(_orders().where(UrgeOrder.case_id == case.id).with_for_update()).all():
        again = urging.counted(session, order, calendar)
        if not again.provisional:
            order.reply_due_at = deadlines.recompute(Due(order.reply_due_at), again).due_at
            order.provisional = False
    for thing, due in owed.waiting(session, calendar):
        if thing.case_id == case.id and not due.provisional:
            thing.due_at, thing.provisional = deadlines.recompute(Due(thing.due_at), due).due_at, False
    for clock in [*clocks.running(session, case), *clocks.beside(session, case)]:
        if not clock.provisional:
            continue
        shown, new = Due(clock.due_at, provisional=True), counted(session, clock, calendar)
        if new.provisional:
            continue
        due = deadlines.recompute(shown, new)
        moved = clock.original_due_at == clock.due_at
        clocks.set_due(session, case, clock, due, original=moved)
        _say_so(session, clock, due)
        trail.record(
            session, case, Kind.RECOUNTED, by=SYSTEM, now=now,
            clock=clock.kind, was=shown.due_at.isoformat(), until=due.due_at.isoformat(),
        )  # fmt: skip


def _say_so(session: Session, clock: Clock, due: Due) -> None:
    """Where the date of a clock stands elsewhere as well: on what it is about, and on the errand that was given."""
    table = STANDS.get(clock.kind)
    thing = session.get(table, clock.about_id) if table is not None else None
    if thing is not None:
        thing.due_at = due.due_at
    errand = session.get(Task, clock.about_id) if clock.kind in ERRANDS else None
    if errand is not None:
        errand.due_at = due.due_at


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


def _orders() -> Select[UrgeOrder]:
    return select(UrgeOrder).where(UrgeOrder.provisional, UrgeOrder.state == "issued").order_by(UrgeOrder.issued_at)


def counted(session: Session, clock: Clock, calendar: Calendar) -> Due:
    """The clock's own length again under the calendar; a date that an act has set, or what remained of one, stays.

    What an overlay has shortened ends no later than without it (D10). What stood still under a hold goes on for what
    was left of it (D6).
    """
    if clock.amount == 0 or clock.extended_at is not None:
        return Due(clock.due_at)
    if clock.continues_id is not None:
        stood = session.get(Pause, clock.continues_id)
        if stood is None or stood.to_at is None:
            return Due(clock.due_at)
        return deadlines.continued(
            stood.due_before, clock.unit, calendar, paused_at=stood.from_at, resumed_at=stood.to_at
        )  # fmt: skip
    if clock.full_amount is None or clock.full_unit is None:
        return _by_the_profile(session, clock, clock.amount, clock.unit, calendar)
    due = deadlines.add(clock.started_at, clock.amount, clock.unit, calendar)
    full = _by_the_profile(session, clock, clock.full_amount, clock.full_unit, calendar)
    return Due(min(due.due_at, full.due_at), due.provisional)


def _by_the_profile(session: Session, clock: Clock, amount: int, unit: str, calendar: Calendar) -> Due:
    profile, own = policy.profile(session, clock.profile_id), (clock.kind, amount, unit)
    roll = any(rule.roll for rule in profile.rules if (rule.clock, rule.amount, rule.unit) == own)
    return deadlines.add(clock.started_at, amount, unit, calendar, roll=roll)


def _is_published(session: Session, year: int) -> bool:
    return bool(session.scalar(select(CalendarYear.published).where(CalendarYear.year == year)))
