"""M46, M47, F10: the record of a visit, in four copies that differ in nothing but their recipient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.handling import RecordCopy, Visit
from cases.models.policy import CategoryVersion
from cases.papers.content.copies import Recipient, agree, recipients
from cases.papers.content.persons import NoSuchSubject, Person, district_name, one_subject, people
from cases.papers.words import UNITS


@dataclass(frozen=True)
class Permit:
    """Whether the permit was seen, and what was seen (M31)."""

    outcome: str
    number: str
    note: str


@dataclass(frozen=True)
class Block:
    """One block of the checklist as it was answered (M34)."""

    title: str
    answer: str
    note: str


@dataclass(frozen=True)
class Checked:
    """One check of the category as it was answered: the answer in a code, a measure with its unit, words ((d))."""

    title: str
    answer: str
    value: str
    note: str
    done: str


@dataclass(frozen=True)
class VisitRecordPaper:
    """Time, place, content, problems found, handling and signatures (F10), and the four recipients."""

    number: str
    district: str
    category: str
    kind: str
    inspected_unit: str
    place: str
    started_at: datetime
    completed_at: datetime
    inspectors: tuple[Person, ...]
    people_present: str
    certificates: tuple[str, ...]
    permit: Permit | None
    checklist: tuple[Block, ...]
    checks: tuple[Checked, ...]
    findings: tuple[str, ...]
    facts: str
    action: str
    penalty: str
    refused: bool
    signature_note: str
    record_sha256: str
    recipients: tuple[Recipient, ...]


def visit_record(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> VisitRecordPaper:
    """The record of a completed visit of this case. Raises NoSuchSubject, CopiesDiffer."""
    visit = session.get(Visit, one_subject(subject_id))
    if visit is None or visit.case_id != case.id or visit.completed_at is None or visit.record_hash is None:
        raise NoSuchSubject
    agree(session, RecordCopy.visit_id == visit.id, visit.record_hash)
    category = policy.category_version(session, case.category_code, case.category_version)
    return VisitRecordPaper(
        number=case.number, district=district_name(session, now), category=category.zh, kind=visit.kind,
        inspected_unit=visit.inspected_unit or "", place=visit.place or "",
        started_at=visit.started_at, completed_at=visit.completed_at,
        inspectors=people(session, [visit.officer_id, *visit.companion_ids]),
        people_present=visit.people_present or "", certificates=tuple(str(row["number"]) for row in visit.certificates),
        permit=_permit(visit.permit_check), checklist=_checklist(session, category, visit),
        checks=tuple(_checks(category, visit)),
        findings=tuple(map(str, visit.findings)), facts=visit.facts or "", action=visit.action or "",
        penalty=visit.penalty or "",
        refused=visit.signature == "refused", signature_note=visit.signature_note or "",
        record_sha256=visit.record_hash.hex(), recipients=recipients(session, case, unit=visit.inspected_unit or ""),
    )  # fmt: skip


def _permit(check: dict[str, Any] | None) -> Permit | None:
    if check is None:
        return None
    return Permit(*(str(check.get(name) or "") for name in ("outcome", "number", "note")))


def _checklist(session: Session, category: CategoryVersion, visit: Visit) -> tuple[Block, ...]:
    """The answers under the names that the blocks had when the visit began."""
    titles = {block["code"]: block["zh"] for block in policy.checklist(session, category, visit.started_at)}
    return tuple(
        Block(titles.get(row["block"], row["block"]), row["answer"], row.get("note") or "") for row in visit.checklist
    )


def _checks(category: CategoryVersion, visit: Visit) -> Iterator[Checked]:
    """What the visit answered, in the order of the catalogue; of a permit, what was done at once."""
    given = {row["code"]: row for row in visit.checks}
    for check in policy.checks_of(category):
        row = given.get(check.code)
        if row is None or (check.kind == "permit" and not row.get("done")):
            continue
        value = "" if row.get("value") is None else f"{row['value']:g}{UNITS.get(check.unit, check.unit)}"
        yield Checked(check.zh, row.get("answer", ""), value, row.get("note", ""), row.get("done", ""))
