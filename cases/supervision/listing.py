"""G-LIST, C6: what the safety office owes a major hazard, and its decision, by two people, that it is not listed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import access, deadlines, notices, ties
from cases.lifecycle import beside
from cases.lifecycle.guards import MAJOR
from cases.lifecycle.listing import LISTING_WAIVER_MOVES, NotOwed, waived
from cases.models.case import OVER, Case
from cases.models.listing import WAITS, ListingWaiver
from cases.supervision import candidates, owed
from kit.errors import NotFound
from people.actors import SYSTEM, Actor
from people.roles import Role


class NoSuchWaiver(NotFound):
    """There is no such decision about listing in this case."""

    code = "listing_waiver.unknown"


def owe(session: Session, case: Case, *, now: datetime) -> ListingWaiver | None:
    """What the office has to decide about a locked case, of which it is told; None where there is nothing. Repeatable.

    It owes it to a hazard that was graded major, and anew once the case was opened again, or the decision withdrawn.
    """
    waits = select(ListingWaiver).where(ListingWaiver.case_id == case.id, ListingWaiver.state.in_(WAITS))
    there = session.scalars(waits).one_or_none()
    if case.grade != MAJOR or case.state in OVER:
        if there is not None:
            _move(session, case, there, "let_go", by=SYSTEM, now=now)
        return None
    if there is not None or waived(session, case):
        return there
    until = owed.until(session, "listing", now=now)
    made = ListingWaiver(
        id=uuid4(), case_id=case.id, state=beside.NEW, version=0, owed_at=now, due_at=until.due_at,
        provisional=until.provisional,
    )  # fmt: skip
    _move(session, case, made, "owe", by=SYSTEM, now=now)
    session.add(made)
    session.flush()
    day = deadlines.last_day(until.due_at)
    _tell(session, case, f"已判定为重大隐患，请于{day}前决定是否挂牌督办；不挂牌的由两人决定", now=now)
    return made


def propose(session: Session, case: Case, *, reason: str, basis: str, by: Actor, now: datetime) -> ListingWaiver:
    """Propose not to list a locked case; it waits for a second person. Raises NotYourRole, NotOwed, Incomplete."""
    waiver = owe(session, case, now=now)
    if waiver is None:
        raise NotOwed
    written = {"reason": reason, "basis": basis, "proposed_by": by.account_id, "proposed_at": now, "comment": None}
    beside.move(
        session, case, waiver, LISTING_WAIVER_MOVES["propose"], by=by, now=now, reason=reason, basis=basis,
        writes_=written, trail_={"reason": reason, "basis": basis},
    )  # fmt: skip
    _tell(session, case, "有不挂牌的提议，待另一人审核", now=now)
    return waiver


def confirm(session: Session, case: Case, waiver: ListingWaiver, *, by: Actor, now: datetime) -> ListingWaiver:
    """The second person agrees: G-LIST holds, and the case is up for listing no more. Raises SamePerson, NotOwed."""
    _move(session, case, waiver, "confirm", by=by, now=now, writes_={"decided_by": by.account_id, "decided_at": now})
    candidates.drop(session, case, by=by)
    return waiver


def reject(
    session: Session, case: Case, waiver: ListingWaiver, *, comment: str, by: Actor, now: datetime
) -> ListingWaiver:
    """Not agreed to: the office still owes its decision, by the same day. Raises Incomplete."""
    _move(session, case, waiver, "reject", comment=comment, by=by, now=now, writes_={"comment": comment})
    _tell(session, case, "不挂牌的提议未获同意，请重新决定", now=now)
    return waiver


def withdraw(
    session: Session, case: Case, waiver: ListingWaiver, *, comment: str, by: Actor, now: datetime
) -> ListingWaiver:
    """While the case is open, take back what was decided: the office owes it anew. Raises NotOwed, Incomplete."""
    written = {"comment": comment, "withdrawn_by": by.account_id, "withdrawn_at": now}
    _move(session, case, waiver, "withdraw", comment=comment, by=by, now=now, writes_=written)
    session.flush()
    owe(session, case, now=now)
    return waiver


def find_waiver(session: Session, case: Case, waiver_id: UUID) -> ListingWaiver:
    """One decision of a locked case. Raises NoSuchWaiver."""
    found: ListingWaiver = beside.find(session, case, ListingWaiver, waiver_id, NoSuchWaiver)
    return found


def to_decide(
    session: Session, *, by: Actor, limit: int, state: str | None = None, after: tuple[datetime, UUID] | None = None
) -> Sequence[tuple[ListingWaiver, Case]]:
    """What the office owes, or waits for its second person, the next due first. Raises NotTheOffice."""
    access.only_the_office(by, Role.DISCIPLINE)
    found = select(ListingWaiver, Case).join(Case, Case.id == ListingWaiver.case_id)
    found = found.where(ListingWaiver.state.in_(WAITS if state is None else (state,)), ties.untied_to(by))
    if after is not None:
        found = found.where(tuple_(ListingWaiver.due_at, ListingWaiver.id) > after)
    rows = session.execute(found.order_by(ListingWaiver.due_at, ListingWaiver.id).limit(limit))
    return [(waiver, case) for waiver, case in rows]


def _move(
    session: Session, case: Case, waiver: ListingWaiver, name: str, *, by: Actor, now: datetime, **facts: object
) -> None:
    told = {"comment": facts["comment"]} if "comment" in facts else {}
    beside.move(session, case, waiver, LISTING_WAIVER_MOVES[name], by=by, now=now, trail_=told, **facts)


def _tell(session: Session, case: Case, what: str, *, now: datetime) -> None:
    notices.tell_safety_office(session, "listing_owed", f"案件 {case.number}：{what}", now=now, case_id=case.id)
