"""A district on a fake clock: reports come in, everybody acts as they are, and the jobs are done on time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cases.journey import Step
from cases.models.case import Case
from cases.models.job import Job
from cases.models.report import Report, ReportCase
from geo.points import Point
from tests import make
from tests.simulation import afterwards, bureaus, desk, eyes, office, reporters, supervision, town, tricks
from tests.simulation.faults import Faults
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import GAMING, build
from workers.schedule import SCHEDULE
from workers.steps import STEPS, Work

MANY = 500  # reports that a whole district has
START = datetime(2026, 4, 6, 0, tzinfo=UTC)
AN_HOUR, A_DAY, A_WEEK, A_SECOND = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(seconds=1)
COMING = 0.5  # reports come in the first half of the time
# These have their own tests: files, newsrooms, and what is kept no longer.
ELSEWHERE = {
    Step.SEND_NOTICE, Step.DELIVER, Step.CLEAN_PICTURE, Step.PRINT_PAPER, Step.TELL_NEWSROOMS, Step.FIND_NEWS,
    Step.EXPIRE_PHOTOS,
    Step.SEAL_ORIGINALS, Step.EXPIRE_EXPORTS, Step.KEEP_NO_LONGER, Step.FORGET_ATTEMPTS, Step.FORGET_ORIGINS,
}  # fmt: skip
HOURLY = {Step.FIND_OVERDUE, Step.FIND_LATE_AT_DESK}
DAILY = {Step.FIND_SETTLED, Step.DRAW_LOOK_BACKS, Step.DRAW_RECHECKS, Step.FIND_ORPHANS, Step.GROW_LOG}


def _hours(step: Step) -> int:
    return 1 if step in HOURLY else 24 if step in DAILY else 6


SWEEPS = [(each.step, _hours(each.step)) for each in SCHEDULE if each.step not in ELSEWHERE]
OVER = ("closed", "not_accepted", "redirected", "withdrawn")
WAITS = {
    "on_hold": (40, 90), "closed": (60, 140), "closure_review": (10, 40), "referred": (10, 40), "rectifying": (10, 60),
    "accepted": (30, 90), "verifying": (4, 30), "replied": (60, 150), "answer": (3, 40), "need_more": (12, 40),
}  # fmt: skip
HURRY = 0.1  # of these, where life is in danger
Check = Callable[[datetime], None]


@dataclass
class Play:
    """What is going on. `seed` makes everything that the dice decide happen again."""

    session: Session
    reports: int
    days: int
    seed: int
    check: Check
    scene: Scene = field(init=False)
    coming: list[tuple[datetime, int, str, UUID]] = field(default_factory=list)
    known: set[UUID] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    _number: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        world = build(self.session, whole=self.reports >= MANY)
        self.scene = Scene(self.session, world, Random(self.seed), START)  # noqa: S311 - dice

    @property
    def end(self) -> datetime:
        """When the curtain falls."""
        return START + timedelta(days=self.days)

    def run(self) -> None:
        """Send the reports, then play to the end, hour by hour; each midnight is checked."""
        _let_chance_repeat(self.session)
        self._send()
        hour = START
        while hour <= self.end:
            while self.coming and self.coming[0][0] < hour:
                at, _, what, subject = heapq.heappop(self.coming)
                self._turn(what, subject, at)
            self._sweep(hour)
            hour += AN_HOUR

    def _send(self) -> None:
        before: Point | None = None
        for at in sorted(
            START + self.scene.dice.random() * COMING * timedelta(days=self.days) for _ in range(self.reports)
        ):
            report = reporters.send(self.scene, at, before)
            before = Point(report.raw_lon or 0.0, report.raw_lat or 0.0)
            self._later("report", report.id, at, hours=self.scene.dice.uniform(0.1, 3))
        self.session.flush()

    def _later(self, what: str, subject: UUID, now: datetime, *, hours: float) -> None:
        heapq.heappush(self.coming, (now + timedelta(hours=hours), next(self._number), what, subject))

    def _turn(self, what: str, subject: UUID, at: datetime) -> None:
        self.scene.now = at
        if what == "report":
            self._report(self.session.get_one(Report, subject), at)
        else:
            self._case(self.session.get_one(Case, subject), at)
        self._do_jobs(at + A_SECOND)

    def _report(self, report: Report, at: datetime) -> None:
        for acts in (desk.acts, reporters.acts):
            self._first(acts(self.scene, report))
        linked = self.session.get(ReportCase, report.id)
        if linked is not None and linked.case_id not in self.known:
            self.known.add(linked.case_id)
            self._later("case", linked.case_id, at, hours=self.scene.dice.uniform(0.1, 2))
        if report.state not in OVER:
            known = report.outcome is not None and report.state != "replied"
            self._later("report", report.id, at, hours=self._wait("answer" if known else report.state))

    def _case(self, case: Case, at: datetime) -> None:
        scene, org_id = self.scene, case.responsible_org_id
        if scene.world.character(org_id) == GAMING and scene.chance(0.2):
            for act in tricks.acts(scene, case):
                scene.try_in_vain(act, state=case.state)
        folder = eyes.folder(self.session, case)
        for acts in (bureaus.acts, office.acts, supervision.acts, afterwards.acts):
            self._first(acts(scene, case, folder), upto=3)
        if scene.moves(case, org_id):
            self._first(town.acts(scene, case, folder), upto=9 if case.state == "closure_review" else 2)
        if case.state != "void" and (case.state != "closed" or folder or case.replies_open or self._is_young(case)):
            hurry = HURRY if case.urgency == "immediate" else 1
            self._later("case", case.id, at, hours=self._wait(case.state) * hurry)

    def _wait(self, state: str) -> float:
        least, most = WAITS.get(state, (1, 20))
        return self.scene.dice.uniform(least, most)

    def _is_young(self, case: Case) -> bool:
        """It may be drawn yet, objected to, or reported again."""
        return case.closed_at is not None and self.scene.now - case.closed_at < timedelta(days=35)

    def _first(self, acts: Acts, *, upto: int = 1) -> None:
        """The first acts of a turn, as long as nothing is refused."""
        for number, act in enumerate(acts, start=1):
            if not self.scene.do(act) or number >= upto:
                return

    def _sweep(self, now: datetime) -> None:
        self.scene.now = now
        if now.hour % 6 and not self.session.scalar(DUE, {"now": now}):
            return
        for step, hours in SWEEPS:
            if now.hour % hours == 0:
                STEPS[step](self.session, Work(None, {}), now)
        self._do_jobs(now)
        self.session.commit()
        if now.hour:
            return
        if (now - START) % A_WEEK == timedelta(0):
            self.session.execute(text("analyze"))  # as a database does by itself in months
            supervision.weekly(self.scene)
            bureaus.joint_operations(self.scene)
            self._do_jobs(now + A_SECOND)
        self.check(now)
        self.session.commit()
        self.session.expunge_all()

    def _do_jobs(self, now: datetime) -> None:
        waits = (Job.done_at.is_(None), Job.failed_at.is_(None))  # as the index that workers use says it
        due = select(Job).where(*waits, Job.run_after <= now).order_by(Job.run_after, Job.id)
        while jobs := self.session.scalars(due.limit(500)).all():
            for job in jobs:
                if job.step not in ELSEWHERE:
                    STEPS[Step(job.step)](self.session, Work(job.subject, job.args), now)
                job.done_at = now
            self.session.flush()


DUE = text("""select
    exists (select from handling.clock where stopped_at is null and (ladder_at is null or ladder_at <= :now))
    or exists (select from handling.urge_order where state = 'issued' and reply_due_at <= :now
               and overdue_told_at is null)
    or exists (select from intake.report where accept_due_at <= :now and state in ('in_review', 'need_more'))
    or exists (select from intake.report where reply_due_at <= :now and outcome is not null
               and state in ('accepted', 'verifying'))
    or exists (select from handling.job where done_at is null and failed_at is null and run_after <= :now)""")


def _let_chance_repeat(session: Session) -> None:
    """Draws are made of case numbers and a seed (M52): numbers begin anew, and who is drawn is a rule here."""
    session.execute(text("alter sequence handling.case_number restart"))
    for share, at in ((0, START), (1, START + 20 * A_DAY)):
        make.value(session, "second_look_share", share, at=at)
