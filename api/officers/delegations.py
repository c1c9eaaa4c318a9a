"""/o/v1/delegations: the register of who may use whose power (M58, F19, F20)."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Long, Short
from api.officers.enforcement import plain
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases import enforcing
from cases.enforcing import DelegationDraft
from cases.enforcing.delegation import REGISTRARS

router = officers_router("/delegations", tags=["administration"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class DelegationIn(Body):
    """What the published document says; `valid_to` is the last day."""

    kind: Literal["conferred", "entrusted"]
    from_org_id: int
    to_org_id: int
    items: Annotated[list[Short], Field(min_length=1, max_length=50)]
    valid_from: Day
    valid_to: Day
    document: Short
    published: Short


class DelegationEnd(Body):
    """Why it ends before its last day."""

    reason: Long


@router.get("", name="list_delegations")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_delegations(session: OfficerSession, _actor: CurrentActor) -> dict[str, Any]:
    """The whole register; it is public knowledge."""
    return {"items": [plain(row) for row in enforcing.delegations(session)]}


@router.post("", status_code=201, name="register_delegation")
@may(REGISTRARS, scope=Scope.DISTRICT)
def register_delegation(body: DelegationIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Enter a delegation."""
    return plain(enforcing.register(session, DelegationDraft(**body.model_dump()), by=actor, now=now))


@router.post("/{delegation_id}/ends", status_code=201, name="end_delegation")
@may(REGISTRARS, scope=Scope.DISTRICT)
def end_delegation(
    delegation_id: UUID, body: DelegationEnd, session: OfficerSession, actor: CurrentActor, seen: SeenVersion, now: Now
) -> dict[str, Any]:
    """End it at once."""
    return plain(enforcing.end(session, delegation_id, reason=body.reason, seen=seen, by=actor, now=now))
