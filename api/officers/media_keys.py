"""/o/v1/media-clients and /o/v1/media-keys: the district lets newsrooms pull by key, and shuts them out at once."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Response
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Short
from api.officers.shapes import plain
from api.rights import Scope, may
from api.routes import officers_router
from people import media_keys
from people.media_keys import Made, MediaKey
from people.roles import Role

router = officers_router(tags=["media"])
KeyId = Annotated[str, Path(pattern=r"^[0-9a-z]{8}$")]
KEY = "id client_id scopes made_at expires_at revoked_at used_on"


class ClientIn(Body):
    """A newsroom, and whom to call there."""

    name: Short
    contact: Short


class KeyIn(Body):
    """What the key opens, and for how many days."""

    scopes: Annotated[
        list[Literal["exposures:read", "photos:hires", "embargo:read", "reports:send"]],
        Field(min_length=1, max_length=4),
    ]
    days: Annotated[int, Field(ge=1, le=365)] = 365


class Overlap(Body):
    """For how many days the old key is good beside the new one."""

    days: Annotated[int, Field(ge=0, le=30)] = 7


@router.get("/media-clients", name="list_media_clients")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def list_media_clients(session: OfficerSession) -> dict[str, Any]:
    """Every client with its keys, none of which is told again."""
    clients: dict[UUID, dict[str, Any]] = {}
    for client, key in media_keys.listed(session):
        told = clients.setdefault(client.id, {**plain(client, "id name contact entered_at"), "keys": []})
        told["keys"] += [_shown(key)] if key else []
    return {"items": list(clients.values())}


@router.post("/media-clients", status_code=201, name="enter_media_client")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def enter_media_client(body: ClientIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Enter a newsroom."""
    made = media_keys.enter(session, name=body.name, contact=body.contact, by=actor, now=now)
    return plain(made, "id name contact entered_at")


@router.post("/media-clients/{client_id}/keys", status_code=201, name="issue_media_key")
@may(Role.PUBLISHER, scope=Scope.DISTRICT, grave=True)
def issue_media_key(
    client_id: UUID, body: KeyIn, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """A key; its text is told this once."""
    made = media_keys.issue(session, client_id, scopes=body.scopes, days=body.days, by=actor, now=now)
    return _told(made, response)


@router.post("/media-keys/{key_id}/rotations", status_code=201, name="rotate_media_key")
@may(Role.PUBLISHER, scope=Scope.DISTRICT, grave=True)
def rotate_media_key(
    key_id: KeyId, body: Overlap, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """A new key like this one, which is good for some days more, so that the newsroom may go over."""
    made = media_keys.rotate(session, key_id, overlap=timedelta(days=body.days), by=actor, now=now)
    return _told(made, response)


@router.post("/media-keys/{key_id}/revocations", status_code=201, name="revoke_media_key")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def revoke_media_key(key_id: KeyId, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """It opens nothing from now on."""
    return _shown(media_keys.revoke(session, key_id, by=actor, now=now))


def _told(made: Made, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "no-store"
    return {**_shown(made.key), "key": made.text}


def _shown(key: MediaKey) -> dict[str, Any]:
    return plain(key, KEY)
