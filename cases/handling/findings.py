"""Findings as rows: written with the record, shown by pictures, checked one by one at each acceptance (M46, T15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.models.case import Case
from cases.models.finding import Finding, FindingCheck, FindingPicture
from cases.models.handling import Acceptance, Picture, Visit
from kit.errors import Invalid, NotAllowed, NotFound
from people.actors import Actor
from people.roles import Role


class NoSuchFinding(NotFound):
    """There is no such finding in this case."""

    code = "finding.unknown"


class NotOfThisCase(Invalid):
    """Evidence is a picture of the same case."""

    code = "picture.of_another_case"
    pointer = "/picture_ids"


class MayNotLink(NotAllowed):
    """Only those who verify add evidence (M07)."""

    code = "role.missing"


@dataclass(frozen=True)
class FindingCheckIn:
    """What an acceptance says of one finding."""

    finding_id: UUID
    result: str  # pass or fail
    note: str = ""


def write(
    session: Session,
    visit: Visit,
    texts: Sequence[str],
    evidence: Mapping[int, Sequence[UUID]],
    *,
    by: Actor,
    now: datetime,
) -> list[Finding]:
    """The findings of a record as rows, with the pictures that show each (by its place in the list)."""
    rows = [
        Finding(case_id=visit.case_id, visit_id=visit.id, position=position, text=text)
        for position, text in enumerate(texts)
    ]
    session.add_all(rows)
    session.flush()
    for position, picture_ids in evidence.items():
        _link(session, rows[position], picture_ids, by=by, now=now)
    return rows


def link(
    session: Session, case: Case, *, finding_id: UUID, picture_ids: Sequence[UUID], by: Actor, now: datetime
) -> Finding:
    """Show a finding of a locked case by more of its pictures. Raises NoSuchFinding, NotOfThisCase, MayNotLink."""
    if not by.has(Role.TOWN_OFFICER, Role.DEPT_OFFICER):
        raise MayNotLink
    finding = session.scalars(select(Finding).where(Finding.case_id == case.id, Finding.id == finding_id)).one_or_none()
    if finding is None:
        raise NoSuchFinding
    _link(session, finding, picture_ids, by=by, now=now)
    case.version += 1
    trail.record(session, case, Kind.EVIDENCE_LINKED, by=by, now=now, finding=finding.position,
                 pictures=[str(each) for each in picture_ids])  # fmt: skip
    return finding


def check(session: Session, acceptance: Acceptance, checks: Sequence[FindingCheckIn]) -> None:
    """Write down what an acceptance said of each finding."""
    session.add_all(
        FindingCheck(
            acceptance_id=acceptance.id, finding_id=each.finding_id, case_id=acceptance.case_id, result=each.result,
            note=each.note, checked_at=acceptance.accepted_at,
        )
        for each in checks
    )  # fmt: skip
    session.flush()


def _link(session: Session, finding: Finding, picture_ids: Sequence[UUID], *, by: Actor, now: datetime) -> None:
    wanted = set(picture_ids)
    of_case = select(Picture.id).where(
        Picture.case_id == finding.case_id, Picture.id.in_(wanted), Picture.state != "rejected"
    )
    if wanted - set(session.scalars(of_case)):
        raise NotOfThisCase
    there = set(session.scalars(select(FindingPicture.picture_id).where(FindingPicture.finding_id == finding.id)))
    session.add_all(
        FindingPicture(
            finding_id=finding.id, picture_id=each, case_id=finding.case_id, linked_by=by.account_id, linked_at=now
        )
        for each in wanted - there
    )
    session.flush()
