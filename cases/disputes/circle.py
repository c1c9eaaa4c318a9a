"""X14: offices that point at each other, for one case or at one place, are the safety office's matter at once."""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import cast, select
from sqlalchemy.orm import Session, aliased

from cases import notices, policy
from cases.models.case import Case
from cases.models.dispute import ReturnRequest


def find_circle(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Mark open requests of a case that point at an office which pointed, or sent, the other way. Safe to repeat."""
    unmarked = select(ReturnRequest).where(
        ReturnRequest.case_id == case_id, ReturnRequest.state == "requested", ~ReturnRequest.circle,
        ReturnRequest.proposed_org_id.is_not(None),
    )  # fmt: skip
    case = session.get_one(Case, case_id)
    for request in session.scalars(unmarked.with_for_update()):
        if _points_back(session, case, request, now):
            request.circle = True
            text = f"案件 {case.number}：两家单位互相推诿，请立即裁定"
            notices.tell_district(session, "circle", text, now=now, case_id=case_id)


def _points_back(session: Session, case: Case, request: ReturnRequest, now: datetime) -> bool:
    """Whether the proposed office has itself named this one, for this case or within reach of its place."""
    other, there = aliased(ReturnRequest), aliased(Case)
    within_m = policy.value(session, "merge_distance_m", now)
    here = select(Case.point).where(Case.id == case.id).scalar_subquery()
    near = cast(there.point, Geography).ST_DWithin(cast(here, Geography), within_m)
    found = (
        select(other.id)
        .join(there, there.id == other.case_id)
        .where(
            other.id != request.id,
            other.org_id == request.proposed_org_id,
            (other.proposed_org_id == request.org_id) | (other.new_org_id == request.org_id),
            (other.case_id == case.id) | near,
        )
    )
    return session.scalars(found.limit(1)).first() is not None
