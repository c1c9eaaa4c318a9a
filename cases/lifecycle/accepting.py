"""Guards of an acceptance: by others, who check every finding one by one, and all must have passed (T14, T15, M64)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle import handlers
from cases.lifecycle.guards import HANDLING, LEADING, MAJOR, Incomplete, NotYourBody, SamePerson
from cases.lifecycle.rounds import had_no_time, of_this_round
from cases.models.case import Case, Clock, Task
from cases.models.finding import Finding, FindingCheck
from cases.models.handling import Order
from kit.errors import Conflict, Invalid
from people import persons
from people.actors import Actor
from people.models import Account, AccountRole, Org
from people.roles import Role

ACCEPTORS = frozenset({Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER})


OTHERS = ("lead", "coop")  # of those who handle a case, all but the body that answers for it


class ByAnotherBody(NotYourBody):
    """M64: this case is accepted by a body other than the one that answers for it; `bodies` says which may."""

    code = "acceptance.by_another_body"
    message = "Another body accepts this case; where none is named, the safety office brings in a department."


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


def of_an_accepting_body(*, session: Session, case: Case, by: Actor, **_: Any) -> None:
    """T14, T15, M64: somebody of a body that may accept this case, by its task. Raises NotYourBody, ByAnotherBody."""
    allowed = _bodies(session, case, _kinds(session, case))
    if by.org_id in allowed:
        return
    if by.org_id != case.responsible_org_id:
        raise NotYourBody
    named = session.execute(select(Org.id, Org.name_zh).where(Org.id.in_(allowed)).order_by(Org.id))
    raise ByAnotherBody(bodies=[{"id": org_id, "name": name} for org_id, name in named])


def by_others(session: Session, case: Case) -> bool:
    """M64: whether the body that answers for a case does not accept it, as policy was when the case was opened.

    A major hazard is always the department's that leads (F18).
    """
    rule = policy.value(session, "accepted_by_others", case.opened_at)
    pressing = rule["immediate"] and case.urgency == "immediate"
    return bool(case.grade == MAJOR or pressing or (rule["mandatory_penalty"] and case.penalty_policy == "mandatory"))


def whose(session: Session, case: Case) -> int | None:
    """The body that accepts the case, the leading one first; None where nobody is left who may."""
    return next(iter(_with_somebody(session, case, _kinds(session, case))), None)


def somebody_is_left(session: Session, case: Case) -> bool:
    """Whether a body that may accept has somebody who may; where nobody is, the safety office brings one in (M15)."""
    return whose(session, case) is not None


def _kinds(session: Session, case: Case) -> Sequence[str]:
    """The kinds of tasks by which a body accepts; of a major hazard others do for a leading one with nobody left."""
    if case.grade == MAJOR:
        return LEADING if _with_somebody(session, case, LEADING) else OTHERS
    return OTHERS if by_others(session, case) else HANDLING


def _with_somebody(session: Session, case: Case, kinds: Sequence[str]) -> list[int]:
    """Of the bodies with a task of these kinds those that have somebody who may accept and did not handle the case."""
    able = select(AccountRole.account_id).where(AccountRole.role.in_([str(role) for role in ACCEPTORS]))
    handled = handlers.handled(session, case)

    def has(org_id: int) -> bool:
        left = select(Account.id).where(Account.org_id == org_id, Account.active, Account.id.in_(able))
        return any(not persons.meet(session, each, handled) for each in session.scalars(left))

    return [org_id for org_id in _bodies(session, case, kinds) if has(org_id)]


def _bodies(session: Session, case: Case, kinds: Sequence[str]) -> list[int]:
    live = select(Task.org_id).where(Task.case_id == case.id, Task.state != "cancelled", Task.kind.in_(kinds))
    first = (Task.kind.in_(LEADING).desc(), Task.created_at, Task.org_id)
    return list(dict.fromkeys(session.scalars(live.order_by(*first))))


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
