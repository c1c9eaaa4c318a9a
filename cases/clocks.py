"""The clocks of a case (C5): started under its pinned profile (D4), stopped, and shown on the main task.

A clock beside the case, of a department's task, a measure, a penalty or a referral, runs against the body that must act
and is not shown on the main task: it counts against nobody else (M09, M42).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.models.case import Case, Clock, Task

MAIN = ("town", "group")


def start(
    session: Session, case: Case, kind: str, *, now: datetime, limit: policy.Limit | None = None
) -> datetime | None:
    """Start the clock `kind` at its profile's length, or at that of another `limit`, counted from `now`.

    Gives its due instant, or None where no time runs.
    """
    limit = limit or _limit(session, case, kind, now=now)
    if limit is None:
        return None
    end = policy.ends(limit, now, policy.calendar(session, now))
    _run(session, case, kind, end.due, started_at=now, amount=end.amount, unit=end.unit, **_shortened(limit, end))
    return end.due.due_at


def start_beside(
    session: Session,
    case: Case,
    kind: str,
    *,
    org_id: int | None,
    now: datetime,
    about: UUID | None = None,
    task: UUID | None = None,
    due_at: datetime | None = None,
    like: str | None = None,
    limit: policy.Limit | None = None,
) -> datetime | None:
    """Start a clock of a thing beside the case (`about`) or of a department's `task`, against the body `org_id`.

    It is as long as the profile says of it, or of the clock `like`, or as another `limit`, all of which are counted
    again where they wait for a calendar (D2); or it ends at `due_at`, as an act has decided. Gives its due instant, or
    None where no time runs.
    """
    limit = None if due_at else limit or _limit(session, case, like or kind, now=now)
    if due_at is not None:
        end, noted = policy.Ending(deadlines.Due(due_at), 0, deadlines.Unit.CLOCK_MIN), {}
    elif limit is not None:
        end = policy.ends(limit, now, policy.calendar(session, now))
        noted = _shortened(limit, end)
    else:
        return None
    session.add(
        Clock(
            case_id=case.id, kind=kind, task_id=task, about_id=about, org_id=org_id, profile_id=case.profile_id,
            amount=end.amount, unit=str(end.unit), started_at=now, due_at=end.due.due_at,
            original_due_at=end.due.due_at, provisional=end.due.provisional, **noted,
        )
    )  # fmt: skip
    session.flush()
    return end.due.due_at


def stop_beside(
    session: Session, case: Case, kind: str, *, now: datetime, about: UUID | None = None, task: UUID | None = None
) -> None:
    """Stop the clock `kind` of a thing beside the case, or of a task, if it runs."""
    whose = Clock.about_id == about if about else Clock.task_id == task
    session.execute(
        update(Clock)
        .where(Clock.case_id == case.id, Clock.kind == kind, whose, Clock.stopped_at.is_(None))
        .values(stopped_at=now)
    )


def give_to(session: Session, case: Case, kind: str, *, about: UUID, org_id: int) -> None:
    """Let the running clock of a thing beside the case run against the body that has it from now on."""
    running = (Clock.case_id == case.id, Clock.kind == kind, Clock.about_id == about, Clock.stopped_at.is_(None))
    session.execute(update(Clock).where(*running).values(org_id=org_id))


def stop_task(session: Session, task_id: UUID, *, now: datetime) -> None:
    """Stop whatever runs for a department's task that is taken from it."""
    session.execute(update(Clock).where(Clock.task_id == task_id, Clock.stopped_at.is_(None)).values(stopped_at=now))


def beside(session: Session, case: Case) -> list[Clock]:
    """The running clocks of what lies beside a case, the next due first."""
    theirs = Clock.task_id.is_not(None) | Clock.about_id.is_not(None)
    running = select(Clock).where(Clock.case_id == case.id, Clock.stopped_at.is_(None), theirs)
    return list(session.scalars(running.order_by(Clock.due_at, Clock.id)))


