"""M40: a leader decides what follows when a hazard is still there after its time, and begins it in the same act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import clocks
from cases.enforcing.measure import find_measure
from cases.enforcing.referral import ReferralDraft, refer
from cases.lifecycle import beside
from cases.lifecycle.decision import DECISION_MOVES
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.referral import WHOLE
from cases.models.case import Case
from cases.models.second_look import DecisionTask
from kit.errors import NotFound
from people.actors import Actor


class NoSuchDecision(NotFound):
    """No such decision was demanded in this case."""

    code = "decision.unknown"


@dataclass(frozen=True)
class ConsequenceDraft:
    """What a leader chooses. To suspend or to close names the proposed measure; to refer names what goes to whom."""

    choice: str
    ground: str | None
    basis: str
    reason: str
    measure_id: UUID | None = None
    referral: ReferralDraft | None = None


def find_decision(session: Session, case: Case, decision_id: UUID) -> DecisionTask:
    """One demanded decision of a locked case. Raises NoSuchDecision."""
    found: DecisionTask = beside.find(session, case, DecisionTask, decision_id, NoSuchDecision)
    return found


def decide_after_failure(
    session: Session, case: Case, task: DecisionTask, draft: ConsequenceDraft, *, by: Actor, now: datetime
) -> DecisionTask:
    """M40: decide. Words alone do not count: the measure is there, or the referral is made in this very act.

    Raises NoMeasure, Incomplete, UnknownReason, NotYourBody and what the referral's own machine refuses.
    """
    measure = find_measure(session, case, draft.measure_id) if draft.measure_id else None
    ground = None if draft.choice == "refer" else draft.ground
    beside.move(
        session, case, task, DECISION_MOVES["decide"], by=by, now=now, choice=draft.choice, ground=draft.ground,
        basis=draft.basis, reason=draft.reason, measure=measure,
        trail_={"choice": draft.choice, "measure": str(measure.id) if measure else None},
        writes_={
            "choice": draft.choice, "ground": ground, "basis": draft.basis, "reason": draft.reason,
            "decided_by": by.account_id, "decided_at": now,
        },
    )  # fmt: skip
    if draft.choice == "refer":
        if draft.referral is None or draft.referral.scope != WHOLE:
            raise Incomplete("Say to whom the whole matter goes.", missing=["referral"], pointer="/referral")
        refer(session, case, draft.referral, by=by, now=now)
    clocks.look_again(session, case, "rectify", "rework")  # a date that came meanwhile waited for this (T13)
    return task
