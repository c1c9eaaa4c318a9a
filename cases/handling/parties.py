"""M09, M57, F84: who else takes part in a case and is on no platform: the owner, the gas company, the power company.

They are told by whoever handles the case, by phone or letter, and that stands on the trail. Where a district has
entered one of them as a department, it has a task instead, with a clock of its own (cases/routing/dispatch.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import guards
from cases.lifecycle.beside import being_handled
from cases.lifecycle.guards import Incomplete
from cases.models.case import Case, CaseEvent, Task
from kit.errors import Conflict
from people.actors import Actor
from people.models import Org

PARTY = "party"  # the nature of what is neither a department nor a town


class NotAParty(Conflict):
    """This case has no such party to tell, or it has a task of its own."""

    code = "party.not_one"
    message = "This case has no such party to be told."


@dataclass(frozen=True)
class Party:
    """Somebody who takes part; `told` are the times it was told, the newest last."""

    kind: str
    zh: str
    en: str
    told: Sequence[CaseEvent]


def parties(session: Session, case: Case, *, now: datetime) -> list[Party]:
    """Who else takes part in a case that the actor was allowed to load, and has no task in it."""
    names, tasked = policy.department_kinds(session), _tasked(session, case)
    told = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.PARTY_TOLD))
    entries = session.scalars(told.order_by(CaseEvent.seq)).all()
    return [
        Party(kind, names[kind].zh, names[kind].en, [each for each in entries if each.body["party"] == kind])
        for kind in policy.category_of(session, case).other_parties
        if names[kind].nature == PARTY and policy.acting_kind(session, kind, now) not in tasked
    ]


def tell_party(session: Session, case: Case, *, kind: str, how: str, by: Actor, now: datetime) -> Party:
    """Note that a party of a locked case was told, who, how and with which answer.

    Raises NotYourBody, NotHandled, NotAParty, Incomplete.
    """
    guards.of_a_tasked_body(session=session, case=case, by=by)
    being_handled(case=case)
    if kind not in {each.kind for each in parties(session, case, now=now)}:
        raise NotAParty
    if not how.strip():
        raise Incomplete("Say who was told, and how.", missing=["how"], pointer="/how")
    case.version += 1
    trail.record(session, case, Kind.PARTY_TOLD, by=by, now=now, party=kind, how=how)
    return next(each for each in parties(session, case, now=now) if each.kind == kind)


def _tasked(session: Session, case: Case) -> set[str | None]:
    live = select(Org.department_kind).join(Task, Task.org_id == Org.id)
    return set(session.scalars(live.where(Task.case_id == case.id, Task.state != "cancelled")))
