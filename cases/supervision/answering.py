"""Who must hear of a clock: the body that answers for it, whoever has its task, its leaders."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices
from cases.clocks import MAIN
from cases.lifecycle import whose
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case, Clock, Task
from people.models import Org
from people.roles import Role

LEADERS = (Role.TOWN_LEADER, Role.DEPT_LEADER)
CLERKS = (Role.TOWN_CLERK, Role.DEPT_OFFICER)
# Clocks of the district itself: what it has not given out, and what it must settle (D5).
OF_THE_DISTRICT = frozenset({"dispatch", "arbitrate", "second_look", "look_back", "re_verify"})
BY_TURN = frozenset({"total", "close", "acceptance"})  # run against whoever the case waits for (X53, M64)
ERRANDS: Mapping[str, type[LookBack] | type[Review]] = {"look_back": LookBack, "re_verify": Review}
LIVE = ("open", "signed")


def body(session: Session, case: Case, clock: Clock) -> int | None:
    """The office that must act before this clock runs out; None where none is known.

    The time of the whole case, and that to accept or to close it, run against whoever it waits for at the moment. So
    does every time of a case that was handed over: the body that handed it over cannot act in it (X53, T11). What
    was over before anybody else had the case is the district's own lateness.
    """
    if clock.org_id is not None:
        return clock.org_id
    if goes_by_turn(case, clock):
        return the_district(session) if clock.due_at <= case.opened_at else whose.turn_of(session, case)
    if clock.kind in OF_THE_DISTRICT or case.responsible_org_id is None:
        return the_district(session)
    return case.responsible_org_id


def goes_by_turn(case: Case, clock: Clock) -> bool:
    """Whether a clock runs against whoever the case waits for, not against a body of its own."""
    own = clock.task_id is None and clock.about_id is None
    return own and case.responsible_org_id is not None and (clock.kind in BY_TURN or case.state == "referred")


def the_district(session: Session) -> int | None:
    """The district's own office, which directs and supervises."""
    return session.scalars(select(Org.id).where(Org.kind == "district", Org.active).order_by(Org.id).limit(1)).first()


def leads(session: Session, case: Case, clock: Clock) -> list[int]:
    """The leading offices of a case whose cooperating task is late: it shows on their screen (M09)."""
    if clock.task_id is None:
        return []
    found = select(Task.org_id).where(Task.case_id == case.id, Task.kind == "lead", Task.state != "cancelled")
    return [org_id for org_id in session.scalars(found.order_by(Task.id)) if org_id != clock.org_id]


def assignee(session: Session, case: Case, clock: Clock | None, org_id: int) -> list[int]:
    """The person of that office who has the task, or who was asked to look at the case afterwards, if one is named."""
    if clock is not None and clock.kind in ERRANDS:
        table = ERRANDS[clock.kind]
        who = session.scalars(select(table.assignee_id).where(table.id == clock.about_id)).one_or_none()
        return [] if who is None else [who]
    if clock is not None and clock.task_id is not None:
        wanted = Task.id == clock.task_id
    else:
        wanted = (Task.case_id == case.id) & (Task.org_id == org_id) & Task.state.in_(LIVE)
    people = session.scalars(select(Task.person_id).where(wanted).order_by(Task.kind.in_(MAIN).desc()))
    return [person for person in people if person is not None][:1]


def people(session: Session, case: Case, clock: Clock | None, org_id: int, to: tuple[str, ...]) -> list[int]:
    """The accounts of that office that stand behind the words of the ladder: assignee, leader, the body as a whole."""
    found: list[int] = []
    if {"assignee", "responsible_org"} & set(to):
        found += assignee(session, case, clock, org_id)
    if {"town_leader", "responsible_org"} & set(to):
        found += notices.holders(session, org_id, *LEADERS)
    if "responsible_org" in to and not found:
        found += notices.holders(session, org_id, *CLERKS)
    return list(dict.fromkeys(found))


def tell(
    session: Session, case: Case, clock: Clock | None, org_id: int, to: tuple[str, ...], kind: str, text: str,
    *, now: datetime,
) -> None:  # fmt: skip
    """Tell those of that office whom `to` names, each once; nobody there means the whole office."""
    found = people(session, case, clock, org_id, to)
    notices.tell_people(session, org_id, found, kind, text, now=now, case_id=case.id)
