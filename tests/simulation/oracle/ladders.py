"""Every late clock has told whom it must, once: each rung of D8 at its time, and what stands on it (M74, X53)."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.deadlines import Calendar
from cases.journey import Kind
from cases.ladder import YELLOW, ladder
from cases.models.aftercare import LookBack
from cases.models.case import Case, CaseEvent, Clock, Notice
from cases.models.dispute import Misdispatch
from cases.models.measure import CaseTag
from cases.models.supervision import BulletinEntry, Escalation, Interview, ListingCandidate, UrgeOrder
from cases.supervision import answering, own_lateness
from people.models import AccountRole
from people.roles import Role
from tests.simulation.world import World

AN_HOUR = timedelta(hours=1)  # how often the sweeps look in the play
A_LOOK = 2 * AN_HOUR
ORDERS = {"reminder", "urge_order", "interview"}


def nobody_is_overlooked(session: Session, now: datetime) -> None:
    """Raise AssertionError while a rung of a running clock is due, by how urgent its case is now, and not seen to.

    A look-back that was drawn just now counts from the closing, long ago: the sweep has still to come to it.
    """
    drawn_now = exists().where(LookBack.id == Clock.about_id, LookBack.created_at >= now - A_LOOK)
    told, share, calendar = _rules(session, now)
    running = select(Clock, Case.urgency, Case.number).join(Case, Case.id == Clock.case_id)
    before = dict(session.execute(select(Clock.id, Clock.continues_id)).all())  # type: ignore[arg-type]
    fired = set(session.execute(select(Escalation.clock_id, Escalation.rung)).all())
    reworked = _reworked(session)
    missed = [
        (clock.kind, number, rung)
        for clock, urgency, number in session.execute(running.where(Clock.stopped_at.is_(None), ~drawn_now))
        if clock.kind != "rectify" or clock.case_id not in reworked
        for rung in ladder(told, urgency, clock.started_at, clock.due_at, calendar, share=share)
        if rung.at <= now - A_LOOK and not fired & {(each, rung.name) for each in _line(clock.id, before)}
    ]
    assert missed == [], now


def _rules(session: Session, now: datetime) -> tuple[Any, float, Calendar]:
    """The ladder, the share of yellow and the calendar of a moment."""
    told = policy.value(session, "escalation_ladder", now)
    return told, policy.value(session, "yellow_share", now), policy.calendar(session, now)


def each_rung_was_seen_to(session: Session, world: World, end: datetime) -> None:
    """Raise AssertionError for a rung that came early, late or never, or when no clock was ever red."""
    told, share, calendar = _rules(session, end)
    fired = {(row.clock_id, row.rung): row for row in session.scalars(select(Escalation))}
    before = dict(session.execute(select(Clock.id, Clock.continues_id)).all())  # type: ignore[arg-type]
    late, reworked = 0, _reworked(session)
    for clock, urgencies in _clocks(session):
        until = clock.stopped_at or end
        if clock.kind == "rectify":
            until = min(until, reworked.get(clock.case_id, until))
        line = _line(clock.id, before)
        for rung in _rungs(told, urgencies, clock, calendar, share):
            seen = [fired[each, rung.name] for each in line if (each, rung.name) in fired]
            if rung.at <= until - A_LOOK:
                late += rung.name != YELLOW
                assert len(seen) == 1, (clock.kind, clock.case_id, rung, seen)
    assert late > 0


def _reworked(session: Session) -> dict[UUID, datetime]:
    """Since when each case was done again: from then on its rework's time is urged, and not the order's (T14)."""
    since = select(Clock.case_id, func.min(Clock.started_at)).where(Clock.kind == "rework")
    return dict(session.execute(since.group_by(Clock.case_id)).all())  # type: ignore[arg-type]


def _clocks(session: Session) -> list[tuple[Clock, str]]:
    """Clocks of cases whose urgency has been the same all the time: others' ladders changed on the way."""
    found = select(Clock, Case.urgency).join(Case, Case.id == Clock.case_id)
    grown = select(Case.id).where(
        (Case.reopen_count > 0) | (func.cardinality(Case.circumstances) > 0)
        | Case.id.in_(select(CaseTag.case_id)) | Case.id.in_(select(Misdispatch.case_id))
    )  # fmt: skip
    return [(clock, urgency) for clock, urgency in session.execute(found.where(Case.id.not_in(grown)))]


