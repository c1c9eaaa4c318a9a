"""Criminal transfers (M59, F30): two officers report, the head decides in 3 days, the police sign within 24 hours."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cases import notices, routing
from cases.lifecycle import beside
from cases.lifecycle.criminal import CRIMINAL_MOVES
from cases.lifecycle.guards import Incomplete
from cases.models.case import Case
from cases.models.referral import CriminalTransfer
from kit.errors import NotFound
from people.actors import Actor
from people.models import Org


class NoSuchTransfer(NotFound):
    """This case has no such criminal transfer."""

    code = "criminal.unknown"


def find_transfer(session: Session, case: Case, transfer_id: UUID) -> CriminalTransfer:
    """One criminal transfer of a locked case. Raises NoSuchTransfer."""
    found: CriminalTransfer = beside.find(session, case, CriminalTransfer, transfer_id, NoSuchTransfer)
    return found


def report_crime(
    session: Session,
    case: Case,
    *,
    suspicion: str,
    facts: str,
    officer_ids: Sequence[int],
    by: Actor,
    now: datetime,
) -> CriminalTransfer:
    """At least two certified officers report a suspicion; the head has three days. Raises TooFewOfficers."""
    transfer = CriminalTransfer(
        id=uuid4(), case_id=case.id, org_id=by.org_id, state=beside.NEW, version=0, suspicion=suspicion, facts=facts,
        officer_ids=list(officer_ids), reported_by=by.account_id, reported_at=now, materials=[],
    )  # fmt: skip
    beside.move(session, case, transfer, CRIMINAL_MOVES["report"], by=by, now=now, officer_ids=officer_ids)
    session.add(transfer)
    session.flush()
    return transfer


def decide_transfer(
    session: Session, case: Case, transfer: CriminalTransfer, *, approved: bool, reasons: str, by: Actor, now: datetime
) -> CriminalTransfer:
    """The head approves, which starts the 24 hours, or rejects; the reasons are kept either way (F30)."""
    name = "approve" if approved else "reject"
    beside.move(session, case, transfer, CRIMINAL_MOVES[name], by=by, now=now, trail_={"approved": approved})
    transfer.decided_by, transfer.decided_at, transfer.reasons = by.account_id, now, reasons
    return transfer


def send(
    session: Session,
    case: Case,
    transfer: CriminalTransfer,
    *,
    police_org_id: int,
    materials: Sequence[str],
    by: Actor,
    now: datetime,
) -> CriminalTransfer:
    """Hand the file to the police, with the list of materials. Only their slip ends the 24 hours."""
    if not materials:
        raise Incomplete("List the materials.", missing=["materials"], pointer="/materials")
    beside.move(session, case, transfer, CRIMINAL_MOVES["send"], by=by, now=now, police_org_id=police_org_id)
    transfer.police_org_id, transfer.materials = police_org_id, list(materials)
    transfer.sent_at, transfer.sent_by = now, by.account_id
    police = session.get_one(Org, police_org_id)
    if routing.involve(session, case, police, goal="受理涉嫌犯罪案件移送", why="criminal", by=by, now=now) is None:
        text = f"案件 {case.number}：涉嫌犯罪案件移送，请受理"
        notices.tell(session, police_org_id, "criminal", text, now=now, case_id=case.id)
    return transfer


def acknowledge(
    session: Session, case: Case, transfer: CriminalTransfer, *, slip: str, by: Actor, now: datetime
) -> CriminalTransfer:
    """The police have it, and say so here, or the organ enters their slip: a lawful exit of G-PEN once it is stored."""
    by_police = by.org_id == transfer.police_org_id != transfer.org_id
    beside.move(
        session, case, transfer, CRIMINAL_MOVES["acknowledge"], by=by, now=now, slip=slip, trail_={"slip": slip},
        writes_={"slip": slip, "by_police": by_police, "answered_at": now},
    )  # fmt: skip
    if not by_police:
        text = f"案件 {case.number}：公安机关已受理移送，回执 {slip}，由移送单位录入"
        notices.tell_safety_office(session, "accepted_outside", text, now=now, case_id=case.id)
    return transfer


def decline(
    session: Session, case: Case, transfer: CriminalTransfer, *, reasons: str, by: Actor, now: datetime
) -> CriminalTransfer:
    """The police do not file it; the matter is the organ's to penalise again.

    Where the organ says so for them, it is somebody else of it, and the safety office hears of it. Raises SamePerson.
    """
    beside.move(session, case, transfer, CRIMINAL_MOVES["decline"], by=by, now=now, trail_={"reasons": reasons})
    transfer.answered_at = now
    text = f"案件 {case.number}：公安机关不予立案，请依法处理"
    notices.tell(session, transfer.org_id, "criminal_declined", text, now=now, case_id=case.id)
    if by.org_id != transfer.police_org_id:
        text = f"案件 {case.number}：公安机关不予立案，由移送单位录入：{reasons}"
        notices.tell_safety_office(session, "declined_outside", text, now=now, case_id=case.id)
    return transfer
