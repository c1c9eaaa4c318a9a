"""Holds stop exactly what D6 says: the clocks of the handling, for their interval, and never an immediate case."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.models.case import Case, Clock, Task
from cases.models.pause import Hold, Pause

RUN_ON = {"arbitrate"}


def hold(session: Session, now: datetime) -> None:
    """Raise AssertionError where a hold stops too little, too much or too long."""
    active = dict(session.execute(select(Hold.case_id, Hold.id).where(Hold.state == "active")).all())  # type: ignore[arg-type]
    held = set(session.scalars(select(Case.id).where(Case.state == "on_hold")))
    assert set(active) == held, now
    assert session.scalar(
        select(func.count()).select_from(Case).where(Case.state == "on_hold", Case.urgency == "immediate")
    ) == 0, now  # fmt: skip
    late = select(func.count()).select_from(Hold).where(Hold.state == "active", Hold.review_at < now)
    assert session.scalar(late) == 0, now
    runs_on = RUN_ON | set(policy.value(session, "hold_keeps_running", now))
    ran = select(Clock.kind).where(Clock.case_id.in_(held), Clock.stopped_at.is_(None), Clock.about_id.is_(None))
    assert set(session.scalars(ran)) <= runs_on, now
    open_ = set(session.scalars(select(Pause.hold_id).where(Pause.to_at.is_(None))))
    assert open_ <= set(active.values()), now


def gave_back_what_was_left(session: Session, end: datetime) -> int:
    """Each clock that stood still went on once with what had been left of it, in its own unit; gives how many did."""
    calendar = policy.calendar(session, end)
    after = {
        clock.continues_id: clock for clock in session.scalars(select(Clock).where(Clock.continues_id.is_not(None)))
    }
    rows = session.execute(
        select(Pause, Clock, Hold).join(Clock, Clock.id == Pause.clock_id).join(Hold, Hold.id == Pause.hold_id)
    ).all()
    for pause, clock, hold_ in rows:
        assert (clock.stopped_at, clock.hold_id) == (pause.from_at, hold_.id)
        if pause.to_at is None:
            continue
        assert pause.to_at == min(hold_.ended_at or end, hold_.review_at)
        if pause.due_after is None:
            assert clock.task_id is not None
            assert session.get_one(Task, clock.task_id).state in {"answered", "cancelled"}
            continue
        wanted = deadlines.continued(
            pause.due_before, clock.unit, calendar, paused_at=pause.from_at, resumed_at=pause.to_at
        )
        assert pause.due_after == wanted.due_at
        assert after[clock.id].due_at >= pause.due_after  # later only by an extension
    return len(rows)
