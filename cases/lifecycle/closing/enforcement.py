"""What closing asks of penalties, measures and referrals (C4.3): G-PEN, G-MEA, G-REF."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.lifecycle.closing.findings import FOUND, decided
from cases.lifecycle.closing.shut import Shut, at
from cases.lifecycle.measure import last_review, type_of
from cases.lifecycle.rounds import came_back, of_this_round
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from cases.models.paper import Scan
from cases.models.penalty import DECIDED, Penalty
from cases.models.referral import CriminalTransfer, Referral
from people.models import Account

OPEN_TRACK = ("filed", "investigated", "notified", "hearing")
AWAITED = ("sent", "accepted", "refused", "found")  # in external tracking it is checked each month instead
UNDECIDED = ("reported", "approved", "sent")


def penalised(session: Session, case: Case) -> Shut | None:
    """G-PEN: a decision, a reviewed decision not to penalise, an accepted referral or the police's slip (M44, X22).

    Where a penalty track was opened it is ended, wanted or not. A violation that came back is decided on anew (T18).
    """
    if session.scalar(select(exists().where(Penalty.case_id == case.id, Penalty.state.in_(OPEN_TRACK)))):
        return Shut("penalty_open", "行政处罚程序尚未终结", "A penalty track is open", at(case, "penalties"))
    if not owed(session, case):
        return None
    if _lawfully_ended(session, case, stored=False):
        return Shut(
            "slip_not_stored", "移送回执（扫描件）尚未存档，或者未经他人录入",
            "The receiver's slip is not stored, or was entered by whoever sent it", f"{at(case)}/scans",
        )  # fmt: skip
    return Shut(
        "not_penalised", "整改不能代替处罚：尚无处罚决定、不予处罚决定、已接收的移送或者公安回执",
        "Rectified is not penalised: no decision, no waiver, no accepted referral, no slip of the police",
        at(case, "penalties"),
    )  # fmt: skip


def owed(session: Session, case: Case) -> bool:
    """Whether a penalty is wanted for what was found, and none of the lawful ends has been reached (M44)."""
    wanted = case.penalty_policy == "mandatory" or decided(session, case, "penalise")
    return wanted and case.outcome in FOUND and not _lawfully_ended(session, case)


def measures_settled(session: Session, case: Case) -> Shut | None:
    """G-MEA: nothing pending, nothing in force without an owner, and what was lifted was lifted after acceptance."""
    measures = session.scalars(select(Measure).where(Measure.case_id == case.id, Measure.state != "dropped")).all()
    link = at(case, "measures")
    if any(measure.state in {"proposed", "approved", "lift_requested"} for measure in measures):
        return Shut("measure_pending", "有措施待决定", "A measure waits for a decision", link)
    if any(measure.state in HOLDING and not _owned(session, measure) for measure in measures):
        return Shut("measure_without_owner", "有措施无人负责", "A measure is in force without an owner", link)
    if any(measure.state == "lifted" and not _lifted_well(session, measure) for measure in measures):
        return Shut(
            "lifted_without_acceptance", "停产停业未经验收即解除", "A suspension was lifted without acceptance", link
        )
    stopped = any(type_of(session, measure).stops_business for measure in measures)
    if decided(session, case, "suspend") and not stopped:
        return Shut("suspension_not_ordered", "已决定停产停业但尚未下达", "A suspension was not ordered", link)
    return None


def referrals_answered(session: Session, case: Case) -> Shut | None:
    """G-REF: no result is awaited, unless the safety office tracks it outside; a crime reported is a crime decided."""
    if session.scalar(select(exists().where(Referral.case_id == case.id, Referral.state.in_(AWAITED)))):
        return Shut("referral_awaited", "移送尚无结果", "A referral awaits its result", at(case, "referrals"))
    link = at(case, "criminal_transfers")
    states = set(session.scalars(select(CriminalTransfer.state).where(CriminalTransfer.case_id == case.id)))
    if states & set(UNDECIDED):
        return Shut("crime_without_receipt", "移送公安尚无回执", "A criminal transfer has no receipt yet", link)
    if decided(session, case, "prosecute") and not states:
        return Shut("crime_not_reported", "已决定移送公安但尚未移送", "A transfer was decided, none reported", link)
    return None


def _lawfully_ended(session: Session, case: Case, *, stored: bool = True) -> bool:
    """Whether one of the lawful ends is there; a slip that the sender entered counts with a scan of it (M44, X22).

    `stored=False` asks whether one would be but for that.
    """
    anew = came_back(session, case)

    def begun(at: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        return of_this_round(case, at) if anew else true()

    penalised = exists().where(
        Penalty.case_id == case.id, Penalty.state.in_((*DECIDED, "not_penalised")), begun(Penalty.filed_at)
    )
    referred = exists().where(
        Referral.case_id == case.id, Referral.accepted_at.is_not(None), Referral.state != "returned",
        begun(Referral.sent_at),
        or_(
            literal(not stored), Referral.to_org_id.is_not(None),
            and_(Referral.accepted_by != Referral.sent_by, _slip_of(Referral.id, Referral.accepted_at)),
        ),
    )  # fmt: skip
    at_the_police = exists().where(
        CriminalTransfer.case_id == case.id, CriminalTransfer.state == "accepted", begun(CriminalTransfer.reported_at),
        or_(
            literal(not stored), CriminalTransfer.by_police,
            _slip_of(CriminalTransfer.id, CriminalTransfer.answered_at),
        ),
    )  # fmt: skip
    return bool(session.scalar(select(or_(penalised, referred, at_the_police))))


def _slip_of(
    thing: InstrumentedAttribute[UUID], entered_at: InstrumentedAttribute[datetime | None]
) -> ColumnElement[bool]:
    """A copy of the receiver's slip is in the file, to be shown, since somebody said that it was there (X57)."""
    return exists().where(
        Scan.kind == "transfer", Scan.subject_id == thing, Scan.state == "clean", Scan.received_at >= entered_at
    )


def _owned(session: Session, measure: Measure) -> bool:
    owner = session.get(Account, measure.owner_id) if measure.owner_id is not None else None
    return owner is not None and owner.active


def _lifted_well(session: Session, measure: Measure) -> bool:
    review = last_review(session, measure)
    passed = review is not None and review.result == "pass" and review.org_id == measure.org_id
    return passed or not type_of(session, measure).needs_acceptance
