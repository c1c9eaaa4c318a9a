"""Measures up to the moment they hold (C4.4, M49, M51): proposed, approved by another person, put in force by two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cases import deadlines, notices, policy, trail
from cases.enforcing.tags import BREACH, press
from cases.journey import Kind
from cases.lifecycle import beside, guards, powers
from cases.lifecycle.machine import NotInState
from cases.lifecycle.measure import MEASURE_MOVES, TermTooLong, type_of
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from kit.errors import NotFound
from people.actors import Actor


class NoSuchMeasure(NotFound):
    """This case has no such measure."""

    code = "measure.unknown"


@dataclass(frozen=True)
class MeasureDraft:
    """What an officer proposes: which power, against whom, over what, on which ground."""

    type_code: str
    party: str
    scope: str
    ground: str
    reasoning: str
    basis: str
    decision_ref: str | None = None
    replaces_id: UUID | None = None


def find_measure(session: Session, case: Case, measure_id: UUID) -> Measure:
    """One measure of a locked case. Raises NoSuchMeasure."""
    found: Measure = beside.find(session, case, Measure, measure_id, NoSuchMeasure)
    return found


def propose(session: Session, case: Case, draft: MeasureDraft, *, by: Actor, now: datetime) -> Measure:
    """Propose a measure of the actor's body.

    Raises NoPower, UnknownReason, UnknownMeasureType, Incomplete, WeakerInstead.
    """
    kind = policy.measure_type(session, draft.type_code, now, nature="measure")
    if draft.replaces_id is not None:
        find_measure(session, case, draft.replaces_id)
    measure = Measure(
        id=uuid4(), case_id=case.id, org_id=by.org_id, state=beside.NEW, version=0, type_version=kind.version,
        proposed_by=by.account_id, proposed_at=now, officer_ids=[], extensions=0, **draft.__dict__,
    )  # fmt: skip
    beside.move(
        session, case, measure, MEASURE_MOVES["propose"], by=by, now=now,
        trail_={"type": kind.code, "ground": draft.ground},
    )  # fmt: skip
    delegation = powers.source_of(session, measure.org_id, kind, now)
    measure.delegation_id = delegation.id if delegation else None
    session.add(measure)
    session.flush()
    return measure


def approve(
    session: Session, case: Case, measure: Measure, *, note: str, decision_ref: str | None, by: Actor, now: datetime
) -> Measure:
    """A leader of the organ approves; a closure cites the county government's decision (M43, F08)."""
    cited = decision_ref or measure.decision_ref
    written = {"decision_ref": cited, "approved_by": by.account_id, "approved_at": now, "approval_note": note}
    beside.move(
        session, case, measure, MEASURE_MOVES["approve"], by=by, now=now, note=note, decision_ref=cited, writes_=written
    )
    return measure


def drop(session: Session, case: Case, measure: Measure, *, note: str, by: Actor, now: datetime) -> Measure:
    """A leader turns a measure down before it holds."""
    beside.move(session, case, measure, MEASURE_MOVES["drop"], by=by, now=now, trail_={"note": note})
    _ended(measure, note=note, by=by, now=now)
    return measure


def put_in_force(
    session: Session,
    case: Case,
    measure: Measure,
    *,
    officer_ids: Sequence[int],
    owner_id: int,
    until: datetime | None,
    by: Actor,
    now: datetime,
) -> Measure:
    """Two certified officers serve it; from now on it holds, at most to its legal end (F45), and has an owner (M17).

    What it replaces ends in the same moment. A suspension has no end but its review (M41). Raises EndsByAcceptance,
    WeakerInstead, TermTooLong, TooFewOfficers, NoPower, Incomplete.
    """
    ends_at = term(session, measure, until=until, since=now, now=now)
    beside.move(
        session, case, measure, MEASURE_MOVES["put_in_force"], by=by, now=now, officer_ids=officer_ids,
        owner_id=owner_id, until=until, trail_={"ends_at": ends_at and ends_at.isoformat()},
        writes_={
            "owner_id": owner_id, "officer_ids": list(officer_ids), "begins_at": now, "ends_at": ends_at,
            "original_ends_at": ends_at,
        },
    )  # fmt: skip
    if measure.replaces_id is not None:
        replaced = find_measure(session, case, measure.replaces_id)
        beside.move(session, case, replaced, MEASURE_MOVES["replace"], by=by, now=now, trail_={"with": str(measure.id)})
        _ended(replaced, note="", by=by, now=now)
    return measure


def hand_over_measure(
    session: Session, case: Case, measure: Measure, *, owner_id: int, reason: str, by: Actor, now: datetime
) -> Measure:
    """M17: somebody else of the organ answers for a measure that holds. Raises NotYourBody, Incomplete."""
    beside.move(
        session, case, measure, MEASURE_MOVES["hand_over"], by=by, now=now, owner_id=owner_id, reason=reason,
        trail_={"was": measure.owner_id, "to": owner_id, "reason": reason}, writes_={"owner_id": owner_id},
    )  # fmt: skip
    text = f"案件 {case.number}：在施措施转由您负责"
    notices.tell(
        session, measure.org_id, "measure_handed_over", text, now=now, case_id=case.id, account_id=owner_id
    )  # fmt: skip
    return measure


def breached(session: Session, case: Case, measure: Measure, *, facts: str, by: Actor, now: datetime) -> Measure:
    """M41: found at work in spite of a measure that holds; the case becomes immediate and the police are called.

    One that is closed is opened again (T18).
    """
    guards.of_a_tasked_body(session=session, case=case, by=by)
    if measure.state not in HOLDING:
        raise NotInState("Only a measure that holds can be breached.", rule="M41", state=measure.state)
    measure.breached_at = now
    measure.version += 1
    trail.record(
        session, case, Kind.MEASURE_BREACHED, by=by, now=now, id=str(measure.id), facts=facts, officer=by.account_id
    )  # fmt: skip
    press(session, case, BREACH, facts=facts, by=by, now=now)
    return measure


def term(
    session: Session, measure: Measure, *, until: datetime | None, since: datetime, now: datetime
) -> datetime | None:
    """When a measure ends that holds since or goes on from `since`: the wanted end, at most the legal one (F45).

    Raises TermTooLong.
    """
    kind = type_of(session, measure)
    if kind.term_amount is None or kind.term_unit is None:
        latest = None
    else:
        latest = deadlines.add(since, kind.term_amount, kind.term_unit, policy.calendar(session, now)).due_at
    if until is not None and (until <= since or (latest is not None and until > latest)):
        raise TermTooLong(latest=latest and latest.isoformat())
    return until or latest


def _ended(measure: Measure, *, note: str, by: Actor, now: datetime) -> None:
    measure.ended_at, measure.ended_by, measure.end_note = now, by.account_id, note
