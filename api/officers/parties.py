"""/o/v1/cases/{id}/parties: who else takes part and is on no platform, and that they have been told (M09, M57)."""

from typing import Any
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Short
from api.officers.cases import TheCase
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, handling
from cases.handling import Party
from people.roles import HANDLERS

router = officers_router("/cases/{case_id}/parties", tags=["officers"])


class PartyTold(Body):
    """Which party was told, by whom it was answered, and how."""

    kind: Short
    how: Long


@router.get("", name="list_parties")
@may(CASE_READERS)
def list_parties(case_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Every party of the case that has no task in it, with when it was told."""
    case = access.find(session, case_id, by=actor)
    return {"items": [_shown(each) for each in handling.parties(session, case, now=now)]}


@router.post("", status_code=201, name="tell_party")
@may(HANDLERS)
def tell_party(case: TheCase, body: PartyTold, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Note that a party has been told."""
    party = handling.tell_party(session, case, kind=body.kind, how=body.how, by=actor, now=now)
    return {**case_head(case), "party": _shown(party)}


def _shown(party: Party) -> dict[str, Any]:
    told = [{"at": each.at.isoformat(), "by": each.actor_name, "how": each.body["how"]} for each in party.told]
    return {"kind": party.kind, "zh": party.zh, "en": party.en, "told": told}
