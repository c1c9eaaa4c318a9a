"""Tags that make a case pressing at once: obstruction and a breached suspension call the police (M41, M59)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import clocks, notices, policy, routing, trail
from cases.journey import Kind
from cases.lifecycle import beside, guards, tagging
from cases.lifecycle.tagging import TaggedAlready
from cases.models.case import Case
from cases.models.measure import CaseTag
from kit.errors import NotAllowed
from people.actors import Actor
from people.roles import HANDLERS

OBSTRUCTION, BREACH = "obstruction", "suspension_breached"
GOALS = {OBSTRUCTION: "到场处置抗拒执法行为", BREACH: "到场协助制止违反停产令的行为"}


class MayNotTag(NotAllowed):
    """Only those who handle a case tag it (M07)."""

    code = "role.missing"


def obstructed(session: Session, case: Case, *, facts: str, by: Actor, now: datetime) -> CaseTag:
    """M59: somebody resists enforcement in a locked case. Raises MayNotTag, TaggedAlready."""
    if not by.has(*HANDLERS):
        raise MayNotTag
    beside.being_handled(case=case)
    guards.of_a_tasked_body(session=session, case=case, by=by)
    if tagging.tag_of(session, case, OBSTRUCTION) is not None:
        raise TaggedAlready
    return press(session, case, OBSTRUCTION, facts=facts, by=by, now=now)


def press(session: Session, case: Case, code: str, *, facts: str, by: Actor, now: datetime) -> CaseTag:
    """Tag a locked case, make it immediate, call the police and tell the district, each time anew."""
    reason = policy.reason(session, "tag", code, now)
    tag = tagging.tag_of(session, case, code) or tagging.put(session, case, code, facts=facts, by=by, now=now)
    clocks.be_timed_by(session, case, "immediate")
    case.version += 1
    trail.record(session, case, Kind.TAGGED, by=by, now=now, tag=code, facts=facts)
    text = f"案件 {case.number}：{reason.zh}"
    notices.tell_district(session, code, text, now=now, case_id=case.id)
    police = routing.police_of_the_district(session)
    if (
        police is not None
        and routing.involve(session, case, police, goal=GOALS[code], why=code, by=by, now=now) is None
    ):
        notices.tell(session, police.id, code, text, now=now, case_id=case.id)
    return tag
