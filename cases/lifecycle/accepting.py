"""Guards of an acceptance: by others, who check every finding one by one, and all must have passed (T14, T15, M64)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle import handlers
from cases.lifecycle.guards import HANDLING, LEADING, MAJOR, Incomplete, SamePerson
from cases.lifecycle.rounds import had_no_time, of_this_round
from cases.models.case import Case, Clock, Task
from cases.models.finding import Finding, FindingCheck
from cases.models.handling import Order
from kit.errors import Conflict, Invalid
from people import persons
from people.actors import Actor
from people.models import Account, AccountRole
from people.roles import Role

ACCEPTORS = frozenset({Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER})


class UnknownFinding(Invalid):
    """A check names a finding that is not of this case."""

    code = "finding.not_of_this_case"
    pointer = "/checks"


class NotOver(Conflict):
    """The time to rectify is not over."""

    code = "order.not_over"
    message = "The time to rectify is not over."


class NothingMore(Conflict):
    """Every finding of the case has been accepted."""

    code = "finding.all_accepted"
    message = "Every finding has been accepted."


def not_a_handler(*, session: Session, case: Case, by: Actor, **_: Any) -> None:
    """T14, T15, C2: whoever visited, concluded, approved, ordered or stated completion does not accept (M64, X25)."""
    if by.is_person(*handlers.handled(session, case)):
        raise SamePerson("Whoever handled the case does not accept it.")


def somebody_is_left(session: Session, case: Case) -> bool:
    """Whether a body that may accept has somebody who may; where nobody is, the safety office brings one in (M15)."""
    kinds = LEADING if case.grade == MAJOR else HANDLING
    bodies = select(Task.org_id).where(Task.case_id == case.id, Task.state != "cancelled", Task.kind.in_(kinds))
    able = select(AccountRole.account_id).where(AccountRole.role.in_([str(role) for role in ACCEPTORS]))
    left = select(Account.id).where(Account.org_id.in_(bodies), Account.active, Account.id.in_(able))
    handled = handlers.handled(session, case)
    return any(not persons.meet(session, each, handled) for each in session.scalars(left))


def failed_item_named(
    *, session: Session, case: Case, findings: Sequence[str], checks: Mapping[UUID, str], **_: Any
) -> None:
    """T14: what failed is listed, as findings that failed or in words."""
    _of_this_case(session, case, checks)
    if not findings and "fail" not in checks.values():
        raise Incomplete("List what failed.", missing=["findings"], pointer="/findings")


def each_finding_passed(*, session: Session, case: Case, checks: Mapping[UUID, str], **_: Any) -> None:
    """T15: every finding of the case has passed, now or at an acceptance before; `missing` names those that have not.

    What had passed before the case was reopened is looked at anew (T18).
    Raises Incomplete, UnknownFinding.
    """
    _of_this_case(session, case, checks)
    missing = not_passed(session, case, checks)
    if missing:
        raise Incomplete("Every finding is accepted one by one.", missing=missing, pointer="/checks")


def not_all_passed(*, session: Session, case: Case, **_: Any) -> None:
    """T15, M66: what was found after the acceptance goes to acceptance itself. Raises NothingMore."""
    if not not_passed(session, case, {}):
        raise NothingMore


def not_passed(session: Session, case: Case, checks: Mapping[UUID, str]) -> list[str]:
    """The findings of a case that have not passed by these checks, nor at an acceptance of this round before."""
    earlier = session.scalars(
        select(FindingCheck)
        .where(FindingCheck.case_id == case.id, of_this_round(case, FindingCheck.checked_at))
        .order_by(FindingCheck.checked_at)
    )
    results = {each.finding_id: each.result for each in earlier} | dict(checks)
    return [str(each) for each in _known(session, case) if results.get(each) != "pass"]


def time_is_over(*, session: Session, case: Case, now: datetime, **_: Any) -> None:
    """T13: the order's time, or the rework's, has run out; what was fixed on the spot had none. Raises NotOver."""
    newest = select(Order).where(Order.case_id == case.id).order_by(Order.issued_at.desc()).limit(1)
    order = session.scalars(newest).first()
    kinds = ("rework",) if order is not None and had_no_time(case, order) else ("rectify", "rework")
    last = select(Clock.due_at).where(
        Clock.case_id == case.id, Clock.kind.in_(kinds), Clock.task_id.is_(None), Clock.about_id.is_(None),
        Clock.stopped_at.is_(None),
    )  # fmt: skip
    by_the_rework = (Clock.kind == "rework").desc()  # beside which the order's own time may run on (T15)
    due_at = session.scalars(last.order_by(by_the_rework, Clock.id.desc()).limit(1)).first()
    if due_at is None or now < due_at:
        raise NotOver


def _of_this_case(session: Session, case: Case, checks: Mapping[UUID, str]) -> None:
    if set(checks) - set(_known(session, case)):
        raise UnknownFinding


def _known(session: Session, case: Case) -> list[UUID]:
    listed = select(Finding.id).where(Finding.case_id == case.id).order_by(Finding.visit_id, Finding.position)
    return list(session.scalars(listed))
