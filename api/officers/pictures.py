"""Pictures that officers take: added to a case as a form that phones send, too, and shown as clean copies only."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.dependencies import OFFICERS, CurrentActor, IdentifiedActor, Now, OfficerSession
from api.multipart import Form
from api.rights import CASE_READERS, may
from api.routes import officers_router
from api.shown_photos import streamed
from api.uploads import KeptTaker, kept_or_gone
from cases import access, handling
from cases.intake import new_sealed_key
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.models.handling import Picture
from kit.db import unit_of_work
from kit.storage import Kept, store
from people.actors import Actor
from people.roles import HANDLERS

router = officers_router(tags=["officers"])


class PictureForm(BaseModel):
    """The fields beside `file`."""

    role: Literal["near", "far", "before", "after", "permit", "look_back"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    client_id: UUID | None = None


NAMES = frozenset({"role", "sha256"})


@router.post("/cases/{case_id}/pictures", status_code=201, name="add_picture")
@may(HANDLERS, LOOK_BACK_MOVES["start"])
async def add_picture(
    case_id: UUID, request: Request, response: Response, actor: IdentifiedActor, now: Now
) -> dict[str, str | bool]:
    """Add a photo that an officer took; needs no version, since it replaces nothing.

    The same `client_id` again is the same picture (200); with other content it is a conflict.
    """
    form = Form(request)
    await run_in_threadpool(_find, case_id, actor)
    await form.head()
    if form.fields.keys() >= NAMES:  # what cannot be taken is refused before its bytes come
        PictureForm.model_validate(form.fields)
    async with KeptTaker(new_sealed_key()) as taker:
        await taker.take(form)
        said = PictureForm.model_validate(form.fields)
        kept = await taker.keep_sealed(expect_sha256=said.sha256)
    async with kept_or_gone(kept):
        picture, is_new = await run_in_threadpool(_attach, case_id, said, kept, actor, now)
    response.status_code = 201 if is_new else 200
    return {"id": str(picture.id), "role": picture.role, "state": picture.state, "reused": picture.reused}


@router.get("/pictures/{picture_id}/{size}", name="show_picture")
@may(CASE_READERS)
def show_picture(
    picture_id: UUID, size: Literal["large", "small"], session: OfficerSession, actor: CurrentActor
) -> StreamingResponse:
    """A clean copy of a picture, never the original."""
    picture = handling.find_picture(session, picture_id, by=actor)
    return streamed((picture.large_key if size == "large" else picture.small_key) or "")


def _find(case_id: UUID, actor: Actor) -> None:
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        access.find(session, case_id, by=actor)


def _attach(case_id: UUID, said: PictureForm, kept: Kept, actor: Actor, now: datetime) -> tuple[Picture, bool]:
    """The picture, and whether it is new: one that was sent before is kept once."""
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        case = access.find(session, case_id, by=actor)
        role, own_id = said.role, said.client_id
        known = handling.sent_before(session, case, client_id=own_id, role=role, sha256=kept.sha256, by=actor)
        if known is None:
            return handling.add_picture(session, case, kept, role=role, client_id=own_id, by=actor, now=now), True
    store().delete(kept.key)
    return known, False
