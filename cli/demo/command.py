"""`./jz demo`: a few hundred reports sent through the citizens' door, and carried to every state through the officers'.

What citizens and officers do goes over HTTP. Only what must have been done some days ago (cli/demo/past.py) does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

import typer

from cli.demo import citizens, demands, press
from cli.demo import field as outdoors
from cli.demo.citizens import Sent
from cli.demo.desk import Desk
from cli.demo.offices import demo_password
from cli.demo.past import tell_the_past
from cli.demo.plan import Goal, stories
from cli.demo.staff import Staff
from cli.demo.wire import Refused, Wire
from cli.refusal import CannotGoOn
from cli.terminal import say
from kit import clock
from kit.settings import settings

HANDS: Final = 4
STEP: Final = 25
MOST_SHOWN: Final = 20

T = TypeVar("T")
R = TypeVar("R")


def demo(
    *,
    reports: Annotated[int, typer.Option(min=1, max=2000, help="How many reports.")] = 200,
    url: Annotated[str, typer.Option(help="Where Jingzhong runs; by default, here.")] = "",
) -> None:
    """Send about 200 reports and carry them to every state. A second run adds nothing."""
    with Wire(url.rstrip("/") or f"http://127.0.0.1:{settings().port}") as wire:
        staff = Staff(wire, demo_password)
        _is_ready(wire)
        walk = Walk(wire, staff, Desk(staff.seat("desk"), staff))
        walk.run(reports)
        _summary(staff, walk)
    if walk.refusals:
        raise CannotGoOn(f"{len(walk.refusals)} acts were refused:\n" + "\n".join(walk.refusals[:MOST_SHOWN]))


@dataclass
class Walk:
    """One run of the demo: what was sent, which cases came of it, and what went wrong on the way."""

    wire: Wire
    staff: Staff
    desk: Desk
    sent: int = 0
    cases: dict[int, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    closed: int = 0

    def run(self, count: int) -> None:
        """Originals first, for a duplicate needs something to be like; then the weeks before."""
        notice = self.wire.get("/m/v1/config")["notice"]["version"]
        told = stories(count)
        for wave in ([s for s in told if s.of is None], [s for s in told if s.of is not None]):
            self._tell(wave, notice)
        new = tell_the_past(now=clock.now(), notice_version=notice)
        say(f"{new} cases of the last weeks, with published and withdrawn exposures.")
        self._each("the safety office acts on what is late", [self.staff], demands.demand)

    def _tell(self, wave: Iterable[Any], notice: str) -> None:
        now = clock.now()
        wave = list(wave)
        found = self._each(
            "sending reports", wave, lambda s: citizens.send(self.wire, s, now=now, notice_version=notice)
        )
        fresh = [one for one in found if one is not None and one.is_new]
        self.sent += len(fresh)
        if not fresh:
            return
        say("waiting for triage ...")
        self.ids |= self.desk.triaged(fresh)
        decided = self._each("the desk decides", fresh, self._decide)
        self.cases |= {one.story.number: case for one, case in decided if case}
        self._each("officers act", [one for one in fresh if one.story.number in self.cases], self._carry)
        self._each("citizens come back", fresh, self._come_back)

    def _decide(self, one: Sent) -> tuple[Sent, str | None]:
        return one, self.desk.decide(one, self.ids[one.reference])

    def _carry(self, one: Sent) -> None:
        story, case_id = one.story, self.cases[one.story.number]
        if story.of is not None:
            return
        outdoors.carry(self.staff, story, case_id)
        if story.goal in press.GOALS:
            press.expose(self.staff, story, case_id)
        if (
            story.goal in outdoors.TO_REPLY
            and self.desk.reply(self.ids[one.reference])
            and story.goal in outdoors.TO_CLOSE
        ):
            outdoors.close(self.staff, case_id)
            self.closed += 1

    def _come_back(self, one: Sent) -> None:
        if one.story.goal is Goal.WITHDRAWN:
            citizens.withdraw(self.wire, one)
        elif one.story.goal is Goal.ANSWERED:
            citizens.answer(self.wire, one)
        elif one.story.number % 17 == 1:
            citizens.supplement(self.wire, one)

    def _each(self, what: str, things: list[T], do: Callable[[T], R]) -> list[R]:
        """Do it to each, several at once; a refusal is kept for the end, and the others go on."""
        done: list[R] = []
        with ThreadPoolExecutor(HANDS) as pool:
            for number, outcome in enumerate(pool.map(lambda thing: self._try(do, thing), things), 1):
                done += outcome
                if number % STEP == 0 or number == len(things):
                    say(f"{what}: {number} of {len(things)}")
        return done

    def _try(self, do: Callable[[T], R], thing: T) -> list[R]:
        try:
            return [do(thing)]
        except Refused as refused:
            self.refusals.append(f"  {getattr(thing, 'story', thing)}: {refused}")
            return []


def _is_ready(wire: Wire) -> None:
    try:
        wire.get("/readyz")
    except Refused as refused:
        raise CannotGoOn(f"{wire.url} is not ready: {refused}. ./jz up starts it, ./jz status shows it.") from refused


def _summary(staff: Staff, walk: Walk) -> None:
    """What the lists hold now."""
    desk, safety, publisher = staff.seat("desk"), staff.seat("safety"), staff.seat("publisher")
    waiting = Counter(row["waits_for"] or row["state"] for row in desk.pages("/desk/reports?which=waiting"))
    lines = {
        "new reports": str(walk.sent),
        "desk, waiting": _counted(waiting),
        "desk, extracts to confirm": str(sum(1 for _ in desk.pages("/desk/reports?which=to_confirm"))),
        "desk, replies to give": str(sum(1 for _ in desk.pages("/desk/reports?which=to_reply"))),
        "cases open": _counted(Counter(row["case"]["state"] for row in safety.pages("/queue"))),
        "cases closed in this run": str(walk.closed),
        **demands.lists(staff),
        "exposures": _counted(Counter(row["state"] for row in publisher.get("/exposures?limit=100")["items"])),
    }
    print("\n".join(f"  {name:<30} {value}" for name, value in lines.items()))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