def start_until(session: Session, case: Case, kind: str, *, due_at: datetime, now: datetime) -> None:
    """Start the clock `kind` with an end that an act has decided, such as an order's date."""
    _run(session, case, kind, deadlines.Due(due_at), started_at=now, amount=0, unit="clock_min")


def resume(session: Session, case: Case, kind: str, *, now: datetime) -> None:
    """Let a stopped clock run again with the time that remained when it was stopped (T10).

    It goes on where the other stopped: what its ladder has told is not told again (D8), what was late stays late (D9),
    and an extension that was granted is used up (D7).
    """
    last = session.scalars(
        select(Clock).where(Clock.case_id == case.id, Clock.kind == kind).order_by(Clock.id.desc()).limit(1)
    ).one()
    remaining = last.due_at - (last.stopped_at or now)
    due = deadlines.Due(now + remaining)
    _run(session, case, kind, due, started_at=now, amount=last.amount, unit=last.unit, continues=last)


def run_on(session: Session, case: Case, kind: str, *, stopped_at: datetime) -> None:
    """Let a clock of the case that was stopped at that instant for nothing run on to the end that it had.

    It goes on where the other stopped, with its colour, its ladder and its lateness, as if it had never stopped (D8).
    """
    own = (Clock.task_id.is_(None), Clock.about_id.is_(None), Clock.stopped_at == stopped_at)
    last = session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == kind, *own)).one_or_none()
    if last is not None:
        due = deadlines.Due(last.due_at, last.provisional)
        ran = _run(
            session, case, kind, due, started_at=last.started_at, amount=last.amount, unit=last.unit, continues=last
        )
        ran.original_due_at, ran.overdue_noted_at = last.original_due_at, last.overdue_noted_at


def stop(session: Session, case: Case, *kinds: str, now: datetime) -> None:
    """Stop the clocks of these kinds of the case itself, those that run."""
    own = (Clock.task_id.is_(None), Clock.about_id.is_(None), Clock.stopped_at.is_(None))
    session.execute(
        update(Clock).where(Clock.case_id == case.id, Clock.kind.in_(kinds), *own).values(stopped_at=now)
    )  # fmt: skip
    show(session, case)


def set_due(session: Session, case: Case, clock: Clock, due: deadlines.Due, *, original: bool) -> None:
    """Give a running clock another end, and say so on the task that shows it; `original` where it was never another.

    Both ends are kept (X15).
    """
    clock.due_at, clock.provisional = due.due_at, due.provisional
    if original:
        clock.original_due_at = due.due_at
    session.flush()
    if clock.task_id is not None:
        show_on_task(session, clock)
    show(session, case)


def be_timed_by(session: Session, case: Case, urgency: str) -> None:
    """Let a case be so urgent from now on: running clocks keep their ends and get another ladder (D8, M74)."""
    if case.urgency == urgency:
        return
    case.urgency = urgency
    session.execute(update(Clock).where(Clock.case_id == case.id, Clock.stopped_at.is_(None)).values(ladder_at=None))


def look_again(session: Session, case: Case, *kinds: str) -> None:
    """Let the next sweep look at the running clocks of the case itself of these kinds, however much has been told.

    What hangs on their end may have had to wait until now.
    """
    own = (Clock.task_id.is_(None), Clock.about_id.is_(None), Clock.stopped_at.is_(None))
    session.execute(update(Clock).where(Clock.case_id == case.id, Clock.kind.in_(kinds), *own).values(ladder_at=None))


def stop_all(session: Session, case: Case, *, now: datetime) -> None:
    """Stop every clock of a case, and of what lies beside it, that still runs."""
    session.execute(update(Clock).where(Clock.case_id == case.id, Clock.stopped_at.is_(None)).values(stopped_at=now))


def allowed_until(session: Session, case: Case, kind: str, *, now: datetime) -> datetime | None:
    """The latest end that the profile allows for `kind` if it started now; None where it sets no limit."""
    limit = _limit(session, case, kind, now=now)
    return None if limit is None else ends(session, limit, now=now).due_at


