"""What each rung of the ladder sets off: a word to whom it must reach, a reminder, an order, an interview, a candidate.

The safety office's acts here are the system's in its name; by hand they are in `urging`, `interviews`, `bulletins`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import notices
from cases.models.case import Case, Clock, Task
from cases.models.supervision import UrgeOrder
from cases.supervision import answering, bulletins, candidates, interviews, own_lateness, urging
from cases.supervision.words import about
from people.actors import SYSTEM
from people.models import Org

YELLOW, CANDIDATE = "yellow", "listing_candidate"


@dataclass(frozen=True)
class Reached:
    """A rung that a clock of a locked case has reached, and who answered for the body then (M05)."""

    case: Case
    clock: Clock
    rung: str
    to: tuple[str, ...]
    org_id: int | None
    leaders: list[dict[str, Any]]


Do = Callable[[Session, Reached, int, datetime], None]


def see_to(session: Session, reached: Reached, *, now: datetime) -> None:
    """Do what the rung asks for. Where no body is known, the district is told; its own lateness is no town's (X53)."""
    if reached.org_id is None:
        notices.tell_district(
            session, "overdue", _text(session, reached, "已超过时限"), now=now, case_id=reached.case.id
        )
    elif own_lateness.is_its_own(session, reached.case, reached.clock, reached.org_id):
        _of_the_office_itself(session, reached, reached.org_id, now)
    else:
        STEPS[reached.rung](session, reached, reached.org_id, now)
        if "safety_office" in reached.to:
            text = _text(session, reached, _words(reached))
            notices.tell_safety_office(session, reached.rung, text, now=now, case_id=reached.case.id)


def _of_the_office_itself(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    red = reached.rung != YELLOW
    if red or now < reached.clock.due_at:
        text = _text(session, reached, OWN_WORDS.get(reached.rung, STILL))
        own_lateness.tell(session, reached.case, reached.clock, org_id, text, red=red, now=now)


def _yellow(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    """A word before the time is over; after an outage there is no sense in it any more."""
    if now < reached.clock.due_at:
        _tell(session, reached, org_id, "due_soon", now)


def _alert(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    _tell(session, reached, org_id, "overdue", now)
    for lead in answering.leads(session, reached.case, reached.clock):
        _tell(session, reached, lead, "overdue", now)


def _reminder(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    _issue(session, reached, org_id, "reminder", now)


def _urge_order(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    _issue(session, reached, org_id, "urge_order", now)


def _interview(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    """约谈, and the case comes up for the next bulletin."""
    order = _issue(session, reached, org_id, "interview", now)
    interviews.plan(
        session, reached.case, org_id=org_id, order_id=order.id, topic=order.text, kind="interview", by=SYSTEM, now=now
    )
    bulletins.put_up(session, reached.case, org_id, clock=reached.clock, leaders=reached.leaders, now=now)


def _candidate(session: Session, reached: Reached, org_id: int, now: datetime) -> None:
    """挂牌候选 by the lateness of whoever answers for the case; another body's is raised a level (提级, X53, M111)."""
    if org_id == reached.case.responsible_org_id:
        candidates.propose(
            session, reached.case, reason="ladder", clock=reached.clock, leaders=reached.leaders, now=now, by=SYSTEM
        )
    if "responsible_org" not in reached.to:  # whoever is to be listed hears of it
        _tell(session, reached, org_id, CANDIDATE, now, to=("town_leader",))


STEPS: Mapping[str, Do] = {
    YELLOW: _yellow,
    "alert": _alert,
    "reminder": _reminder,
    "urge_order": _urge_order,
    "interview": _interview,
    CANDIDATE: _candidate,
}
WORDS = {
    YELLOW: "即将到期",
    "alert": "已超过时限",
    "reminder": "已超过时限，请催办",
    "urge_order": "已发督办单",
    "interview": "已列入约谈和通报",
    CANDIDATE: "已列为挂牌督办候选",
}


STILL = "超过时限仍未办理，请立即处理"
OWN_WORDS = {YELLOW: "即将到期", "alert": "已超过时限"}
RAISED = "长期超过时限，提级督办"


def _words(reached: Reached) -> str:
    raised = reached.rung == CANDIDATE and reached.org_id != reached.case.responsible_org_id
    return RAISED if raised else WORDS[reached.rung]


def _issue(session: Session, reached: Reached, org_id: int, level: str, now: datetime) -> UrgeOrder:
    text = _text(session, reached, "已超过时限，请立即办理")
    demand = urging.Demand(level, org_id, text, clock_id=reached.clock.id)
    return urging.put_out(session, reached.case, demand, by=SYSTEM, now=now)


def _tell(
    session: Session, reached: Reached, org_id: int, kind: str, now: datetime, *, to: tuple[str, ...] | None = None
) -> None:
    text = _text(session, reached, _words(reached))
    answering.tell(session, reached.case, reached.clock, org_id, to or reached.to, kind, text, now=now)


def _text(session: Session, reached: Reached, what: str) -> str:
    """Where another office than the responsible one is late, or waits for an answer, it is named: several may (M09)."""
    late = reached.org_id if answering.goes_by_turn(reached.case, reached.clock) else reached.clock.org_id
    if late is None and reached.clock.task_id is not None:  # the district is late with what a department asked
        late = session.get_one(Task, reached.clock.task_id).org_id
    whose = session.get_one(Org, late).name_zh if late not in {None, reached.case.responsible_org_id} else ""
    return about(session, reached.case, reached.clock.kind, what, whose=whose)
