"""POST /o/v1/cases/{id}/consequences: what follows a failed acceptance, decided and begun in one act (M40)."""

from typing import Any, Literal
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.beside import DECISION
from api.officers.bodies import Body, Long, Short
from api.officers.cases import TheCase
from api.officers.referrals import ReferralIn
from api.officers.shapes import case_head, plain
from api.rights import may
from api.routes import officers_router
from cases import enforcing
from cases.enforcing import ConsequenceDraft, ReferralDraft
from cases.lifecycle.decision import DECISION_MOVES

router = officers_router("/cases/{case_id}", tags=["enforcement"])


class ConsequenceIn(Body):
    """The choice, its ground, basis and reason; the proposed measure, or the referral that is made with it."""

    decision_id: UUID
    choice: Literal["suspend", "close", "refer"]
    ground: Short | None = None
    basis: Short
    reason: Long
    measure_id: UUID | None = None
    referral: ReferralIn | None = None


@router.post("/consequences", status_code=201, name="decide_consequence")
@may(DECISION_MOVES["decide"])
def decide_consequence(
    case: TheCase, body: ConsequenceIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """M40: suspend, ask to close, or refer."""
    draft = ConsequenceDraft(
        choice=body.choice, ground=body.ground, basis=body.basis, reason=body.reason, measure_id=body.measure_id,
        referral=ReferralDraft(**body.referral.model_dump()) if body.referral else None,
    )  # fmt: skip
    task = enforcing.find_decision(session, case, body.decision_id)
    enforcing.decide_after_failure(session, case, task, draft, by=actor, now=now)
    return {**case_head(case), "decision": plain(task, DECISION)}
