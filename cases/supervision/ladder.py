"""The ladder of a missed deadline (D8): which rung is due when, as pure rules over values, and climbing it.

A rung is reached by time alone and seen to once for each clock: its row in `escalation` is the proof. So it does not
matter how often anybody looks, how many look at once, or for how long nobody did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import clocks, deadlines, policy, trail
from cases.deadlines import Calendar, Unit
from cases.journey import Kind
from cases.models.case import Case, Clock
from cases.models.supervision import Escalation
from cases.supervision import answering, rungs
from people import leaders
from people.actors import SYSTEM

YELLOW = "yellow"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
DAYS = frozenset({Unit.WORK_D, Unit.CAL_D})


@dataclass(frozen=True)
class Rung:
    """One step of the ladder with the instant from which it is due; `to` names who is told."""

    name: str
    at: datetime
    to: tuple[str, ...]


def ladder(
    told: Mapping[str, Any], urgency: str, started_at: datetime, due_at: datetime, calendar: Calendar, *, share: float
) -> list[Rung]:
    """Every rung of a clock, the first first: yellow, then the steps of the policy value `told` for this urgency (D8).

    The day in which the deadline ends is day 0 of those that follow, also when it ends at 24:00 (D1).
    """
    steps = told.get(urgency, told["default"])
    yellow = Rung(YELLOW, deadlines.yellow_from(started_at, due_at, share), ("assignee",))
    return [yellow] + [
        Rung(step["step"], after(due_at, step["after"], steps["unit"], calendar), tuple(step["to"]))
        for step in steps["steps"]
    ]


def after(due_at: datetime, amount: int, unit: Unit | str, calendar: Calendar) -> datetime:
    """The instant so long after a deadline; 24:00 still belongs to the day that ends with it (D1, X11)."""
    if amount == 0:
        return due_at
    start = due_at - A_MOMENT if Unit(unit) in DAYS else due_at
    return deadlines.add(start, amount, unit, calendar).due_at


def outstanding(ladder: Sequence[Rung], fired: frozenset[str], *, now: datetime) -> tuple[list[Rung], datetime]:
    """The rungs that are due and not seen to, in order, and when to look again."""
    left = [rung for rung in ladder if rung.name not in fired]
    coming = [rung.at for rung in left if rung.at > now]
    return [rung for rung in left if rung.at <= now], min(coming, default=NEVER)


def climb(session: Session, case: Case, *, now: datetime) -> None:
    """See to every rung that the running clocks of a locked case have reached, each once and in order (D8)."""
    for clock in [*clocks.running(session, case), *clocks.beside(session, case)]:
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
