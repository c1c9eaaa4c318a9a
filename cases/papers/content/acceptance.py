"""T15, F10: the record of an acceptance, in four copies that differ in nothing but their recipient (M47)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.finding import Finding, FindingCheck
from cases.models.handling import Acceptance, AcceptanceArrival, Completion, Order, RecordCopy, Visit
from cases.papers.content.copies import Recipient, agree, recipients
from cases.papers.content.persons import NoSuchSubject, Person, district_name, one_subject, person


@dataclass(frozen=True)
class Looked:
    """One finding as it was found again: passed or not, and what was said of it."""

    text: str
    result: str
    note: str


@dataclass(frozen=True)
class Arrived:
    """When whoever accepts was at the place, how far from it in whole metres, and why farther than usual (X20)."""

    at: datetime
    metres: int | None
    reason: str


@dataclass(frozen=True)
class AcceptancePaper:
    """What was ordered, what was said to be done, what was found of it, by whom, and the four recipients."""

    number: str
    district: str
    category: str
    inspected_unit: str
    place: str
    arrival: Arrived | None
    order_number: str
    ordered: str
    completion: str
    accepted_at: datetime
    accepted_by: Person
    people_present: str
    looked: tuple[Looked, ...]
    findings: tuple[str, ...]
    note: str
    refused: bool
    signature_note: str
    record_sha256: str
    recipients: tuple[Recipient, ...]


def acceptance(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> AcceptancePaper:
    """The record of an acceptance of this case that all findings passed. Raises NoSuchSubject, CopiesDiffer."""
    made = session.get(Acceptance, one_subject(subject_id))
    if made is None or made.case_id != case.id or made.result != "pass" or made.record_hash is None:
        raise NoSuchSubject
    agree(session, RecordCopy.acceptance_id == made.id, made.record_hash)
    order = _order_of(session, made)
    completion = session.get_one(Completion, made.completion_id)
    visit = _visit_before(session, made)
    unit = (visit.inspected_unit if visit else None) or ""
    return AcceptancePaper(
        number=case.number, district=district_name(session, now),
        category=policy.category_version(session, case.category_code, case.category_version).zh,
        inspected_unit=unit, place=(visit.place if visit else None) or "", arrival=_arrived(session, made),
        order_number=order.number if order else "", ordered=order.text if order else "",
        completion=completion.statement, accepted_at=made.accepted_at, accepted_by=person(session, made.accepted_by),
        people_present=made.people_present or "", looked=_looked(session, made),
        findings=tuple(map(str, made.findings)), note=made.note,
        refused=made.signature == "refused", signature_note=made.signature_note or "",
        record_sha256=made.record_hash.hex(), recipients=recipients(session, case, unit=unit),
    )  # fmt: skip


def _looked(session: Session, made: Acceptance) -> tuple[Looked, ...]:
    rows = (
        select(Finding.text, FindingCheck.result, FindingCheck.note)
        .join(FindingCheck, FindingCheck.finding_id == Finding.id)
        .where(FindingCheck.acceptance_id == made.id)
        .order_by(Finding.visit_id, Finding.position)
    )
    return tuple(Looked(text, result, note or "") for text, result, note in session.execute(rows))


def _order_of(session: Session, made: Acceptance) -> Order | None:
    """The newest order of before the acceptance: it is what was carried out."""
    issued = select(Order).where(Order.case_id == made.case_id, Order.issued_at <= made.accepted_at)
    return session.scalars(issued.order_by(Order.issued_at.desc()).limit(1)).first()


def _visit_before(session: Session, made: Acceptance) -> Visit | None:
    """The last visit with a record before the acceptance: it says where, and who was inspected."""
    before = select(Visit).where(Visit.case_id == made.case_id, Visit.completed_at <= made.accepted_at)
    return session.scalars(before.order_by(Visit.completed_at.desc()).limit(1)).first()


def _arrived(session: Session, made: Acceptance) -> Arrived | None:
    if made.arrival_id is None:
        return None
    row = session.get_one(AcceptanceArrival, made.arrival_id)
    metres = None if row.distance_m is None else round(row.distance_m)
    return Arrived(row.arrived_at, metres, row.distance_reason or "")
