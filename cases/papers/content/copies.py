"""M47: the four copies of a record: who each goes to, and that all of them are copies of it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.handling import RECIPIENTS, RecordCopy
from cases.papers.content.persons import lead_departments, local_government, safety_office
from kit.errors import Conflict


class CopiesDiffer(Conflict):
    """The four copies do not carry the hash of the record: nothing may be handed out before somebody looks (M47)."""

    code = "paper.copies_differ"
    message = "The copies of this record do not agree with it."


@dataclass(frozen=True)
class Recipient:
    """Who one copy goes to; the inspected unit's name is written by hand where the record has none."""

    role: str
    name: str


def agree(session: Session, of_record: ColumnElement[bool], record_hash: bytes) -> None:
    """Raise CopiesDiffer unless the record has its four copies, and each carries its hash."""
    found = session.execute(select(RecordCopy.recipient, RecordCopy.record_hash).where(of_record)).all()
    if {recipient for recipient, _ in found} != set(RECIPIENTS) or {each for _, each in found} != {record_hash}:
        raise CopiesDiffer


def recipients(session: Session, case: Case, *, unit: str) -> tuple[Recipient, ...]:
    """Who the copies of a case's records go to; `unit` is whom the record names as inspected."""
    office = safety_office(session)
    names = (unit, local_government(session, case), "、".join(lead_departments(session, case)),
             office.name_zh if office else "")  # fmt: skip
    return tuple(Recipient(role, name) for role, name in zip(RECIPIENTS, names, strict=True))
