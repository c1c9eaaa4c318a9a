"""T14, T15: the check after rectification, by somebody who did not handle the case (M64)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, deadlines, policy
from cases.handling import copies, unfit
from cases.handling.arrival import arrival_of
from cases.handling.findings import FindingCheckIn, check
from cases.lifecycle import case as machine
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.rounds import had_no_time
from cases.models.case import Case, Clock
from cases.models.handling import Acceptance, AcceptanceArrival, Completion, Order
from people.actors import Actor


@dataclass(frozen=True)
class Signing:
    """Who of the unit was there and whether they signed; `signature` is signed, refused, or not asked for yet (F10)."""

    people_present: str = ""
    signature: str | None = None
    note: str = ""


UNSIGNED = Signing()  # the unit signs the copy that it is given


def pass_(
    session: Session,
    case: Case,
    *,
    note: str,
    findings: Sequence[str],
    checks: Sequence[FindingCheckIn] = (),
    signing: Signing = UNSIGNED,
    by: Actor,
    now: datetime,
) -> Acceptance:
    """T15: all findings passed: `checks` says so of each, `findings` in words what else was looked at.

    Whoever says so has checked in at the place (`arrive`) and taken a photo there, as for a failed one (X20).

    The record of it is fixed from now on, in four copies with one hash (M47). Raises what the guards refuse.
    """
    _signed_or_why_not(signing)
    arrival = arrival_of(session, case, by=by)
    machine.move(
        session, case, "pass_acceptance", by=by, now=now, arrival=arrival, findings=findings, checks=_results(checks)
    )
    written = _write(session, case, "pass", note, findings, checks, signing, arrival, by=by, now=now)
    copies.make_four(session, written)
    return written


def fail(
    session: Session,
    case: Case,
    *,
    note: str,
    findings: Sequence[str],
    checks: Sequence[FindingCheckIn] = (),
    signing: Signing = UNSIGNED,
    by: Actor,
    now: datetime,
) -> Acceptance:
    """T14: sent back for rework, for at most a share of the order's time; what failed is listed.

    The time of the order runs on until the statement that passes: a false one saves nothing (T15, D9).
    After a second failure, or one after the deadline, a leader must decide what follows (M40).
    """
    _signed_or_why_not(signing)
    arrival = arrival_of(session, case, by=by)
    machine.move(
        session, case, "fail_acceptance", by=by, now=now, arrival=arrival, findings=findings, checks=_results(checks),
        trail_={"failed": list(findings)},
    )  # fmt: skip
    case.rework_count += 1
    order = session.scalars(
        select(Order).where(Order.case_id == case.id).order_by(Order.issued_at.desc()).limit(1)
    ).one()
    why = unfit.why(session, case, order, now=now)
    clocks.run_on(session, case, "rectify", stopped_at=_stated(session, case).stated_at)
    _start_rework(session, case, order, now)
    written = _write(session, case, "fail", note, findings, checks, signing, arrival, by=by, now=now)
    if why is not None:
        unfit.demand_decision(session, case, written, why=why, by=by, now=now)
    return written


def _start_rework(session: Session, case: Case, order: Order, now: datetime) -> None:
    """T14: a share of the order's own time; what was fixed on the spot had none, and gets what policy says.

    Of a case that was opened again it is a share of the time that it was given then (T18).
    """
    if had_no_time(case, order):
        limit = policy.limit_of_value(session, "rework_on_spot", now, urgency=case.urgency)
        clocks.start(session, case, "rework", limit=limit, now=now)
        return
    began, until = order.issued_at, order.due_at
    if case.reopened_at is not None and order.issued_at < case.reopened_at:
        given = (
            select(Clock).where(Clock.case_id == case.id, Clock.kind == "rectify").order_by(Clock.id.desc()).limit(1)
        )
        clock = session.scalars(given).one()
        began, until = clock.started_at, clock.original_due_at
    share = policy.value(session, "rework_share", now)
    due_at = deadlines.rework_limit(began, until, now=now, share=share)
    clocks.start_until(session, case, "rework", due_at=due_at, now=now)


def _results(checks: Sequence[FindingCheckIn]) -> dict[UUID, str]:
    return {each.finding_id: each.result for each in checks}


def _signed_or_why_not(signing: Signing) -> None:
    if signing.signature == "refused" and not signing.note.strip():
        raise Incomplete("Say how they refused to sign.", missing=["signature_note"], pointer="/signature_note")


def _write(
    session: Session,
    case: Case,
    result: str,
    note: str,
    findings: Sequence[str],
    checks: Sequence[FindingCheckIn],
    signing: Signing,
    arrival: AcceptanceArrival | None,
    *,
    by: Actor,
    now: datetime,
) -> Acceptance:
    acceptance = Acceptance(
        id=uuid4(), case_id=case.id, completion_id=_stated(session, case).id, result=result, findings=list(findings),
        note=note, accepted_by=by.account_id, accepted_at=now, people_present=signing.people_present,
        signature=signing.signature, signature_note=signing.note,
        arrival_id=arrival.id if arrival else None,
    )  # fmt: skip
    acceptance.record_hash = copies.digest(_recorded(case, acceptance, checks))
    session.add(acceptance)
    session.flush()
    check(session, acceptance, checks)
    return acceptance


def _stated(session: Session, case: Case) -> Completion:
    """The newest statement of completion."""
    of_it = select(Completion).where(Completion.case_id == case.id)
    return session.scalars(of_it.order_by(Completion.stated_at.desc()).limit(1)).one()


def _recorded(case: Case, made: Acceptance, checks: Sequence[FindingCheckIn]) -> dict[str, Any]:
    """What the record states, as JSON values."""
    return {
        "case": case.number, "acceptance": str(made.id), "accepted_at": made.accepted_at.isoformat(),
        "accepted_by": made.accepted_by, "result": made.result, "findings": made.findings, "note": made.note,
        "checks": sorted([str(each.finding_id), each.result, each.note] for each in checks),
        "arrival": str(made.arrival_id) if made.arrival_id else None,
        "people_present": made.people_present, "signature": made.signature, "signature_note": made.signature_note,
    }  # fmt: skip
