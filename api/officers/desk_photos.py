"""/o/v1/desk/reports/{id}/photos…: the desk looks at a citizen's photos and decides what of them is hidden (E3, E4)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi.responses import StreamingResponse
from pydantic import Field

from api.dependencies import Now, OfficerSession
from api.officers.bodies import Body
from api.officers.desk import DeskOfficer, TheReport, report_head
from api.officers.photos import masking_row
from api.rights import Scope, may
from api.routes import officers_router
from api.shown_photos import photo_of, streamed
from cases import photos, triage
from kit.errors import NotFound
from kit.images import Region
from people.roles import Role

router = officers_router("/desk/reports", tags=["desk"])
MOST_REGIONS = 200
Pixels = Annotated[int, Field(ge=0, le=20_000)]


class RegionIn(Body):
    """Something to hide, in pixels of the large copy."""

    kind: Literal["face", "plate", "number", "house_number", "screen", "document", "other"]
    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels


class Masks(Body):
    """All that is hidden; an empty list says that a person looked and found nothing to hide."""

    regions: Annotated[list[RegionIn], Field(max_length=MOST_REGIONS)]


@router.get("/{report_id}/photos/{photo_id}/{size}", name="desk_photo")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def desk_photo(
    report_id: UUID,
    photo_id: UUID,
    size: Literal["large", "small", "masked"],
    session: OfficerSession,
    actor: DeskOfficer,
) -> StreamingResponse:
    """A clean copy of a citizen's photo, for the desk alone; `masked` is what handlers would see."""
    report = triage.find(session, report_id, by=actor)
    if size != "masked":
        return photo_of(session, report, photo_id, size)
    masking = photos.masked(session, report, [photo_id]).get(photo_id)
    if masking is None:
        raise NotFound
    return streamed(masking.large_key or "")


@router.post("/{report_id}/photos/{photo_id}/maskings", status_code=201, name="confirm_masks")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def confirm_masks(
    report: TheReport, photo_id: UUID, body: Masks, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """Confirm what is hidden of a photo. A worker burns it into a new copy, which alone can be released."""
    regions = [Region(**region.model_dump()) for region in body.regions]
    masking = photos.confirm(session, report, photo_id, regions, by=actor, now=now)
    return {**report_head(report, now=now), "masking": masking_row(masking)}
