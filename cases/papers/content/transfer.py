"""T11, M56, F30: the letter that hands a matter to the organ with power, or a suspected crime to the police.

Made from what the handlers found and listed, never from a report (X38, F53): the receiver learns what to act on and not
through whom it became known.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.handling import Verdict, Visit
from cases.models.referral import CriminalTransfer, Referral
from cases.papers.content.persons import (
    NoSuchSubject,
    Person,
    district_name,
    office_name,
    one_subject,
    people,
    person,
)


@dataclass(frozen=True)
class TransferPaper:
    """What is handed over, by whom, to whom, why, on which basis and with which materials."""

    number: str
    case_number: str
    district: str
    office: str
    receiver: str
    criminal: bool
    penalty_only: bool
    category: str
    place: str
    facts: str
    findings: tuple[str, ...]
    reason: str
    basis: str
    materials: tuple[str, ...]
    officers: tuple[Person, ...]
    signed_by: Person
    sent_at: datetime


def transfer(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> TransferPaper:
    """A referral of this case, or a criminal transfer that its head has approved. Raises NoSuchSubject."""
    wanted = one_subject(subject_id)
    referral = session.get(Referral, wanted)
    if referral is not None and referral.case_id == case.id:
        return _referral(session, case, referral, now)
    criminal = session.get(CriminalTransfer, wanted)
    if criminal is not None and criminal.case_id == case.id and criminal.sent_at is not None:
        return _criminal(session, case, criminal, criminal.sent_at, now)
    raise NoSuchSubject


def _referral(session: Session, case: Case, referral: Referral, now: datetime) -> TransferPaper:
    visit, summary = _found(session, case)
    return TransferPaper(
        number=referral.number, case_number=case.number, district=district_name(session, now),
        office=office_name(session, referral.from_org_id),
        receiver=referral.to_external or office_name(session, referral.to_org_id), criminal=False,
        penalty_only=referral.scope == "penalty", category=_category(session, case),
        place=(visit.place if visit else None) or "", facts=summary or (visit.facts if visit else None) or "",
        findings=tuple(map(str, visit.findings)) if visit else (), reason=referral.reason, basis=referral.basis,
        materials=tuple(map(str, referral.materials)), officers=(), signed_by=person(session, referral.sent_by),
        sent_at=referral.sent_at,
    )  # fmt: skip


def _criminal(
    session: Session, case: Case, criminal: CriminalTransfer, sent_at: datetime, now: datetime
) -> TransferPaper:
    visit, _ = _found(session, case)
    return TransferPaper(
        number=case.number, case_number=case.number, district=district_name(session, now),
        office=office_name(session, criminal.org_id), receiver=office_name(session, criminal.police_org_id),
        criminal=True, penalty_only=False, category=_category(session, case),
        place=(visit.place if visit else None) or "", facts=criminal.facts,
        findings=tuple(map(str, visit.findings)) if visit else (), reason=criminal.reasons or "",
        basis=criminal.suspicion, materials=tuple(map(str, criminal.materials)),
        officers=people(session, criminal.officer_ids), signed_by=person(session, criminal.decided_by),
        sent_at=sent_at,
    )  # fmt: skip


def _category(session: Session, case: Case) -> str:
    return policy.category_version(session, case.category_code, case.category_version).zh


def _found(session: Session, case: Case) -> tuple[Visit | None, str]:
    """The newest complete visit, and what the newest verdict says that nobody sent back."""
    visits = select(Visit).where(Visit.case_id == case.id, Visit.completed_at.is_not(None))
    verdicts = select(Verdict.summary).where(Verdict.case_id == case.id, Verdict.state != "returned")
    visit = session.scalars(visits.order_by(Visit.completed_at.desc()).limit(1)).first()
    return visit, session.scalars(verdicts.order_by(Verdict.proposed_at.desc()).limit(1)).first() or ""
