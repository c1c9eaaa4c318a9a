"""What background processes count: jobs by step and outcome, and what waits. Loaded only where metrics are asked for.

Jobs are done by children of the worker, which come and go; they tell their parent through a pipe. A line is shorter
than what a pipe takes at once, so lines never mix; a full pipe drops them, and never holds up a job.
"""

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, literal_column, select

from cases.models.case import Clock
from cases.models.job import Job, Slot
from cases.models.report import Report
from cases.models.supervision import Delivery
from kit.db import unit_of_work
from kit.errors import Unavailable

WAITING = ("in_review", "need_more")  # states in which a report waits for a person, by the index of the desk
BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 20.0, 90.0)


class Line:
    """The way from the children to their parent."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._in, False)

    def tell(self, step: str, outcome: str, seconds: float) -> None:
        """A job ended. Called in a child; loses the line rather than the time."""
        with contextlib.suppress(OSError):
            os.write(self._in, json.dumps([step, outcome, round(seconds, 4)]).encode() + b"\n")

    def count(self, told: CollectorRegistry) -> None:
        """Count what comes, in a thread of the parent."""
        jobs = Counter("jz_jobs", "Jobs that ended.", ["step", "outcome"], registry=told)
        seconds = Histogram("jz_job_seconds", "What a job takes.", ["step"], registry=told, buckets=BUCKETS)

        def run() -> None:
            with os.fdopen(self._out, "rb") as lines:
                for line in lines:
                    step, outcome, took = json.loads(line)
                    jobs.labels(step, outcome).inc()
                    seconds.labels(step).observe(took)

        threading.Thread(target=run, name="metrics", daemon=True).start()


class Waiting(Collector):
    """What waits in the database, asked once for each scrape along indexes that are there."""

    def __init__(self, login: str, now: Callable[[], datetime]) -> None:
        self._login, self._now = login, now

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: to be registered asks no database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What waits: due jobs, reports at the desk, letters, clocks; and the age of the newest slot."""
        try:
            yield from self._asked(self._now())
        except Unavailable:
            yield GaugeMetricFamily("jz_database_answers", "Whether the database answered.", 0)

    def _asked(self, now: datetime) -> Iterator[GaugeMetricFamily]:
        due = Job.done_at.is_(None) & Job.failed_at.is_(None) & (Job.run_after <= now)
        with unit_of_work(self._login) as session:
            steps = session.execute(
                select(Job.step, func.count(), func.min(Job.run_after)).where(due).group_by(Job.step)
            ).all()
            overdue = session.scalar(select(func.count()).where(Clock.stopped_at.is_(None), Clock.due_at <= now))
            desk = session.execute(
                select(Report.waits_for, func.count(), func.min(Report.review_due_at))
                .where(Report.state.in_([literal_column(f"'{state}'") for state in WAITING]))
                .group_by(Report.waits_for)
            ).all()
            struck = session.scalar(select(func.max(Slot.slot_at)))
            unsent = Delivery.sent_at.is_(None) & Delivery.dropped_at.is_(None) & (Delivery.tries > 0)
            failing = session.execute(
                select(Delivery.channel, func.count()).where(unsent).group_by(Delivery.channel)
            ).all()
        waiting = GaugeMetricFamily("jz_jobs_due", "Jobs that are due and not done.", labels=["step"])
        for step, number, _ in steps:
            waiting.add_metric([step], number)
        oldest = max(((now - since).total_seconds() for _, _, since in steps), default=0.0)
        yield waiting
        yield GaugeMetricFamily("jz_oldest_due_job_seconds", "For how long the oldest due job waits.", oldest)
        yield from _at_the_desk(desk, now)
        undelivered = GaugeMetricFamily(
            "jz_deliveries_failing",
            "Mails and robots' messages that failed and were not sent since.",
            labels=["channel"],
        )
        for channel, number in failing:
            undelivered.add_metric([channel], number)
        yield undelivered
        yield GaugeMetricFamily("jz_clocks_overdue", "Running clocks of cases that are past their time.", overdue or 0)
        if struck is not None:
            yield GaugeMetricFamily("jz_schedule_age_seconds", "Since the newest slot.", (now - struck).total_seconds())
        yield GaugeMetricFamily("jz_database_answers", "Whether the database answered.", 1)


def _at_the_desk(desk: Sequence[Any], now: datetime) -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("jz_reports_at_desk", "Reports that wait for a person, by why.", labels=["why"])
    for why, number, _ in desk:
        waiting.add_metric([why or "policy"], number)
    yield waiting
    late = max(((now - due).total_seconds() for *_, due in desk), default=0.0)
    yield GaugeMetricFamily(
        "jz_report_review_late_seconds", "For how long the first report at the desk is past its time.", max(0.0, late)
    )
