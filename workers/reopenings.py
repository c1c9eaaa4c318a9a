"""What follows a reopening beside the case: its old look-backs end, it comes up for listing, its body is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import aftercare, handling, notices, supervision
from cases.models.aftercare import Reopening
from cases.models.case import Case
from people import leaders
from people.actors import SYSTEM

REASONS = {"rebound": "rebound", "new_report": "repeats", "review_upheld": "review", "breach": "breach"}


def settle(session: Session, case_id: UUID, *, now: datetime) -> None:
    """See to the newest reopening of a case (T18, C6). Safe to repeat: who is up for listing is not put up again."""
    case = session.get_one(Case, case_id, with_for_update=True)
    aftercare.drop_rest(session, case, now=now)
    row = session.scalars(
        select(Reopening).where(Reopening.case_id == case_id).order_by(Reopening.round.desc()).limit(1)
    ).one()
    org_id = case.responsible_org_id
    who = leaders.told(leaders.at(session, org_id, now)) if org_id is not None else []
    supervision.propose_listing(session, case, reason=REASONS[row.cause], leaders=who, by=SYSTEM, now=now)
    text = f"案件 {case.number} 已重新办理，紧急程度提高，请按新的期限办理"
    if org_id is not None:
        notices.tell(session, org_id, "reopened", text, now=now, case_id=case.id)
    notices.tell_safety_office(session, "reopened", text, now=now, case_id=case.id)
    handling.say_if_nobody_is_left(session, case, now=now)
