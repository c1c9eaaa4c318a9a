"""What a hold does to the clocks of a case (D6): they stand still with their interval on record, and go on afterwards.

That of a department does it to its own answer and to nothing else.

A clock that is stopped is never started again: what was left of it runs as a new one that names it (`continues_id`),
so that what its ladder has told is not told anew (D8), what was late stays late (D9) and an extension that was granted
is used up (D7). Clocks of what lies beside the case (a measure, a penalty, a referral) and of the law run on.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from cases import clocks, deadlines, policy
from cases.deadlines import Calendar
from cases.models.case import Case, Clock, Task
from cases.models.pause import Hold, Pause

HELD = "hold"  # what a queue says that is due: the review of the hold
LIVE = ("open", "signed")
ARBITRATE = "arbitrate"  # runs against the safety office, which does not stop its own time


def pause(session: Session, case: Case, hold: Hold, *, now: datetime) -> None:
    """Let the clocks of a locked case, and of its tasks, stand still under a hold that is in the database.

    Safe to repeat, for a task that is given while the case is held. Queues show the review date instead.
    """
    runs_on = [ARBITRATE, *policy.value(session, "hold_keeps_running", now)]
    running = select(Clock).where(
        Clock.case_id == case.id, Clock.stopped_at.is_(None), Clock.about_id.is_(None), Clock.kind.not_in(runs_on)
    )
    if hold.task_id is not None:
        running = running.where(Clock.task_id == hold.task_id)
    for clock in session.scalars(running.order_by(Clock.id)).all():
        clock.stopped_at, clock.hold_id = now, hold.id
        session.add(
            Pause(clock_id=clock.id, case_id=case.id, hold_id=hold.id, from_at=now, due_before=clock.due_at)
        )  # fmt: skip
    show_review(session, case, hold, now=now)


def show_review(session: Session, case: Case, hold: Hold, *, now: datetime) -> None:
    """Put the review date of a hold on every live task that it is for, near from when on its offices are told of it."""
    session.flush()
    near = hold.review_at - timedelta(days=policy.value(session, "hold_notice_days", now))
    live = [Task.case_id == case.id, Task.state.in_(LIVE)]
    if hold.task_id is not None:
        live.append(Task.id == hold.task_id)
    session.execute(update(Task).where(*live).values(due_at=hold.review_at, due_what=HELD, yellow_at=near))


def resume(session: Session, case: Case, hold: Hold, *, at: datetime) -> None:
    """Let what stood still under a hold go on at the instant `at`, as much of it as was left (D6).

    What a task waited for that was answered, or taken back, while the case was held is done with. A department's own
    hold goes on beside the case's, and ends into it.
    """
    calendar = policy.calendar(session, at)
    stood_still = select(Clock, Pause).join(Pause, Pause.clock_id == Clock.id).where(Pause.hold_id == hold.id)
    for clock, interval in session.execute(stood_still.where(Pause.to_at.is_(None)).order_by(Clock.id)).all():
        interval.to_at = max(at, interval.from_at)
        if clock.task_id is None or session.get_one(Task, clock.task_id).state in LIVE:
            _go_on(session, clock, interval, calendar)
    session.flush()
    clocks.show(session, case)
    for clock in clocks.beside(session, case):
        if clock.task_id is not None:
            clocks.show_on_task(session, clock)
    if case.state == "on_hold":
        pause(session, case, active(session, case), now=at)
    else:
        for each in session.scalars(_active(case).where(Hold.task_id.is_not(None))).all():
            show_review(session, case, each, now=at)


def active(session: Session, case: Case) -> Hold:
    """The hold of a case that is on hold."""
    return session.scalars(_active(case).where(Hold.task_id.is_(None))).one()


def _active(case: Case) -> Select[Hold]:
    return select(Hold).where(Hold.case_id == case.id, Hold.state == "active")


def _go_on(session: Session, clock: Clock, interval: Pause, calendar: Calendar) -> None:
    stood, at = interval.from_at, interval.to_at or interval.from_at
    due = deadlines.continued(clock.due_at, clock.unit, calendar, paused_at=stood, resumed_at=at)
    interval.due_after = due.due_at
    as_first = clock.original_due_at == clock.due_at
    session.add(
        Clock(
            case_id=clock.case_id, task_id=clock.task_id, org_id=clock.org_id, kind=clock.kind,
            profile_id=clock.profile_id, amount=clock.amount, unit=clock.unit,
            # As if it had begun later by the pause: what had gone of it is gone, for its colour and for D7.
            started_at=at - (stood - clock.started_at), due_at=due.due_at,
            original_due_at=due.due_at if as_first else at + (clock.original_due_at - stood),
            provisional=due.provisional or clock.provisional, continues_id=clock.id, extended_at=clock.extended_at,
            overdue_noted_at=clock.overdue_noted_at, **clocks.overlaid(clock),
        )
    )  # fmt: skip