def ends(session: Session, limit: policy.Limit, *, now: datetime) -> deadlines.Due:
    """When a limit ends that starts now."""
    return policy.ends(limit, now, policy.calendar(session, now)).due


def running(session: Session, case: Case) -> list[Clock]:
    """The running clocks of the case itself, the next due first."""
    own = (Clock.task_id.is_(None), Clock.about_id.is_(None))
    return list(
        session.scalars(
            select(Clock)
            .where(Clock.case_id == case.id, Clock.stopped_at.is_(None), *own)
            .order_by(Clock.due_at, Clock.id)
        )
    )


def overlaid(clock: Clock) -> dict[str, Any]:
    """What a clock says of the overlay that has shortened it, for the one that goes on with its time (D10)."""
    return {name: getattr(clock, name) for name in ("overlay_code", "overlay_version", "full_amount", "full_unit")}


def _limit(session: Session, case: Case, kind: str, *, now: datetime) -> policy.Limit | None:
    profile = policy.profile(session, case.profile_id)
    limit = policy.rule(profile, kind, case.urgency, policy.category_of(session, case))
    return limit and replace(limit, shorter=policy.shorter(session, case, kind, start=now))


def _shortened(limit: policy.Limit, end: policy.Ending) -> dict[str, Any]:
    if end.by is None:
        return {}
    full = {"full_amount": limit.amount, "full_unit": str(limit.unit)}
    return {"overlay_code": end.by.code, "overlay_version": end.by.version, **full}


def _run(
    session: Session,
    case: Case,
    kind: str,
    due: deadlines.Due,
    *,
    started_at: datetime,
    amount: int,
    unit: str,
    continues: Clock | None = None,
    **noted: Any,
) -> Clock:
    clock = Clock(
        case_id=case.id, kind=kind, profile_id=case.profile_id, amount=amount, unit=str(unit), started_at=started_at,
        due_at=due.due_at, original_due_at=due.due_at, provisional=due.provisional,
        continues_id=continues.id if continues else None, extended_at=continues.extended_at if continues else None,
        **(overlaid(continues) if continues else noted),
    )  # fmt: skip
    session.add(clock)
    session.flush()
    show(session, case)
    return clock


def show(session: Session, case: Case) -> None:
    """Put the next due clock on the main task, so that a queue is one index scan. The overall clock counts last.

    An arbitration is another office's to make: the owner goes on seeing what runs for itself (D5, X14). What is done
    again shows the time that it was given.
    """
    session.flush()
    theirs = [clock for clock in given(running(session, case)) if clock.kind != "arbitrate"]
    due = sorted(theirs, key=lambda clock: (clock.kind == "total", clock.due_at))
    if due:
        main = (Task.case_id == case.id, Task.kind.in_(MAIN), Task.state.in_(("open", "signed")))
        session.execute(update(Task).where(*main).values(**_shown(session, due[0])))


def given(running: Sequence[Clock]) -> list[Clock]:
    """Of running clocks those that say until when something is to be done.

    An order's own time that runs on beside its rework's only tells whether the order was carried out in time (T15).
    """
    kinds = {clock.kind for clock in running}
    return [clock for clock in running if clock.kind != "rectify" or "rework" not in kinds]


def show_on_task(session: Session, clock: Clock) -> None:
    """Put the clock of a department's task on that task."""
    if clock.kind != "arbitrate":
        session.execute(update(Task).where(Task.id == clock.task_id).values(**_shown(session, clock)))


def _shown(session: Session, clock: Clock) -> dict[str, Any]:
    share = policy.value(session, "yellow_share", clock.started_at)
    yellow_at = deadlines.yellow_from(clock.started_at, clock.due_at, share)
    return {"due_at": clock.due_at, "due_what": clock.kind, "yellow_at": yellow_at}
