"""What a penalty needs besides its decision: not to penalise at all (F22), publication (F12), revocation (F25)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import clocks, notices, policy, trail
from cases.journey import Kind
from cases.lifecycle import beside
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import Move, check
from cases.lifecycle.penalty import PENALTY_MOVES, PUBLICATION, WAIVER_PROPOSAL, WITHDRAWAL
from cases.models.case import Case
from cases.models.penalty import Penalty
from kit.errors import Conflict
from people.actors import Actor


class PublishedAlready(Conflict):
    """The decision has been published, or its withdrawal noted."""

    code = "penalty.published"


def propose_waiver(
    session: Session,
    case: Case,
    penalty: Penalty,
    *,
    reason: str,
    conditions: dict[str, bool],
    text: str,
    education: str,
    by: Actor,
    now: datetime,
) -> Penalty:
    """F22: a leader of the organ proposes not to penalise, with every condition of the reason ticked, and education.

    Raises UnknownReason and Incomplete with the conditions that are missing.
    """
    check(penalty, WAIVER_PROPOSAL, by=by)
    beside.of_its_organ(thing=penalty, by=by)
    policy.reason(session, "no_penalty", reason, now)
    wanted: list[str] = policy.value(session, "no_penalty_conditions", now)[reason]
    missing = [name for name in wanted if conditions.get(name) is not True]
    missing += ["education"] * (not education.strip())
    if missing:
        raise Incomplete("Every condition of the law must hold.", missing=missing, pointer="/conditions")
    penalty.waiver_reason, penalty.waiver_conditions = reason, dict.fromkeys(wanted, True)
    penalty.waiver_text, penalty.education = text, education
    penalty.waived_by, penalty.waived_at = by.account_id, now
    penalty.reviewed_by = penalty.reviewed_at = penalty.review_note = None
    _note(session, case, penalty, Kind.WAIVER_PROPOSED, by=by, now=now, reason=reason)
    return penalty


def waive(session: Session, case: Case, penalty: Penalty, *, note: str, by: Actor, now: datetime) -> Penalty:
    """F22: a legal reviewer, another person, confirms: this decision not to penalise is one of the lawful exits."""
    beside.move(
        session, case, penalty, PENALTY_MOVES["waive"], by=by, now=now, trail_={"reason": penalty.waiver_reason}
    )
    penalty.reviewed_by, penalty.reviewed_at, penalty.review_note = by.account_id, now, note
    return penalty


def refuse_waiver(session: Session, case: Case, penalty: Penalty, *, reason: str, by: Actor, now: datetime) -> Penalty:
    """F22: a legal reviewer does not confirm, and says why; it goes back to the leader who proposed it, who is told.

    The track stands where it stood: its organ goes on with it, or proposes anew. Raises SamePerson, Incomplete.
    """
    beside.move(
        session, case, penalty, PENALTY_MOVES["refuse_waiver"], by=by, now=now, reason=reason,
        trail_={"reason": reason, "back_to": penalty.waived_by},
        writes_={"reviewed_by": by.account_id, "reviewed_at": now, "review_note": reason},
    )  # fmt: skip
    proposed_by = [penalty.waived_by] if penalty.waived_by is not None else []
    text = f"{policy.category_of(session, case).zh}：不予处罚的建议未通过法制审核，请继续办理或者重新提出"
    notices.tell_people(session, penalty.org_id, proposed_by, "waiver_refused", text, now=now, case_id=case.id)
    return penalty


def publish(session: Session, case: Case, penalty: Penalty, *, where: str, by: Actor, now: datetime) -> Penalty:
    """F12: a decision that was served stands on the organ's public system; the 7 working days are kept or missed."""
    _act(penalty, PUBLICATION, by=by)
    if penalty.published_at is not None:
        raise PublishedAlready
    penalty.published_at, penalty.published_where = now, where
    clocks.stop_beside(session, case, "publish_penalty", about=penalty.id, now=now)
    _note(session, case, penalty, Kind.PENALTY_PUBLISHED, by=by, now=now, where=where)
    return penalty


def revoke(session: Session, case: Case, penalty: Penalty, *, reason: str, by: Actor, now: datetime) -> Penalty:
    """F25: revoked, changed or found void; what was published is withdrawn within 3 working days, with reasons."""
    beside.move(session, case, penalty, PENALTY_MOVES["revoke"], by=by, now=now, trail_={"reason": reason})
    penalty.revoked_by, penalty.revoked_at, penalty.revoke_reason = by.account_id, now, reason
    return penalty


def withdraw(session: Session, case: Case, penalty: Penalty, *, note: str, by: Actor, now: datetime) -> Penalty:
    """F25: nothing public shows the revoked decision any more; `note` says where the reasons stand."""
    _act(penalty, WITHDRAWAL, by=by)
    if penalty.withdrawn_at is not None:
        raise PublishedAlready
    penalty.withdrawn_at = now
    clocks.stop_beside(session, case, "withdraw_publication", about=penalty.id, now=now)
    _note(session, case, penalty, Kind.PUBLICATION_WITHDRAWN, by=by, now=now, note=note)
    return penalty


def _act(penalty: Penalty, row: Move, *, by: Actor) -> None:
    check(penalty, row, by=by)
    beside.of_its_organ(thing=penalty, by=by)


def _note(session: Session, case: Case, penalty: Penalty, kind: Kind, *, by: Actor, now: datetime, **told: Any) -> None:
    penalty.version += 1
    case.version += 1
    trail.record(session, case, kind, by=by, now=now, id=str(penalty.id), **told)
