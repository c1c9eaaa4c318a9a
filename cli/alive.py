"""`alive PROCESS`: whether a process does its work. Health checks of containers ask; the exit status answers."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from kombu.exceptions import OperationalError
from sqlalchemy import func, select

from cases.models.job import Job, Slot
from cli.refusal import CannotGoOn
from kit import clock
from kit.broker import broker
from kit.db import unit_of_work
from kit.settings import settings
from kit.wire import NobodyAnswers, ask
from workers import beat, relay
from workers.schedule import SCHEDULE

LATE = timedelta(minutes=1)
PING_SECONDS = 5.0


def alive(process: str) -> None:
    """Exit with 0 when the process of that name (worker, relay, beat, vault) does its work, with 1 when it does not."""
    if process not in CHECKS:
        raise CannotGoOn(f"There is no process {process!r}. There are: {', '.join(CHECKS)}.")
    if not CHECKS[process](clock.now()):
        raise CannotGoOn(f"{process} does not do its work.")


def _worker(_now: datetime) -> bool:
    """A worker of this very machine answers the broker's ping."""
    with suppress(OperationalError):  # a broker that is away
        return bool(broker().control.ping(destination=[f"celery@{os.uname().nodename}"], timeout=PING_SECONDS))
    return False


def _relay(now: datetime) -> bool:
    """No job has been due for a minute without anybody having taken a lease on it."""
    left = select(func.count()).where(
        Job.done_at.is_(None),
        Job.failed_at.is_(None),
        Job.run_after < now - LATE,
        Job.lease_until.is_(None) | (Job.lease_until < now - LATE),
    )
    with unit_of_work(relay.LOGIN) as session:
        return session.scalars(left).one() == 0


def _beat(now: datetime) -> bool:
    """The most frequent sweep of the schedule has been put in, within its own time and a minute."""
    most_frequent = min(SCHEDULE, key=lambda sweep: sweep.every)
    with unit_of_work(beat.LOGIN) as session:
        latest = session.scalars(
            select(func.max(Slot.slot_at)).where(Slot.name == str(most_frequent.step))
        ).one_or_none()
    return bool(latest and latest >= now - most_frequent.every - LATE)


def _vault(_now: datetime) -> bool:
    """The vault answers on its socket, and has its keys."""
    with suppress(NobodyAnswers):
        return bool(ask(settings().vault_socket, {"ask": "alive"}, timeout_s=PING_SECONDS).get("keys"))
    return False


CHECKS: dict[str, Callable[[datetime], bool]] = {"worker": _worker, "relay": _relay, "beat": _beat, "vault": _vault}
