"""Climbing the ladder of a missed deadline (D8), a case's clocks one by one.

A rung is seen to once for each clock: its row in `escalation` is the proof. So it does not matter how often anybody
looks, how many look at once, or for how long nobody did.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import clocks, policy, trail
from cases.journey import Kind
from cases.ladder import A_MOMENT, NEVER, Rung, ladder, outstanding
from cases.models.case import Case, Clock
from cases.models.supervision import Escalation
from cases.supervision import answering, rungs
from people import leaders
from people.actors import SYSTEM


def climb(session: Session, case: Case, *, now: datetime) -> None:
    """See to every rung that the running clocks of a locked case have reached, each once and in order (D8).

    One matter is urged by one time: while it is done again by that of the rework, not by the order's as well.
    """
    own = clocks.running(session, case)
    climbing = clocks.given(own)
    for clock in own:
        if clock not in climbing:
            clock.ladder_at = NEVER
    for clock in [*climbing, *clocks.beside(session, case)]:
        if clock.ladder_at is None or clock.ladder_at <= now:
            _climb(session, case, clock, now=now)


def _climb(session: Session, case: Case, clock: Clock, *, now: datetime) -> None:
    steps = ladder(
        policy.value(session, "escalation_ladder", clock.started_at), case.urgency, clock.started_at, clock.due_at,
        policy.calendar(session, now), share=policy.value(session, "yellow_share", clock.started_at),
    )  # fmt: skip
    due, clock.ladder_at = outstanding(steps, _fired(session, clock), now=now)
    for rung in due:
        _see_to(session, case, clock, rung, now=now)
    session.flush()


def _fired(session: Session, clock: Clock) -> frozenset[str]:
    """What this clock has reached, and those whose remaining time it runs: a hold does not begin the ladder again."""
    line = [clock.id]
    before = clock.continues_id
    while before is not None:
        line.append(before)
        before = session.scalars(select(Clock.continues_id).where(Clock.id == before)).one()
    return frozenset(session.scalars(select(Escalation.rung).where(Escalation.clock_id.in_(line))))


def _see_to(session: Session, case: Case, clock: Clock, rung: Rung, *, now: datetime) -> None:
    org_id = answering.body(session, case, clock)
    # 24:00 belongs to the day that it ends, and so does who answered for the body then (M05, X11).
    who = leaders.told(leaders.at(session, org_id, rung.at - A_MOMENT)) if org_id is not None else []
    row = {"clock_id": clock.id, "rung": rung.name, "case_id": case.id, "reached_at": rung.at, "fired_at": now}
    new = insert(Escalation).values(**row, leaders=who).on_conflict_do_nothing().returning(Escalation.rung)
    if session.scalars(new).first() is None:
        return
    kind = Kind.OVERDUE if rung.at == clock.due_at else Kind.ESCALATED
    trail.record(
        session, case, kind, by=SYSTEM, now=now,
        clock=clock.kind, rung=rung.name, reached_at=rung.at.isoformat(), org=org_id,
        leaders=[each["name"] for each in who],
    )  # fmt: skip
    if rung.at == clock.due_at:
        clock.overdue_noted_at = now
    rungs.see_to(session, rungs.Reached(case, clock, rung.name, rung.to, org_id, who), now=now)