def _rungs(told, urgency, clock, calendar, share):  # type: ignore[no-untyped-def]
    if clock.extended_at is not None:
        return []  # its end was another one for a time
    return ladder(told, urgency, clock.started_at, clock.due_at, calendar, share=share)


def _line(clock_id: int, before: dict[int, int | None]) -> list[int]:
    """The clock, and those whose remaining time it runs: what they told is not told again (D8)."""
    line = [clock_id]
    while (earlier := before[line[-1]]) is not None:
        line.append(earlier)
    return line


def each_told_whom_it_must(session: Session, world: World) -> None:
    """Raise AssertionError where somebody was told twice, or what stands on a rung is missing."""
    rows = session.execute(select(Notice.org_id, Notice.account_id, Notice.case_id, Notice.kind, Notice.text,
                                  Notice.created_at)).all()  # fmt: skip
    twice = [row for row, count in Counter(rows).items() if count > 1]
    assert not twice, twice[:5]
    at = {(row.case_id, row.created_at) for row in rows}
    leaders = select(AccountRole.account_id).where(AccountRole.role.in_((Role.TOWN_LEADER, Role.DEPT_LEADER)))
    led = set(session.scalars(leaders))
    heard = {(row.case_id, row.created_at) for row in rows if row.account_id in led}
    issued = Counter(
        session.execute(select(UrgeOrder.clock_id, UrgeOrder.level).where(UrgeOrder.issued_by.is_(None))).all()
    )  # fmt: skip
    against = _against(session)
    for escalation, clock in session.execute(select(Escalation, Clock).join(Clock, Clock.id == Escalation.clock_id)):
        when = (escalation.case_id, escalation.fired_at)
        if escalation.rung == YELLOW and escalation.fired_at >= clock.due_at:
            continue
        assert when in at, (escalation.rung, clock.kind, clock.org_id, when)
        ran = against[clock.case_id, clock.kind, escalation.rung]  # a look-back that nobody has yet is the office's
        own = {None, world.office.id} & {clock.org_id, *ran} and clock.kind in own_lateness.KINDS
        waited = clock.org_id is None and clock.task_id is None and world.office.id in ran
        if own or waited or clock.kind == "dispatch":
            continue
        if escalation.rung == "alert":
            assert when in heard, (clock.kind, escalation.rung)
        if escalation.rung in ORDERS:
            assert issued[escalation.clock_id, escalation.rung] >= 1, (clock.kind, escalation.rung)
    assert not [key for key, count in issued.items() if count > 1 and key[1] != "urge_order"]


def _against(session: Session) -> dict[tuple[UUID, str, str], set[int | None]]:
    """Whom the time of each kind ran against when a rung was reached, as the case's trail tells (X53)."""
    told = select(CaseEvent).where(CaseEvent.kind.in_((str(Kind.OVERDUE), str(Kind.ESCALATED))))
    found: dict[tuple[UUID, str, str], set[int | None]] = defaultdict(set)
    for row in session.scalars(told.order_by(CaseEvent.id)):
        found[row.case_id, row.body["clock"], row.body["rung"]].add(row.body["org"])
    return found


def nobody_pays_for_another(session: Session, world: World) -> None:
    """X53, M111: candidates by the lateness of their own body; nothing against the district by itself."""
    against = _against(session)
    by_clock = select(ListingCandidate, Clock, Case.responsible_org_id).join(
        Clock, Clock.id == ListingCandidate.clock_id
    )
    for candidate, clock, org_id in session.execute(by_clock.join(Case, Case.id == ListingCandidate.case_id)):
        assert clock.kind not in own_lateness.KINDS or clock.org_id not in {None, world.office.id}, candidate.reason
        assert clock.org_id in {None, org_id}, (clock.kind, clock.org_id, org_id)
        if clock.kind in answering.BY_TURN and candidate.reason == "ladder":
            assert org_id in against[clock.case_id, clock.kind, "listing_candidate"], clock.case_id
    for table in (Interview, BulletinEntry):
        for kind in session.scalars(
            select(Clock.kind).join(UrgeOrder, UrgeOrder.clock_id == Clock.id).where(
                UrgeOrder.org_id == world.office.id, table.org_id == world.office.id, UrgeOrder.case_id == table.case_id
            )
        ):  # fmt: skip
            assert kind == "dispatch", table.__tablename__
