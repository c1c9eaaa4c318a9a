"""A district on a fake clock: reports come in, officers act as their character is, and the jobs are done on time."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Step
from cases.models.case import Case, Clock
from cases.models.job import Job
from cases.models.report import Report, ReportCase
from cases.models.supervision import Escalation
from geo.points import Point
from tests import make
from tests.make import EAST, WEST, District
from tests.simulation.officers import Office, refused
from workers.steps import STEPS, Work

START = datetime(2026, 4, 6, 0, tzinfo=UTC)
CATEGORIES = ("FIR-01", "FIR-02", "FIR-04", "FIR-05")
CHARACTERS = ("honest", "honest", "lazy", "gaming")
A_SWEEP = timedelta(hours=6)
ELSEWHERE = {Step.SEND_NOTICE, Step.DELIVER}  # telling somebody outside has its own tests


@dataclass
class Play:
    """What is going on, and what was counted while it went."""

    session: Session
    district: District
    days: int
    dice: Random
    office: Office = field(init=False)
    coming: list[tuple[datetime, int, UUID, str]] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    tricks: Counter[str] = field(default_factory=Counter)
    let_through: list[str] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.office = Office(self.session, self.district, self.dice)

    @property
    def end(self) -> datetime:
        """When the curtain falls."""
        return START + timedelta(days=self.days)

    def run(self, reports: int) -> None:
        """Send so many reports in the first half of the time, then play to the end."""
        for _ in range(reports):
            self._report(START + timedelta(days=self.dice.random() * self.days / 2))
        sweep = START
        while self.coming and self.coming[0][0] < self.end:
            at, _number, report_id, character = heapq.heappop(self.coming)
            while sweep <= at:
                self._sweep(sweep)
                sweep += A_SWEEP
            self._turn(self.session.get_one(Report, report_id), character, at)
            self._do_jobs(at)
        while sweep <= self.end:
            self._sweep(sweep)
            sweep += A_SWEEP

    def _report(self, at: datetime) -> None:
        west, south, east, north = self.dice.choice((WEST, EAST))
        here = Point(self.dice.uniform(west + 0.002, east - 0.002), self.dice.uniform(south + 0.002, north - 0.002))
        report = make.report(
            self.session, here, category=self.dice.choice(CATEGORIES), received_at=at,
            review_due_at=at + timedelta(hours=2),
        )  # fmt: skip
        trail.enqueue(self.session, Step.TRIAGE, report.id, now=at)
        self._later(report.id, self.dice.choice(CHARACTERS), at, hours=self.dice.uniform(0.1, 3))

    def _later(self, report_id: UUID, character: str, now: datetime, *, hours: float) -> None:
        self._number += 1
        heapq.heappush(self.coming, (now + timedelta(hours=hours), self._number, report_id, character))

    def _turn(self, report: Report, character: str, now: datetime) -> None:
        self._do_jobs(now)
        case = self.session.scalars(select(Case).join_from(Case, ReportCase, ReportCase.case_id == Case.id).where(
            ReportCase.report_id == report.id)).one_or_none()  # fmt: skip
        if case is not None and case.state == "closed":
            self._desk(report, now)
            return
        if character == "gaming" and case is not None:
            self._try_shortcuts(case, now)
        if character != "lazy" or self._is_pressed(case) or self.dice.random() < 0.1:
            self._desk(report, now)
            act = self.office.next_act(case, now) if case is not None else None
            if act is not None and case is not None:
                was = case.state
                self.acts["refused" if refused(self.session, act) else was] += 1
        wait = {"honest": (1, 16), "lazy": (12, 40), "gaming": (4, 30)}[character]
        self._later(report.id, character, now, hours=self.dice.uniform(*wait))

    def _desk(self, report: Report, now: datetime) -> None:
        self.office.look_at(report, now)
        self._do_jobs(now)

    def _is_pressed(self, case: Case | None) -> bool:
        """A lazy office moves once it has been told a second time."""
        if case is None:
            return True
        rungs = select(Escalation.rung).join(Clock, Clock.id == Escalation.clock_id).where(
            Clock.case_id == case.id, Clock.stopped_at.is_(None)
        )  # fmt: skip
        return not {"reminder", "urge_order", "interview", "listing_candidate"}.isdisjoint(self.session.scalars(rungs))

    def _try_shortcuts(self, case: Case, now: datetime) -> None:
        for name, act in self.office.shortcuts(case, now):
            self.tricks[name] += 1
            if not refused(self.session, act):
                self.let_through.append(f"{name} in {case.state}")

    def _sweep(self, now: datetime) -> None:
        STEPS[Step.FIND_OVERDUE](self.session, Work(None, {}), now)
        STEPS[Step.FIND_UNROUTED](self.session, Work(None, {}), now)
        self._do_jobs(now)

    def _do_jobs(self, now: datetime) -> None:
        due = select(Job).where(Job.done_at.is_(None), Job.run_after <= now).order_by(Job.run_after, Job.id)
        while jobs := self.session.scalars(due.limit(500)).all():
            for job in jobs:
                if job.step not in ELSEWHERE:
                    STEPS[Step(job.step)](self.session, Work(job.subject, job.args), now)
                job.done_at = now
            self.session.flush()
