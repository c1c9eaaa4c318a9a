"""POST /m/v1/works: a phone gives the work that a receipt has asked for."""

from fastapi import Response

from api.dependencies import CitizenSession, Now
from api.rights import reporter
from api.routes import citizens_router
from cases import intake
from mobile_contract.v1.work import WorkIn, WorkReceipt

router = citizens_router()


@router.post("/works", name="prove_work")
@reporter
def prove_work(body: WorkIn, response: Response, session: CitizenSession, now: Now) -> WorkReceipt:
    """Let a report that waits for this work go on; safe to repeat."""
    response.headers["Cache-Control"] = "no-store"
    is_new = intake.prove(session, body.report_id, body.payload, now=now)
    return WorkReceipt(report_id=body.report_id, replay=not is_new)
