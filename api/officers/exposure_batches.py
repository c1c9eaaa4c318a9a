"""/o/v1/exposure-batches…: exposures that appear together, under one title and number (M83)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers import bodies
from api.officers.exposures import head
from api.officers.shapes import plain
from api.rights import Scope, may
from api.routes import officers_router
from cases import exposure
from cases.lifecycle.batch import BATCH_MOVES
from cases.models.batch import ExposureBatch
from people.roles import Role

router = officers_router("/exposure-batches", tags=["exposures"])
BATCH = "id state version title issue_no released_at published_by published_at"


class Item(bodies.Body):
    """An approved exposure in the version that the editor saw."""

    id: UUID
    version: Annotated[int, Field(ge=1)]


class BatchIn(bodies.Release):
    """What appears together, and from when."""

    title: bodies.Short
    issue_no: bodies.Short
    items: Annotated[list[Item], Field(min_length=1, max_length=100)]


@router.post("", status_code=201, name="publish_exposure_batch")
@may(BATCH_MOVES["publish"], scope=Scope.DISTRICT)
def publish(body: BatchIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Publish approved exposures together; one that may not be published is named, and then none is."""
    made = exposure.publish_batch(
        session, {each.id: each.version for each in body.items}, title=body.title, issue_no=body.issue_no,
        released_at=body.released_at, by=actor, now=now,
    )  # fmt: skip
    return _shown(session, made)


@router.get("/{batch_id}", name="show_exposure_batch")
@may(Role.PUBLISHER, Role.LEGAL_REVIEWER, scope=Scope.DISTRICT)
def show(batch_id: UUID, session: OfficerSession, _actor: CurrentActor, response: Response) -> dict[str, Any]:
    """A batch with its items."""
    found, _items = exposure.batch(session, batch_id)
    response.headers["ETag"] = f'"{found.version}"'
    response.headers["Cache-Control"] = "no-store"
    return _shown(session, found)


def the_batch(batch_id: UUID, session: OfficerSession, _actor: CurrentActor, seen: SeenVersion) -> ExposureBatch:
    """The batch of the path, locked, in the version that the editor saw."""
    return exposure.lock_batch(session, batch_id, expected_version=seen)


@router.post("/{batch_id}/recalls", status_code=201, name="call_exposure_batch_back")
@may(BATCH_MOVES["call_back"], scope=Scope.DISTRICT)
def call_back(
    found: Annotated[ExposureBatch, Depends(the_batch)], body: bodies.Withdrawal, session: OfficerSession,
    actor: CurrentActor, now: Now,
) -> Any:  # fmt: skip
    """Take a batch back before its moment, whole."""
    return _shown(session, exposure.call_batch_back(session, found, reason=body.reason, by=actor, now=now))


def _shown(session: OfficerSession, found: ExposureBatch) -> dict[str, Any]:
    _found, items = exposure.batch(session, found.id)
    return {**plain(found, BATCH), "items": [head(each) for each in items]}
