"""/o/v1/listing-waivers and /o/v1/cases/{id}/listing-waivers…: two people decide that it is not listed (G-LIST)."""

from typing import Any, Literal
from uuid import UUID

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.beside import LISTING_WAIVER
from api.officers.bodies import Body, Comment, Long
from api.officers.cases import TheCase
from api.officers.shapes import case_head, plain
from api.paging import Page
from api.rights import WATCHERS, may
from api.routes import officers_router
from cases.lifecycle.listing import LISTING_WAIVER_MOVES
from cases.models.case import Case
from cases.models.listing import ListingWaiver
from cases.supervision import listing

router = officers_router(tags=["supervision"])
ONE = "/cases/{case_id}/listing-waivers/{waiver_id}"


class ListingWaiverIn(Body):
    """Why the hazard is not to be listed, and the rule or the minutes that this rests on."""

    reason: Long
    basis: Long


class Agreement(Body):
    """Agreed, by a second person."""


@router.get("/listing-waivers", name="list_listing_waivers")
@may(WATCHERS)
def list_listing_waivers(
    session: OfficerSession, actor: CurrentActor, page: Page, state: Literal["owed", "proposed"] | None = None
) -> dict[str, Any]:
    """What the safety office has to decide, or a second person to confirm; the next due first."""
    whose = bound("listing-waivers", state, actor.org_id)
    rows = listing.to_decide(session, by=actor, limit=page.limit, state=state, after=page.after(whose))
    return {
        "items": [_told(case, waiver) for waiver, case in rows],
        "next": page.next(whose, rows, lambda row: (row[0].due_at, row[0].id)),
    }


@router.post("/cases/{case_id}/listing-waivers", status_code=201, name="propose_listing_waiver")
@may(LISTING_WAIVER_MOVES["propose"])
def propose_listing_waiver(
    case: TheCase, body: ListingWaiverIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Propose not to list the hazard."""
    made = listing.propose(session, case, reason=body.reason, basis=body.basis, by=actor, now=now)
    return _told(case, made)


@router.post(f"{ONE}/confirmation", status_code=201, name="confirm_listing_waiver")
@may(LISTING_WAIVER_MOVES["confirm"])
def confirm_listing_waiver(
    case: TheCase, waiver_id: UUID, _body: Agreement, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Agree: the hazard is not listed, and its case may be closed."""
    waiver = listing.find_waiver(session, case, waiver_id)
    return _told(case, listing.confirm(session, case, waiver, by=actor, now=now))


@router.post(f"{ONE}/rejection", status_code=201, name="reject_listing_waiver")
@may(LISTING_WAIVER_MOVES["reject"])
def reject_listing_waiver(
    case: TheCase, waiver_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Do not agree: the office still owes its decision."""
    waiver = listing.find_waiver(session, case, waiver_id)
    return _told(case, listing.reject(session, case, waiver, comment=body.comment, by=actor, now=now))


@router.post(f"{ONE}/withdrawal", status_code=201, name="withdraw_listing_waiver")
@may(LISTING_WAIVER_MOVES["withdraw"])
def withdraw_listing_waiver(
    case: TheCase, waiver_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Take back what was decided, as long as the case is open."""
    waiver = listing.find_waiver(session, case, waiver_id)
    return _told(case, listing.withdraw(session, case, waiver, comment=body.comment, by=actor, now=now))


def _told(case: Case, waiver: ListingWaiver) -> dict[str, Any]:
    return {**case_head(case), "listing_waiver": plain(waiver, LISTING_WAIVER)}
