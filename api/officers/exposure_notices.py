"""/o/v1/exposures/{id}/party-notices…: the party is told beforehand, may object, and is answered (E6)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, Field, StrictBool

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers import bodies
from api.officers.exposures import PARTY_NOTICE, TheExposure, head, its_case
from api.officers.shapes import plain
from api.rights import Scope, may
from api.routes import officers_router
from cases import exposure
from cases.lifecycle.exposure_notice import EXPOSURE_NOTICE_MOVES as MOVES
from cases.models.exposure import Exposure
from cases.models.exposure_notice import ExposureNotice

router = officers_router("/exposures/{exposure_id}/party-notices", tags=["exposures"])
Moment = Annotated[AwareDatetime, Field(ge=bodies.FIRST, le=bodies.LAST)]


class NoticeIn(bodies.Body):
    """When and how the party was told in writing, and who took it."""

    how: Literal["direct", "left", "post", "electronic", "public"]
    recipient: bodies.Short
    told_at: Moment


class Heard(bodies.Body):
    """When the party said it."""

    heard_at: Moment


class Objection(Heard):
    """What it has against it."""

    text: bodies.Long


class Answer(bodies.Body):
    """Whether it is right, and why."""

    upheld: StrictBool
    text: bodies.Long


def the_notice(notice_id: UUID, found: TheExposure, session: OfficerSession) -> ExposureNotice:
    """The notice of the path."""
    return exposure.party_notice(session, found, notice_id)


TheNotice = Annotated[ExposureNotice, Depends(the_notice)]


@router.post("", status_code=201, name="tell_party_of_exposure")
@may(MOVES["tell"], scope=Scope.DISTRICT)
def tell(found: TheExposure, body: NoticeIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Write down that the party was told of what is approved."""
    made = exposure.tell_party(session, its_case(session, found), found, **body.model_dump(), by=actor, now=now)
    return _shown(found, made)


@router.post("/{notice_id}/agreements", status_code=201, name="enter_agreement_to_exposure")
@may(MOVES["agree"], scope=Scope.DISTRICT)
def agree(
    found: TheExposure, told: TheNotice, body: Heard, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """It has nothing against it, in writing."""
    heard_at: datetime = body.heard_at
    exposure.party_agrees(session, its_case(session, found), found, told, heard_at=heard_at, by=actor, now=now)
    return _shown(found, told)


@router.post("/{notice_id}/objections", status_code=201, name="enter_objection_to_exposure")
@may(MOVES["object"], scope=Scope.DISTRICT)
def object_(
    found: TheExposure, told: TheNotice, body: Objection, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """It objects: nothing is published before it is answered."""
    exposure.party_objects(session, its_case(session, found), found, told, **body.model_dump(), by=actor, now=now)
    return _shown(found, told)


@router.post("/{notice_id}/answers", status_code=201, name="answer_objection_to_exposure")
@may(MOVES["dismiss"], scope=Scope.DISTRICT)
def answer(
    found: TheExposure, told: TheNotice, body: Answer, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Answer it, by somebody who neither drafted nor reviewed the exposure; one that is right sends it back."""
    exposure.answer_party(session, its_case(session, found), found, told, **body.model_dump(), by=actor, now=now)
    return _shown(found, told)


def _shown(found: Exposure, told: ExposureNotice) -> dict[str, Any]:
    return {**head(found), "party_notice": plain(told, PARTY_NOTICE)}
