"""/o/v1/cases/{id}/escalations, notices and social-risks: how far a case has come, who answered then, who was told."""

from typing import Any
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access
from cases.supervision import deliveries, reading, tags
from cases.supervision.tags import TAGGERS
from people import leaders

router = officers_router("/cases/{case_id}", tags=["supervision"])


class SocialRisk(Body):
    """What may happen, in the officer's words: never a reporter's."""

    facts: Long


@router.get("/escalations", name="case_escalations")
@may(CASE_READERS)
def case_escalations(case_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """The rungs that this case has reached, each with the leaders of that day, and who answers for it now (M05)."""
    case = access.find(session, case_id, by=actor)
    now_led = leaders.at(session, case.responsible_org_id, now) if case.responsible_org_id else []
    rungs = [
        {"clock_id": r.clock_id, "rung": r.rung, "reached_at": r.reached_at, "fired_at": r.fired_at,
         "leaders": r.leaders}
        for r in reading.rungs(session, case)
    ]  # fmt: skip
    return {"items": rungs, "leaders": leaders.told(now_led)}


@router.get("/notices", name="case_notices")
@may(CASE_READERS)
def case_notices(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """Who was told what about this case, who has read it when, and for the district how it went out (M74)."""
    case = access.find(session, case_id, by=actor)
    return {
        "items": [
            {"id": n.id, "kind": n.kind, "text": n.text, "org_id": n.org_id, "account_id": n.account_id,
             "told_at": n.created_at, "read_at": n.read_at, "read_by": n.read_by,
             "sent": [{"channel": d.channel, "sent_at": d.sent_at, "failed_at": d.failed_at} for d in sent]}
            for n, sent in deliveries.of_case(session, case, by=actor)
        ]
    }  # fmt: skip


@router.post("/social-risks", status_code=201, name="tag_social_risk")
@may(TAGGERS)
def tag_social_risk(
    case: TheCase, body: SocialRisk, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """M116: mark a risk to social order; the district's duty is told at once, with a read receipt."""
    made = tags.tag(session, case, facts=body.facts, by=actor, now=now)
    return {"case_id": case.id, "tag": made.code, "version": case.version}


@router.get("/social-risks", name="social_risk_receipts")
@may(CASE_READERS)
def social_risk_receipts(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """Who was told of the risk, and who has read it when."""
    case = access.find(session, case_id, by=actor)
    rows = tags.receipts(session, case)
    return {
        "items": [
            {"org_id": n.org_id, "told_at": n.created_at, "read_at": n.read_at, "read_by": n.read_by} for n in rows
        ]
    }
