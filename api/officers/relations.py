"""/o/v1/relations: what an officer declares about themselves, so that they are kept from what concerns it (Q10)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import StringConstraints

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Short
from api.officers.shapes import plain
from api.rights import EVERY_OFFICER, WRITERS, Scope, may
from api.routes import officers_router
from people import relations

router = officers_router("/relations", tags=["officers"])
FIELDS = "id name kind declared_at ended_at"


class RelationIn(Body):
    """A unit or a person, by the name that may stand in a report."""

    name: Annotated[Short, StringConstraints(min_length=2)]
    kind: Literal["kin", "worked_there", "holds_shares", "other"]


@router.get("", name="list_relations")
@may(EVERY_OFFICER, scope=Scope.SELF)
def list_relations(session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """One's own declarations that hold now."""
    return {"items": [plain(each, FIELDS) for each in relations.declared_by(session, actor.account_id)]}


@router.post("", status_code=201, name="declare_relation")
@may(WRITERS, scope=Scope.SELF)
def declare_relation(body: RelationIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Declare a relation of one's own."""
    return plain(relations.declare(session, name=body.name, kind=body.kind, by=actor, now=now), FIELDS)


@router.post("/{relation_id}/end", status_code=201, name="end_relation")
@may(WRITERS, scope=Scope.SELF)
def end_relation(relation_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Say that it is no more; it stays on record."""
    return plain(relations.end(session, relation_id, by=actor, now=now), FIELDS)
