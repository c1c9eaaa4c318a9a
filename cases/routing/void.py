"""T20: an entry that is no case (spam, a test, an exact repetition) is voided by two people before anybody verifies it.

Its reports are not: each joins the case that it repeats, or goes back to the desk (`triage.rehouse`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, trail
from cases.journey import Kind
from cases.lifecycle import case as machine
from cases.lifecycle import disputes
from cases.lifecycle import task as tasks
from cases.lifecycle.machine import NotYourRole, check, may_make
from cases.models.case import OVER, Case, Task
from cases.models.dispute import Voiding
from cases.routing.orders import withdraw_orders
from kit.errors import Conflict, Invalid, NotFound
from people.actors import Actor

EXACT_DUPLICATE = "exact_duplicate"
NOT_ACCEPTED = "not_accepted"  # of what was dispatched provisionally; nobody proposes it by itself


class NoSuchVoiding(NotFound):
    """This case has no such proposal."""

    code = "voiding.unknown"
    message = "There is no such proposal for this case."


class VoidProposed(Conflict):
    """A proposal waits for its second person already."""

    code = "voiding.proposed_already"
    message = "A proposal to void this case waits for a second person."


class NotTheSame(Invalid):
    """An exact repetition names the other, open case that it repeats."""

    code = "voiding.same_as"
    message = "Name the open case that this one repeats."
    pointer = "/same_as"


def propose_void(
    session: Session, case: Case, *, reason: str, text: str, same_as: Case | None, by: Actor, now: datetime
) -> Voiding:
    """Propose to void a locked case; it goes on until a second person confirms.

    Raises UnknownReason, VoidProposed, NotTheSame.
    """
    check(case, machine.CASE_MOVES["void"], by=by)
    policy.reason(session, "void", reason, now)
    if (reason == EXACT_DUPLICATE) != _is_another_open(case, same_as):
        raise NotTheSame
    if session.scalars(select(Voiding).where(Voiding.case_id == case.id, Voiding.state == "proposed")).first():
        raise VoidProposed
    voiding = Voiding(
        case_id=case.id, reason_code=reason, text=text, same_as_case_id=same_as.id if same_as else None,
        state="proposed", version=1, proposed_by=by.account_id, proposed_at=now,
    )  # fmt: skip
    session.add(voiding)
    session.flush()
    case.version += 1
    trail.record(session, case, Kind.VOID_PROPOSED, by=by, now=now, reason=reason)
    return voiding


def confirm_void(session: Session, case: Case, voiding_id: UUID, *, by: Actor, now: datetime) -> Voiding:
    """A second person confirms: the case is taken back from everybody. Raises SamePerson, NotInState, NotTheSame."""
    voiding = _proposal(session, case, voiding_id, by)
    same_as = session.get(Case, voiding.same_as_case_id) if voiding.same_as_case_id is not None else None
    if same_as is not None and not _is_another_open(case, same_as):
        raise NotTheSame
    _take_back(session, case, reason=voiding.reason_code, proposed_by=voiding.proposed_by, by=by, now=now)
    disputes.move(voiding, "confirm", by=by)
    voiding.decided_by, voiding.decided_at = by.account_id, now
    return voiding


def reject_void(session: Session, case: Case, voiding_id: UUID, *, note: str, by: Actor, now: datetime) -> Voiding:
    """A second person does not agree; the case goes on as it did. Raises SamePerson."""
    voiding = _proposal(session, case, voiding_id, by)
    disputes.by_a_second_person(by=by, proposed_by=voiding.proposed_by)
    disputes.move(voiding, "reject", by=by)
    voiding.decided_by, voiding.decided_at, voiding.note = by.account_id, now, note
    case.version += 1
    trail.record(session, case, Kind.VOID_REJECTED, by=by, now=now)
    return voiding


def void_repeated(
    session: Session, case: Case, *, same_as: Case, text: str, asked_by: int, by: Actor, now: datetime
) -> Voiding:
    """Void a locked case that its office called a repetition, when the arbitrator agrees: these are the two people."""
    if not _is_another_open(case, same_as):
        raise NotTheSame
    _take_back(session, case, reason=EXACT_DUPLICATE, proposed_by=asked_by, by=by, now=now)
    return _confirmed(
        session, case, reason=EXACT_DUPLICATE, text=text, same_as=same_as, asked_by=asked_by, by=by, now=now
    )


def void_not_accepted(session: Session, case: Case, *, asked_by: int, by: Actor, now: datetime) -> Voiding:
    """Void a locked case, dispatched provisionally, whose only report two people do not accept (R2, R6).

    The bodies that were sent out hear at once that they need not go. Raises SamePerson, NotInState, StillOpen.
    """
    sent = session.scalars(select(Task.org_id).where(Task.case_id == case.id, Task.state.in_(tasks.LIVE))).all()
    _take_back(session, case, reason=NOT_ACCEPTED, proposed_by=asked_by, by=by, now=now)
    for org_id in dict.fromkeys(sent):
        notices.tell(
            session,
            org_id,
            "case_void",
            f"案件 {case.number} 经两人确认不予受理，已作废，无须前往",
            now=now,
            case_id=case.id,
        )
    return _confirmed(session, case, reason=NOT_ACCEPTED, text="", same_as=None, asked_by=asked_by, by=by, now=now)


def _confirmed(
    session: Session,
    case: Case,
    *,
    reason: str,
    text: str,
    same_as: Case | None,
    asked_by: int,
    by: Actor,
    now: datetime,
) -> Voiding:
    voiding = Voiding(
        case_id=case.id, reason_code=reason, text=text, same_as_case_id=same_as.id if same_as else None,
        state="confirmed", version=1, proposed_by=asked_by, proposed_at=now, decided_by=by.account_id, decided_at=now,
    )  # fmt: skip
    session.add(voiding)
    session.flush()
    return voiding


def _take_back(session: Session, case: Case, *, reason: str, proposed_by: int, by: Actor, now: datetime) -> None:
    machine.move(session, case, "void", by=by, now=now, proposed_by=proposed_by, trail_={"reason": reason})
    clocks.stop_all(session, case, now=now)
    live = select(Task).where(Task.case_id == case.id, Task.state.in_(tasks.LIVE)).order_by(Task.id)
    for task in session.scalars(live).all():
        tasks.move(task, "take_back", by=by)
    withdraw_orders(session, case, now=now)


def _proposal(session: Session, case: Case, voiding_id: UUID, by: Actor) -> Voiding:
    if not may_make(machine.CASE_MOVES["void"], by):
        raise NotYourRole("T20 needs the intake desk or the safety office.", rule="T20")
    found = select(Voiding).where(Voiding.id == voiding_id, Voiding.case_id == case.id).with_for_update()
    voiding = session.scalars(found).one_or_none()
    if voiding is None:
        raise NoSuchVoiding
    return voiding


def _is_another_open(case: Case, other: Case | None) -> bool:
    return other is not None and other.id != case.id and other.state not in OVER
