"""/o/v1/exposures/{id}/corrections…: what is published says something wrong, and is put right as a new version (E9)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers import bodies
from api.officers.exposures import CORRECTION, TheExposure, head, its_case
from api.officers.shapes import plain
from api.rights import Scope, may
from api.routes import officers_router
from cases import exposure
from cases.exposure import Draft
from cases.lifecycle.correction import CORRECTION_MOVES
from cases.models.correction import ExposureCorrection
from cases.models.exposure import Exposure

router = officers_router("/exposures/{exposure_id}/corrections", tags=["exposures"])


class CorrectionIn(bodies.ExposureFacts):
    """What it is to say, why for the file, and the note that everybody reads with it."""

    reason: bodies.Short
    note: bodies.Short


def the_correction(correction_id: UUID, found: TheExposure, session: OfficerSession) -> ExposureCorrection:
    """The correction of the path."""
    return exposure.correction(session, found, correction_id)


TheCorrection = Annotated[ExposureCorrection, Depends(the_correction)]


@router.post("", status_code=201, name="propose_exposure_correction")
@may(CORRECTION_MOVES["propose"], scope=Scope.DISTRICT)
def propose(found: TheExposure, body: CorrectionIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Propose a correction of what is published; it changes nothing yet."""
    text = Draft(ground=found.ground, **body.model_dump(exclude={"reason", "note"}))
    case = its_case(session, found)
    made = exposure.propose_correction(
        session, case, found, text, reason=body.reason, note=body.note, by=actor, now=now
    )
    return _shown(found, made)


@router.post("/{correction_id}/reviews", status_code=201, name="review_exposure_correction")
@may(CORRECTION_MOVES["make"], scope=Scope.DISTRICT)
def make(
    found: TheExposure, made: TheCorrection, body: bodies.Review, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Agree to it with the four ticks, by another person: it is public from now on."""
    ticks = body.model_dump(exclude={"note"})
    exposure.correct(session, its_case(session, found), found, made, ticks=ticks, note=body.note, by=actor, now=now)
    return _shown(found, made)


@router.post("/{correction_id}/refusals", status_code=201, name="refuse_exposure_correction")
@may(CORRECTION_MOVES["refuse"], scope=Scope.DISTRICT)
def refuse(
    found: TheExposure, made: TheCorrection, body: bodies.Comment, session: OfficerSession, actor: CurrentActor,
    now: Now,
) -> Any:  # fmt: skip
    """Leave the exposure as it is, and say why."""
    case = its_case(session, found)
    exposure.refuse_correction(session, case, found, made, comment=body.comment, by=actor, now=now)
    return _shown(found, made)


@router.post("/{correction_id}/droppings", status_code=201, name="drop_exposure_correction")
@may(CORRECTION_MOVES["drop"], scope=Scope.DISTRICT)
def drop(
    found: TheExposure, made: TheCorrection, body: bodies.Withdrawal, session: OfficerSession, actor: CurrentActor,
    now: Now,
) -> Any:  # fmt: skip
    """Take the proposal back."""
    case = its_case(session, found)
    exposure.drop_correction(session, case, found, made, reason=body.reason, by=actor, now=now)
    return _shown(found, made)


def _shown(found: Exposure, made: ExposureCorrection) -> dict[str, Any]:
    return {**head(found), "correction": plain(made, CORRECTION)}
