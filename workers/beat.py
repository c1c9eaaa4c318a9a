"""The beat: turns the schedule into slot rows. Two beats, a dead beat or a clock jump cannot run a slot twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from cases import trail
from cases.models.job import Slot
from kit import clock
from kit.db import unit_of_work
from kit.errors import Unavailable
from workers.schedule import SCHEDULE, Sweep

LOGIN = "jz_beat"
PAUSE_S = 2.0
KEPT = timedelta(days=30)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


def strike(*, now: datetime) -> int:
    """Put in the job of every sweep whose slot has come and was not taken; gives how many."""
    struck = 0
    with unit_of_work(LOGIN) as session:
        for sweep in SCHEDULE:
            taken = session.execute(
                insert(Slot)
                .values(name=str(sweep.step), slot_at=slot(sweep, now))
                .on_conflict_do_nothing()
                .returning(Slot.name)
            )
            if taken.first() is not None:
                trail.enqueue(session, sweep.step, None, now=now)
                struck += 1
        session.execute(delete(Slot).where(Slot.slot_at < now - KEPT))
    return struck


def slot(sweep: Sweep, now: datetime) -> datetime:
    """The beginning of the slot that `now` lies in."""
    return EPOCH + (now - EPOCH) // sweep.every * sweep.every


def run(*, keep_going: Callable[[], bool]) -> None:
    """Strike until told to stop; a missing database does not end it."""
    while keep_going():
        try:
            strike(now=clock.now())
        except Unavailable:
            log.warning("beat waits")
        clock.sleep(PAUSE_S)
