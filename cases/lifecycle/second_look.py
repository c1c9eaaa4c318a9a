"""The second look of the safety office at what was not found, as a table (T9, X21), and its guards."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import HANDLING, SamePerson, commented
from cases.models.case import Case, Task
from cases.models.handling import Verdict, Visit
from cases.models.second_look import SecondLook
from kit.errors import Invalid
from people.actors import Actor
from people.models import Account, AccountRole
from people.roles import Role

_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})
VISITORS = frozenset({Role.TOWN_OFFICER, Role.DEPT_OFFICER})


class NotByOthers(Invalid):
    """A verdict that a second look or a review has set aside gives way to other people's, on a new visit (X21, R8)."""

    code = "second_look.not_by_others"
    message = "Somebody else makes a new visit before the verdict is proposed again."


def not_involved(*, session: Session, thing: SecondLook, by: Actor, **_: Any) -> None:
    """X21: whoever found, or approved that nothing was found, does not confirm it."""
    verdict = session.get_one(Verdict, thing.verdict_id)
    visit = session.get_one(Visit, verdict.visit_id)
    if by.is_person(verdict.proposed_by, verdict.decided_by, visit.officer_id, *visit.companion_ids):
        raise SamePerson("Whoever verified or approved does not look again.")


def others_looked(*, session: Session, case: Case, by: Actor, visit: Visit | None, **_: Any) -> None:
    """T9, X21, R8: after a verdict was set aside, others look: a visit begun since then, led and reported by others."""
    last = set_aside(session, case)
    if last is None or visit is None:
        return
    at, verdict = last
    if visit.started_at <= at or {by.account_id, visit.officer_id} & _who_found(session, verdict):
        raise NotByOthers(missing=["visit_by_others"])


def somebody_is_left(session: Session, case: Case) -> bool:
    """Whether a body that has the case in hand has somebody who may look anew; True where nothing was set aside.

    Where nobody is left, the safety office brings in a department (`handling.bring_in`).
    """
    last = set_aside(session, case)
    if last is None:
        return True
    bodies = select(Task.org_id).where(Task.case_id == case.id, Task.state != "cancelled", Task.kind.in_(HANDLING))
    able = select(AccountRole.account_id).where(AccountRole.role.in_([str(role) for role in VISITORS]))
    left = select(Account.id).where(
        Account.org_id.in_(bodies), Account.active, Account.id.in_(able),
        Account.id.not_in(_who_found(session, last[1])),
    )  # fmt: skip
    return session.scalars(left.limit(1)).first() is not None


def sent_back(session: Session, case: Case) -> bool:
    """Whether a verdict of this case was set aside before: then the next denial is never spared."""
    return set_aside(session, case) is not None


def _who_found(session: Session, verdict: Verdict) -> set[int]:
    return {verdict.proposed_by, session.get_one(Visit, verdict.visit_id).officer_id}


def set_aside(session: Session, case: Case) -> tuple[datetime, Verdict] | None:
    """When a verdict was last set aside, and which: sent back by a second look, or by the case's reopening (T18)."""
    returned = session.execute(
        select(SecondLook, Verdict)
        .join(Verdict, Verdict.id == SecondLook.verdict_id)
        .where(SecondLook.case_id == case.id, SecondLook.state == "returned")
        .order_by(SecondLook.decided_at.desc())
        .limit(1)
    )
    found = [(look.decided_at, verdict) for look, verdict in returned if look.decided_at is not None]
    if case.reopened_at is not None:
        before = select(Verdict).where(Verdict.case_id == case.id, Verdict.decided_at <= case.reopened_at)
        last = session.scalars(before.order_by(Verdict.decided_at.desc()).limit(1)).first()
        found += [(case.reopened_at, last)] if last else []
    return max(found, key=lambda each: each[0], default=None)


SECOND_LOOK_MOVES: dict[str, BesideMove] = {
    "draw": BesideMove("T9", frozenset({NEW}), "waiting", _LEADERS, entry=Kind.SECOND_LOOK_DRAWN),
    "spare": BesideMove("T9", frozenset({NEW}), "not_drawn", _LEADERS, entry=Kind.SECOND_LOOK_SPARED),
    "confirm": BesideMove(
        "T9", frozenset({"waiting"}), "confirmed", _OFFICE, guards=(not_involved, commented),
        entry=Kind.SECOND_LOOK_CONFIRMED, stops=("second_look",),
    ),
    "return": BesideMove(
        "X21", frozenset({"waiting"}), "returned", _OFFICE, guards=(not_involved, commented),
        entry=Kind.SECOND_LOOK_RETURNED, stops=("second_look",),
    ),
}  # fmt: skip
