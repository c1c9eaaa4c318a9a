"""T16, T17, M75: which closed cases are looked back at, and when; the general ones by lots that anybody draws again.

An immediate case is looked at after 7 and 30 days, an urgent one after 30, a major one after 30 and 90 whatever else;
of the others a share is drawn each month from what was closed in the month before (M52).
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import clocks, deadlines, lots, policy
from cases.deadlines import Unit
from cases.lifecycle import beside
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.models.aftercare import LookBack, LookBackDraw
from cases.models.case import Case
from people.actors import SYSTEM

SAMPLED = "normal"


def plan(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Plan the look-backs of a case that was closed, each once. Safe to repeat."""
    case = session.get_one(Case, case_id, with_for_update=True)
    if case.state != "closed" or case.closed_at is None or _planned(session, case):
        return
    for step, (due_at, limit) in enumerate(sorted(_dates(session, case, case.closed_at, now).items()), start=1):
        before = session.scalars(
            select(LookBack.due_at).where(*_of_round(case)).order_by(LookBack.step.desc()).limit(1)
        ).first()
        share = float(policy.value(session, "look_back_opens_share", now))
        opens_at = max(case.closed_at + share * (due_at - case.closed_at), before or case.closed_at)
        _put_in(session, case, limit, step=step, opens_at=opens_at, due_at=due_at, origin="closing", now=now)


def draw(session: Session, *, now: datetime) -> None:
    """Draw the lots of every month that is over and has none yet; of two who draw at once, one does. Safe to repeat."""
    for period, first, end in lots.months_over(now):
        _draw_month(session, period, first, end, now=now)


def _draw_month(session: Session, period: str, first: datetime, end: datetime, *, now: datetime) -> None:
    if session.scalar(select(exists().where(LookBackDraw.period == period))):
        return
    closed = select(Case).where(
        Case.state == "closed", Case.closed_at >= first, Case.closed_at < end, Case.urgency == SAMPLED,
        Case.grade != "major",
    )  # fmt: skip
    cases = {case.number: case for case in session.scalars(closed.order_by(Case.id).with_for_update(of=Case))}
    seed, share = secrets.token_hex(16), float(policy.value(session, "look_back_share", now))
    pool = sorted(number for number, case in cases.items() if not _planned(session, case))
    drawn = lots.draw(seed, pool, share=share)
    row = {"period": period, "seed": seed, "pool": pool, "share": share, "drawn": drawn, "drawn_at": now}
    new = insert(LookBackDraw).values(row).on_conflict_do_nothing().returning(LookBackDraw.id)
    draw_id = session.scalars(new).first()
    for number in drawn if draw_id is not None else ():
        case = cases[number]
        limit = _limit(session, case, "look_back")
        if limit is not None:
            due_at = _after(session, limit, case.closed_at or now, now)
            opens_at = min(now, due_at)
            _put_in(
                session, case, limit, step=1, opens_at=opens_at, due_at=due_at, origin="sample", now=now,
                draw_id=draw_id,
            )  # fmt: skip


def _dates(session: Session, case: Case, closed_at: datetime, now: datetime) -> dict[datetime, policy.Limit]:
    """When a case of this urgency and grade is looked back at, each date once, with the limit that it ends."""
    wanted = [] if case.urgency == SAMPLED else ["look_back", "look_back_second"]
    limits = [_limit(session, case, clock) for clock in wanted]
    if case.grade == "major":
        days: Iterable[int] = policy.value(session, "look_back_major_days", now)
        limits += [policy.Limit("look_back", each, Unit.CAL_D) for each in days]
    return {_after(session, limit, closed_at, now): limit for limit in limits if limit is not None}


def _limit(session: Session, case: Case, clock: str) -> policy.Limit | None:
    """The profile's; a place is looked at on a rest day, too (D3)."""
    limit = policy.rule(policy.profile(session, case.profile_id), clock, case.urgency)
    return None if limit is None else replace(limit, roll=False)


def _after(session: Session, limit: policy.Limit, closed_at: datetime, now: datetime) -> datetime:
    """The end of a limit, counted from the closing."""
    return deadlines.add(closed_at, limit.amount, limit.unit, policy.calendar(session, now)).due_at


def _put_in(
    session: Session,
    case: Case,
    limit: policy.Limit,
    *,
    step: int,
    opens_at: datetime,
    due_at: datetime,
    origin: str,
    now: datetime,
    draw_id: UUID | None = None,
) -> None:
    look = LookBack(
        id=uuid4(), case_id=case.id, round=case.reopen_count, step=step, state=beside.NEW, version=0, origin=origin,
        draw_id=draw_id, opens_at=opens_at, due_at=due_at, created_at=now,
    )  # fmt: skip
    beside.move(session, case, look, LOOK_BACK_MOVES["plan"], by=SYSTEM, now=now, trail_={"until": due_at.isoformat()})
    session.add(look)
    session.flush()
    clocks.start_beside(session, case, "look_back", about=look.id, org_id=None, limit=limit, now=case.closed_at or now)


def _planned(session: Session, case: Case) -> bool:
    return bool(session.scalar(select(exists().where(*_of_round(case)))))


def _of_round(case: Case) -> tuple[ColumnElement[bool], ...]:
    return (LookBack.case_id == case.id, LookBack.round == case.reopen_count)
