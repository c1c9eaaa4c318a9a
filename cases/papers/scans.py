"""Scanned copies: what was signed, stamped or posted comes back to the file (X57, F10, M18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cases import access, trail
from cases.journey import Kind
from cases.models.case import Case
from cases.models.handling import Acceptance, Order, RecordCopy, Visit
from cases.models.paper import Paper, Scan
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral
from kit.errors import Invalid, NotAllowed, NotFound
from kit.storage import Kept
from people.actors import Actor
from people.roles import HANDLERS, Role

MAY_SCAN = HANDLERS | {Role.SAFETY_OFFICE}
# What a scanned copy of each kind can be of; a printed paper besides, of its own kind. `other` is of anything.
SUBJECTS: Mapping[str, tuple[type[Any], ...]] = {
    "visit_record": (RecordCopy, Visit),
    "acceptance": (RecordCopy, Acceptance),
    "order": (Order,),
    "transfer": (Referral, CriminalTransfer),
    "guidance": (Penalty,),
    "penalty": (Penalty,),
    "other": (RecordCopy, Visit, Acceptance, Order, Referral, CriminalTransfer, Penalty),
}


class NoSuchScan(NotFound):
    """There is no such scanned copy, or it is not for this actor."""

    code = "scan.unknown"
    message = "There is no such scanned copy."


class MayNotScan(NotAllowed):
    """Only those who handle a case add papers to it (M07)."""

    code = "role.missing"


class OfAnotherCase(Invalid):
    """What the scanned copy is said to be of is not part of this case, or is nothing of its kind."""

    code = "scan.subject_unknown"
    message = "This case has no such paper, record or order of this kind."
    pointer = "/subject_id"


@dataclass(frozen=True)
class NewScan:
    """A sealed file: `media` is image or pdf."""

    kind: str
    subject_id: UUID | None
    media: str
    file: Kept


def may_scan(by: Actor) -> None:
    """Raises MayNotScan, before any byte is taken."""
    if not by.has(*MAY_SCAN):
        raise MayNotScan


def add_scan(session: Session, case: Case, new: NewScan, *, by: Actor, now: datetime) -> Scan:
    """Attach a stored file to a locked case. An image gets clean copies; a PDF is kept and only handed out whole.

    Raises MayNotScan, OfAnotherCase.
    """
    may_scan(by)
    if new.subject_id is not None and not _of_this_case(session, case, new.kind, new.subject_id):
        raise OfAnotherCase
    scan = Scan(
        case_id=case.id, kind=new.kind, subject_id=new.subject_id, account_id=by.account_id, received_at=now,
        media=new.media, sha256=new.file.sha256, bytes_=new.file.bytes, storage_key=new.file.key,
        wrapped=new.file.wrapped, sealed_sha256=new.file.sealed_sha256,
        state="stored" if new.media == "image" else "clean",
    )  # fmt: skip
    session.add(scan)
    session.flush()
    trail.record(session, case, Kind.SCAN_ADDED, by=by, now=now, paper=new.kind, sha256=new.file.sha256.hex())
    return scan


def find_scan(session: Session, scan_id: UUID, *, by: Actor) -> Scan:
    """A scanned copy that can be shown, of a case that the actor may see. Raises NoSuchScan."""
    of_case = select(Scan).join(Case, Case.id == Scan.case_id)
    scan = session.scalars(
        of_case.where(Scan.id == scan_id, Scan.state == "clean", access.visible_to(by))
    ).one_or_none()
    if scan is None:
        raise NoSuchScan
    return scan


def scans_of(session: Session, case: Case) -> list[Scan]:
    """Every scanned copy of a case that the actor was allowed to load, the newest first."""
    return list(session.scalars(select(Scan).where(Scan.case_id == case.id).order_by(Scan.received_at.desc(), Scan.id)))


def _of_this_case(session: Session, case: Case, kind: str, subject_id: UUID) -> bool:
    found: list[Select[Any]] = [
        select(table.id).where(table.id == subject_id, table.case_id == case.id) for table in SUBJECTS.get(kind, ())
    ]
    printed = select(Paper.id).where(Paper.id == subject_id, Paper.case_id == case.id)
    found.append(printed if kind == "other" else printed.where(Paper.kind == kind))
    return any(session.scalar(each) is not None for each in found)
