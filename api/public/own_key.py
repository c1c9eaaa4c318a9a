"""GET /open/key: what a newsroom's key opens, and until when."""

from typing import Any

from fastapi import Request, Response

from api.dependencies import OFFICERS, Now
from api.public.newsroom import presented
from api.rights import media
from api.routes import open_router
from kit.db import unit_of_work
from people import media_keys

router = open_router(tags=["open"])


@router.get("/open/key", name="read_own_key")
@media
def read_own_key(request: Request, response: Response, now: Now) -> dict[str, Any]:
    """The key that asks: its name, scopes and last instant. A newsroom sees here in time that it must go over."""
    response.headers["Cache-Control"] = "no-store"
    text = presented(request)
    with unit_of_work(OFFICERS) as session:
        client, key = media_keys.holder(session, text, now=now)
        return {
            "client": client.name, "id": key.id, "scopes": key.scopes, "expires_at": key.expires_at.isoformat(),
        }  # fmt: skip
