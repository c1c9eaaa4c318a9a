"""/o/v1/exposures…: drafting, reviewing, publishing and withdrawing what the public sees."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers import bodies
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import access, exposure
from cases.exposure import Draft
from cases.lifecycle.exposure import EXPOSURE_MOVES
from cases.models.case import Case
from cases.models.exposure import Exposure
from people.actors import SYSTEM
from people.roles import Role

router = officers_router("/exposures", tags=["exposures"])
State = Literal["drafting", "legal_review", "approved", "published", "withdrawn", "expired", "dropped"]
_WHOLE = (
    "body", "entity_name", "entity_workers", "own_inspection", "basis", "authority", "phone", "drafted_by",
    "drafted_at", "reviewed_by", "reviewed_at", "review", "published_by", "released_at", "batch_id", "expires_at",
    "withdrawn_at", "withdraw_reason",
)  # fmt: skip
PARTY_NOTICE = (
    "id state how recipient told_at object_until told_by heard_at objection answer_due_at answer answered_by "
    "answered_at"
)
CORRECTION = "id state reason note after before proposed_by proposed_at decided_by decided_at review comment"


def the_exposure(exposure_id: UUID, session: OfficerSession, _actor: CurrentActor, seen: SeenVersion) -> Exposure:
    """The exposure of the path, locked, in the version that the editor saw."""
    return exposure.lock(session, exposure_id, expected_version=seen)


TheExposure = Annotated[Exposure, Depends(the_exposure)]


@router.get("", name="editors_list")
@may(Role.PUBLISHER, Role.LEGAL_REVIEWER, scope=Scope.DISTRICT)
def editors_list(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    state: Annotated[
        Literal["drafting", "legal_review", "approved", "published", "withdrawn", "expired", "dropped"] | None, Query()
    ] = None,
) -> dict[str, Any]:
    """The newest exposures of the editors' side."""
    whose = bound("exposures-of-editors", state, actor.org_id)
    rows = exposure.drafts(session, by=actor, state=state, limit=page.limit, after=page.after(whose))
    return {
        "items": [head(row) for row in rows],
        "next": page.next(whose, rows, lambda row: (row.drafted_at, row.id)),
    }


@router.post("", status_code=201, name="draft_exposure")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def draft_exposure(body: bodies.ExposureIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Draft an exposure of a case on a stored ground (E1)."""
    case = access.lock(session, body.case_id, by=SYSTEM)
    text = Draft(**body.model_dump(exclude={"case_id"}))
    return head(exposure.draft(session, case, text, by=actor, now=now))


@router.get("/{exposure_id}", name="show_exposure")
@may(Role.PUBLISHER, Role.LEGAL_REVIEWER, Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def show_exposure(
    exposure_id: UUID, session: OfficerSession, _actor: CurrentActor, response: Response
) -> dict[str, Any]:
    """One exposure with its text, its review, its corrections and what became of it."""
    found = exposure.find(session, exposure_id)
    response.headers["ETag"] = f'"{found.version}"'
    response.headers["Cache-Control"] = "no-store"
    corrected = [plain(each, CORRECTION) for each in exposure.corrections(session, found)]
    told = [plain(each, PARTY_NOTICE) for each in exposure.party_notices(session, found)]
    own = {name: getattr(found, name) for name in _WHOLE}
    return {**head(found), **own, "corrections": corrected, "party_notices": told}


@router.post("/{exposure_id}/revisions", status_code=201, name="revise_exposure")
@may(EXPOSURE_MOVES["revise"], scope=Scope.DISTRICT)
def revise_exposure(
    found: TheExposure, body: bodies.ExposureText, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Write a draft anew, most often after it was returned (E2)."""
    text = Draft(**body.model_dump())
    return head(exposure.revise(session, its_case(session, found), found, text, by=actor, now=now))


@router.post("/{exposure_id}/submissions", status_code=201, name="submit_exposure")
@may(EXPOSURE_MOVES["submit"], scope=Scope.DISTRICT)
def submit_exposure(found: TheExposure, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Hand a draft to legal review."""
    return head(exposure.submit(session, its_case(session, found), found, by=actor, now=now))


@router.post("/{exposure_id}/reviews", status_code=201, name="review_exposure")
@may(EXPOSURE_MOVES["approve"], scope=Scope.DISTRICT)
def review_exposure(
    found: TheExposure, body: bodies.Review, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Approve with the four ticks, by another person than the drafter (E6)."""
    ticks = body.model_dump(exclude={"note"})
    return head(
        exposure.review(session, its_case(session, found), found, ticks=ticks, note=body.note, by=actor, now=now)
    )


@router.post("/{exposure_id}/returns", status_code=201, name="return_exposure")
@may(EXPOSURE_MOVES["return"], scope=Scope.DISTRICT)
def return_exposure(
    found: TheExposure, body: bodies.Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Send it back to whoever drafted it, with what must change (E6)."""
    return head(exposure.return_(session, its_case(session, found), found, note=body.comment, by=actor, now=now))


@router.post("/{exposure_id}/droppings", status_code=201, name="drop_exposure")
@may(EXPOSURE_MOVES["drop"], scope=Scope.DISTRICT)
def drop_exposure(
    found: TheExposure, body: bodies.Withdrawal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Give it up before anybody saw it."""
    return head(exposure.drop(session, its_case(session, found), found, reason=body.reason, by=actor, now=now))


@router.post("/{exposure_id}/publications", status_code=201, name="publish_exposure")
@may(EXPOSURE_MOVES["publish"], scope=Scope.DISTRICT)
def publish_exposure(
    found: TheExposure, session: OfficerSession, actor: CurrentActor, now: Now, body: bodies.Release | None = None
) -> Any:
    """Publish, at once or for a later moment; never before E5 allows it."""
    released_at = body.released_at if body else None
    exposure.publish(session, its_case(session, found), found, by=actor, now=now, released_at=released_at)
    return head(found)


@router.post("/{exposure_id}/recalls", status_code=201, name="call_exposure_back")
@may(EXPOSURE_MOVES["call_back"], scope=Scope.DISTRICT)
def call_back_exposure(
    found: TheExposure, body: bodies.Withdrawal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Take it back before the moment for which it was published: nobody has read it."""
    exposure.call_back(session, its_case(session, found), found, reason=body.reason, by=actor, now=now)
    return head(found)


@router.post("/{exposure_id}/withdrawals", status_code=201, name="withdraw_exposure")
@may(EXPOSURE_MOVES["withdraw"], scope=Scope.DISTRICT, grave=True)
def withdraw_exposure(
    found: TheExposure, body: bodies.Withdrawal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Withdraw everywhere, with a public reason (E9)."""
    exposure.withdraw(session, its_case(session, found), found, reason=body.reason, by=actor, now=now)
    return head(found)


def its_case(session: OfficerSession, found: Exposure) -> Case:
    """The case of an exposure, locked."""
    return access.lock(session, found.case_id, by=SYSTEM)


def head(row: Exposure) -> dict[str, Any]:
    """What lists show of an exposure."""
    return {
        "id": str(row.id), "public_id": row.public_id, "case_id": str(row.case_id), "ground": row.ground,
        "state": row.state, "version": row.version, "title": row.title,
        "published_at": row.published_at.isoformat() if row.published_at else None,
    }  # fmt: skip
