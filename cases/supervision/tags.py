"""Marks on a case that set something off: a risk to social order is told to the district's duty at once (M116)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import tagging
from cases.lifecycle.tagging import TaggedAlready
from cases.models.case import Case, Notice
from cases.models.measure import CaseTag
from cases.supervision.words import about
from kit.errors import NotAllowed
from people.actors import Actor
from people.roles import HANDLERS, Role

SOCIAL_RISK = "social_risk"
TAGGERS = HANDLERS | {Role.SAFETY_OFFICE, Role.INTAKE_OFFICER}


def tag(session: Session, case: Case, *, facts: str, by: Actor, now: datetime) -> CaseTag:
    """Mark a locked case as a risk to social order. Raises NotAllowed, TaggedAlready."""
    if not by.has(*TAGGERS):
        raise NotAllowed
    if tagging.tag_of(session, case, SOCIAL_RISK) is not None:
        raise TaggedAlready
    made = tagging.put(session, case, SOCIAL_RISK, facts=facts, by=by, now=now)
    case.version += 1
    trail.record(session, case, Kind.TAGGED, by=by, now=now, tag=SOCIAL_RISK)
    text = about(session, case, "total", "涉及社会稳定风险，请立即处置")
    notices.tell_district(session, SOCIAL_RISK, text, now=now, case_id=case.id)
    return made


def receipts(session: Session, case: Case) -> list[Notice]:
    """The notices that the mark set off, each with who read it and when."""
    sent = select(Notice).where(Notice.case_id == case.id, Notice.kind == SOCIAL_RISK)
    return list(session.scalars(sent.order_by(Notice.id)))
