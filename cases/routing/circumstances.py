"""A circumstance of a case is learned, at the desk or at the place: what the catalogue says of it holds from now on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, trail
from cases.journey import Kind
from cases.models.case import Case, Task
from cases.models.policy import PENALTY_POLICIES, URGENCIES
from cases.routing.dispatch import add_department_task, departments
from kit.errors import NotAllowed
from people.actors import Actor

BEFORE_DISPATCH = "registered"
TOLD = "circumstance"


class ForTheDesk(NotAllowed):
    """A circumstance that makes a case less urgent is found by the desk, before anybody is sent out."""

    code = "circumstance.desk_only"
    message = "Only the intake desk finds this, before dispatch."


def learn(session: Session, case: Case, when: str, *, facts: str, by: Actor, now: datetime) -> bool:
    """Note a circumstance of a locked case; False where it was known. It never makes a dispatched case less urgent.

    More urgent: its body and the district are told. A penalty that it makes mandatory guards the closing (M44).
    Departments that it names get their tasks. Raises UnknownCircumstance, ForTheDesk.
    """
    variant = policy.variant(policy.category_version(session, case.category_code, case.category_version), when)
    if when in case.circumstances:
        return False
    if variant.get("desk") and case.state != BEFORE_DISPATCH:
        raise ForTheDesk
    case.circumstances = [*case.circumstances, when]
    before, wanted = case.urgency, variant["set"].get("urgency", case.urgency)
    clocks.be_timed_by(session, case, wanted if variant.get("desk") else min(before, wanted, key=URGENCIES.index))
    case.penalty_policy = max(
        case.penalty_policy, variant["set"].get("penalty_policy", "none"), key=PENALTY_POLICIES.index
    )
    trail.record(
        session, case, Kind.CIRCUMSTANCE_LEARNED, by=by, now=now, when=when, facts=facts, urgency=case.urgency,
        penalty_policy=case.penalty_policy,
    )  # fmt: skip
    if case.state != BEFORE_DISPATCH:
        _call(session, case, now=now)
        if case.urgency != before:
            _tell(session, case, variant["zh"], now=now)
    return True


def _call(session: Session, case: Case, *, now: datetime) -> None:
    """Departments that the category names under this circumstance, and that have no part in the case yet."""
    live = select(Task.org_id).where(Task.case_id == case.id, Task.state != "cancelled")
    there = set(session.scalars(live))
    category = policy.category_of(session, case)
    for kind, org in departments(session, category, now):
        if org.id not in there:
            add_department_task(session, case, category, kind=kind, org=org, now=now)


def _tell(session: Session, case: Case, zh: str, *, now: datetime) -> None:
    text = f"案件 {case.number}：{zh}"
    if case.responsible_org_id is not None:
        notices.tell(session, case.responsible_org_id, TOLD, text, now=now, case_id=case.id)
    notices.tell_district(session, TOLD, text, now=now, case_id=case.id)
