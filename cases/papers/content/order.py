"""The order to rectify, with the five headings of M39 and what the unit may do against it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle.rounds import verdict_of
from cases.models.case import Case
from cases.models.delivery import OrderDelivery
from cases.models.handling import Order, Visit
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
class Delivered:
    """The receipt of an order: when, how, by whom, to whom, and who saw it refused."""

    how: str
    at: datetime
    officers: tuple[Person, ...]
    recipient: str
    capacity: str
    witnesses: tuple[str, ...]
    filmed: bool
    note: str


@dataclass(frozen=True)
class OrderPaper:
    """What is ordered, of whom, because of what, until when; responsibility, measures, funding, date, contingency."""

    number: str
    case_number: str
    district: str
    office: str
    addressee: str
    no_operator: bool
    place: str
    found: str
    findings: tuple[str, ...]
    qualification: str
    grade: str
    criterion: str
    text: str
    responsible_party: str
    measures: str
    funding: str
    due_at: datetime
    contingency: str
    interim_measures: str
    fixed_on_spot: bool
    issued_by: Person
    issued_at: datetime
    rights: str
    delivered: Delivered | None


def order(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> OrderPaper:
    """An order of this case. Raises NoSuchSubject."""
    issued = session.get(Order, one_subject(subject_id))
    if issued is None or issued.case_id != case.id:
        raise NoSuchSubject
    verdict = verdict_of(session, issued)
    visit = session.get(Visit, verdict.visit_id) if verdict else None
    signer = person(session, issued.issued_by)
    return OrderPaper(
        number=issued.number, case_number=case.number, district=district_name(session, now),
        office=signer.office or office_name(session, case.responsible_org_id),
        addressee=issued.responsible_party, no_operator=issued.no_operator,
        place=(visit.place if visit else None) or "", found=verdict.summary if verdict else "",
        findings=tuple(map(str, visit.findings)) if visit else (),
        qualification=verdict.qualification if verdict else "",
        grade=(verdict.grade if verdict else None) or case.grade,
        criterion=(verdict.criterion if verdict else None) or "", text=issued.text,
        responsible_party=issued.responsible_party, measures=issued.measures, funding=issued.funding,
        due_at=issued.due_at, contingency=issued.contingency, interim_measures=issued.interim_measures,
        fixed_on_spot=issued.fixed_on_spot,
        issued_by=signer, issued_at=issued.issued_at,
        rights=str(policy.value(session, "paper_texts", now)["order_rights"]["zh"]),
        delivered=_delivered(session, issued),
    )  # fmt: skip


def _delivered(session: Session, issued: Order) -> Delivered | None:
    receipt = session.scalars(select(OrderDelivery).where(OrderDelivery.order_id == issued.id)).one_or_none()
    if receipt is None:
        return None
    return Delivered(
        how=receipt.how, at=receipt.delivered_at, officers=people(session, receipt.officer_ids),
        recipient=receipt.recipient, capacity=receipt.capacity, witnesses=tuple(receipt.witnesses),
        filmed=receipt.filmed, note=receipt.note,
    )  # fmt: skip
