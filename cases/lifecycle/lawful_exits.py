"""What closing asks of penalties, measures and referrals (C4.3): G-PEN, G-MEA, G-REF. An empty answer holds."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from cases.lifecycle.measure import last_review, type_of
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from cases.models.penalty import DECIDED, Penalty
from cases.models.referral import CriminalTransfer, Referral
from people.models import Account

OPEN_TRACK = ("filed", "investigated", "notified", "hearing")
AWAITED = ("sent", "accepted", "refused")  # in external tracking it is checked each month instead
UNDECIDED = ("reported", "approved", "sent")


def penalty_exit(session: Session, case: Case, *, wanted: bool) -> str:
    """G-PEN: a decision, a reviewed decision not to penalise, an accepted referral or the police's slip (M44, X22).

    Where a penalty track was opened it is ended, wanted or not.
    """
    if session.scalar(select(exists().where(Penalty.case_id == case.id, Penalty.state.in_(OPEN_TRACK)))):
        return "a penalty track is open"
    if not wanted:
        return ""
    decided = exists().where(Penalty.case_id == case.id, Penalty.state.in_((*DECIDED, "not_penalised")))
    referred = exists().where(
        Referral.case_id == case.id, Referral.accepted_at.is_not(None), Referral.state != "returned"
    )
    at_the_police = exists().where(CriminalTransfer.case_id == case.id, CriminalTransfer.state == "accepted")
    if session.scalar(select(or_(decided, referred, at_the_police))):
        return ""
    return "rectified is not penalised: no decision, no waiver, no accepted referral, no slip of the police"


def measures_settled(session: Session, case: Case, *, suspension_decided: bool) -> str:
    """G-MEA: nothing pending, nothing in force without an owner, and what was lifted was lifted after acceptance."""
    measures = session.scalars(select(Measure).where(Measure.case_id == case.id, Measure.state != "dropped")).all()
    if any(measure.state in {"proposed", "approved", "lift_requested"} for measure in measures):
        return "a measure waits for a decision"
    if any(measure.state in HOLDING and not _owned(session, measure) for measure in measures):
        return "a measure is in force without an owner"
    if any(measure.state == "lifted" and not _lifted_well(session, measure) for measure in measures):
        return "a suspension was lifted without acceptance"
    if suspension_decided and not any(type_of(session, measure).stops_business for measure in measures):
        return "a suspension was decided and none was ordered"
    return ""


def referrals_answered(session: Session, case: Case, *, prosecution_decided: bool) -> str:
    """G-REF: no result is awaited, unless the safety office tracks it outside; a crime reported is a crime decided."""
    if session.scalar(select(exists().where(Referral.case_id == case.id, Referral.state.in_(AWAITED)))):
        return "a referral awaits its result"
    states = set(session.scalars(select(CriminalTransfer.state).where(CriminalTransfer.case_id == case.id)))
    if states & set(UNDECIDED):
        return "a criminal transfer has no receipt yet"
    if prosecution_decided and not states:
        return "a criminal transfer was decided and none was reported"
    return ""


def _owned(session: Session, measure: Measure) -> bool:
    owner = session.get(Account, measure.owner_id) if measure.owner_id is not None else None
    return owner is not None and owner.active


def _lifted_well(session: Session, measure: Measure) -> bool:
    review = last_review(session, measure)
    passed = review is not None and review.result == "pass" and review.org_id == measure.org_id
    return passed or not type_of(session, measure).needs_acceptance
