"""POST /o/v1/cases/{id}/exposure-refusals: why a case is not exposed although that was decided (M50)."""

from typing import Any

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.beside import EXPOSURE_REFUSAL
from api.officers.bodies import Body, Long
from api.officers.cases import TheCase
from api.officers.shapes import case_head, plain
from api.rights import Scope, may
from api.routes import officers_router
from cases import exposure
from people.roles import Role

router = officers_router("/cases/{case_id}", tags=["exposures"])


class ExposureRefusalIn(Body):
    """Why not."""

    reason: Long


@router.post("/exposure-refusals", status_code=201, name="refuse_exposure")
@may(Role.LEGAL_REVIEWER, scope=Scope.DISTRICT)
def refuse_exposure(
    case: TheCase, body: ExposureRefusalIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M50: it is not exposed, and why."""
    made = exposure.refuse(session, case, reason=body.reason, by=actor, now=now)
    return {**case_head(case), "exposure_refusal": plain(made, EXPOSURE_REFUSAL)}
