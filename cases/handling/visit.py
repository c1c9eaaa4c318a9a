"""T6 and the record of a visit: check-in, findings, signatures; immutable once completed (M46, M47, F10)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, routing, ties
from cases.handling import checks, copies, findings
from cases.handling.bring_in import say_if_nobody_is_left
from cases.handling.leaving import open_visit
from cases.handling.record import VisitRecord, checks_of_case, complete, permit_of
from cases.lifecycle import accepting, beside
from cases.lifecycle import case as machine
from cases.lifecycle.certified import ENFORCEMENT, certified
from cases.lifecycle.visit import VISIT_MOVES
from cases.lifecycle.whereabouts import distance_m, stored
from cases.models.case import Case
from cases.models.handling import Visit
from geo.points import Point
from kit.errors import Conflict, Invalid
from people.actors import SYSTEM, Actor
from people.models import Account
from people.roles import Role

_COLUMNS = (
    "place", "people_present", "findings", "facts", "action", "permit_check", "checklist", "checks", "signature",
    "signature_note", "inspected_unit", "penalty",
)  # fmt: skip


class VisitOpen(Conflict):
    """A visit of this case has begun and is not completed."""

    code = "visit.open_already"
    message = "Another visit for this case is not completed yet."


class UnknownCompanion(Invalid):
    """A companion is no active officer."""

    code = "visit.unknown_companion"
    pointer = "/companion_ids"


@dataclass(frozen=True)
class CheckIn:
    """Where and with whom a visit starts; `point` is WGS-84, None when the phone had no fix."""

    kind: str  # verification, patrol, or enforcement
    point: Point | None
    companion_ids: Sequence[int]
    distance_reason: str | None


def start_visit(session: Session, case: Case, *, check_in: CheckIn, by: Actor, now: datetime) -> Visit:
    """T6: check in at the place of a locked case, the first time or again. Farther than the limit needs a reason.

    After the verdict only an enforcement check begins: it is what a penalty rests on (M61).
    Raises VisitOpen, UnknownCompanion, and what the guards refuse.
    """
    _none_open(session, case)
    known(session, check_in.companion_ids)
    ties.screen(session, case, check_in.companion_ids)
    distance = distance_m(session, case, check_in.point)
    after_verdict = check_in.kind == ENFORCEMENT and case.state in machine.CASE_MOVES["start_check"].source
    machine.move(
        session, case, "start_check" if after_verdict else "start_visit", by=by, now=now,
        distance_m=distance, distance_reason=check_in.distance_reason,
        visit_kind=check_in.kind, companion_ids=check_in.companion_ids,
        trail_={"visit": check_in.kind, "distance_m": distance and round(distance)},
    )  # fmt: skip
    visit = Visit(
        case_id=case.id, kind=check_in.kind, org_id=by.org_id, officer_id=by.account_id,
        companion_ids=list(check_in.companion_ids), started_at=now, point=stored(check_in.point),
        distance_m=distance, distance_reason=check_in.distance_reason,
    )  # fmt: skip
    _certify(session, case, visit, now=now)
    session.add(visit)
    session.flush()
    return visit


def complete_visit(session: Session, case: Case, *, record: VisitRecord, by: Actor, now: datetime) -> Visit:
    """Complete the open visit of a locked case: from now on the record is fixed, in four copies with one hash (M47).

    What its answers to the checks tell becomes a finding, a circumstance, or a department's task ((d)).

    Raises NoOpenVisit, and Incomplete while a block, a detail of a permit or of an answer is missing (M31, M34).
    """
    visit = open_visit(session, case, of=by.account_id)
    complete(session, case, record, visit.started_at)
    telling = checks.told(checks_of_case(session, case), record.checks, permit_of(record))
    found = [text for text in checks.findings_of(telling) if text not in record.findings]
    record = replace(record, findings=[*record.findings, *found])
    stated = _stated(record)
    fixed = _hash(case.number, visit, now, stated)
    beside.move(
        session, case, visit, VISIT_MOVES["complete"], by=by, now=now, trail_={"record_sha256": fixed.hex()},
        writes_={name: stated[name] for name in _COLUMNS} | {"completed_at": now, "record_hash": fixed},
    )  # fmt: skip
    findings.write(session, visit, record.findings, record.evidence, by=by, now=now)
    copies.make_four(session, visit)
    _ask_the_issuer(session, case, record, by=by, now=now)
    checks.follow(session, case, telling, by=by, now=now)
    if case.state == "closure_review":
        machine.move(session, case, "accept_more", by=SYSTEM, now=now, trail_={"findings": len(record.findings)})
        _tell_who_accepts(session, case, now=now)
    return visit


def _tell_who_accepts(session: Session, case: Case, *, now: datetime) -> None:
    """T15, M64: whoever accepts the case has more to accept than they knew."""
    say_if_nobody_is_left(session, case, now=now)
    org_id = accepting.whose(session, case) if accepting.by_others(session, case) else case.responsible_org_id
    if org_id is not None:
        leaders = notices.holders(session, org_id, Role.TOWN_LEADER, Role.DEPT_LEADER)
        text = f"案件 {case.number}：执法检查有新的检查发现，请组织验收"
        notices.tell_people(session, org_id, leaders, "more_to_accept", text, now=now, case_id=case.id)


def _ask_the_issuer(session: Session, case: Case, record: VisitRecord, *, by: Actor, now: datetime) -> None:
    """M04: whoever approved answers for it; `issued_by` of the permit check is a department's code or kind."""
    issuer = routing.issuer_of_permit(session, str((record.permit_check or {}).get("issued_by") or ""))
    if issuer is not None:
        routing.involve(session, case, issuer, goal="核实本部门所发许可并依法处理", why="permit", by=by, now=now)


def _certify(session: Session, case: Case, visit: Visit, *, now: datetime) -> None:
    """Note whether the visit can support a penalty, and on whose certificates (M61): only an enforcement check can."""
    visit.supports_penalty, visit.certificates = visit.kind == ENFORCEMENT, []
    if visit.supports_penalty:
        holders = certified(session, case, {visit.officer_id, *visit.companion_ids}, now=now)
        visit.certificates = [{"account_id": who, "number": number} for who, number in sorted(holders.items())]


def _stated(record: VisitRecord) -> dict[str, Any]:
    """The record as JSON values."""
    content = asdict(record)
    evidence = {str(place): sorted(str(each) for each in shown) for place, shown in record.evidence.items()}
    return {
        **content, "findings": list(record.findings), "checklist": list(content["checklist"]), "evidence": evidence,
        "checks": checks.stated(record.checks),
    }  # fmt: skip


def _hash(number: str, visit: Visit, completed_at: datetime, stated: dict[str, Any]) -> bytes:
    content = {
        "case": number, "visit": str(visit.id), "started_at": visit.started_at.isoformat(),
        "completed_at": completed_at.isoformat(), "kind": visit.kind, "certificates": visit.certificates, **stated,
    }  # fmt: skip
    return copies.digest(content)


def _none_open(session: Session, case: Case) -> None:
    begun = select(Visit.id).where(Visit.case_id == case.id, Visit.state == "open")
    if session.scalars(begun.limit(1)).first() is not None:
        raise VisitOpen


def known(session: Session, account_ids: Sequence[int]) -> None:
    """Raise UnknownCompanion unless each is the account of an active officer."""
    active = set(session.scalars(select(Account.id).where(Account.id.in_(account_ids), Account.active)))
    if set(account_ids) - active:
        raise UnknownCompanion
