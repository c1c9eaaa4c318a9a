"""/o/v1/cases/{id}/extensions… and /o/v1/extensions: more time, asked for and decided one level up (D7, X15)."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.beside import EXTENSION
from api.officers.bodies import FIRST, LAST, Body, Comment, Long, Optional
from api.officers.cases import TheCase
from api.officers.shapes import case_head, plain
from api.paging import Page
from api.rights import EVERY_OFFICER, may
from api.routes import officers_router
from cases import handling
from cases.lifecycle.extension import EXTENSION_MOVES
from cases.models.case import Case
from cases.models.pause import Extension

router = officers_router(tags=["officers"])


class ExtensionIn(Body):
    """Which running clock, until when, and why."""

    clock_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    new_due_at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]
    reason: Long


class ExtensionApproval(Body):
    """Granted."""

    comment: Optional = ""


@router.post("/cases/{case_id}/extensions", status_code=201, name="request_extension")
@may(EXTENSION_MOVES["request"])
def request_extension(case: TheCase, body: ExtensionIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """D7: ask for a later end."""
    wish = handling.request_extension(session, case, **body.model_dump(), by=actor, now=now)
    return _told(case, wish)


@router.post("/cases/{case_id}/extensions/{extension_id}/approval", status_code=201, name="grant_extension")
@may(EXTENSION_MOVES["grant"])
def grant_extension(
    case: TheCase, extension_id: UUID, body: ExtensionApproval, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """D7: one level up agrees; the first end stays beside the new one."""
    wish = handling.find_extension(session, case, extension_id)
    return _told(case, handling.grant_extension(session, case, wish, comment=body.comment, by=actor, now=now))


@router.post("/cases/{case_id}/extensions/{extension_id}/refusal", status_code=201, name="refuse_extension")
@may(EXTENSION_MOVES["refuse"])
def refuse_extension(
    case: TheCase, extension_id: UUID, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """D7: one level up does not agree; the old end stays."""
    wish = handling.find_extension(session, case, extension_id)
    return _told(case, handling.refuse_extension(session, case, wish, comment=body.comment, by=actor, now=now))


@router.get("/extensions", name="list_extensions")
@may(EVERY_OFFICER)
def list_extensions(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """The requests that wait for this actor, the next to end first."""
    whose = bound("extensions", actor.account_id)
    rows = handling.extensions_to_decide(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [_told(case, wish) for wish, case in rows],
        "next": page.next(whose, rows, lambda row: (row[0].old_due_at, row[0].id)),
    }


def _told(case: Case, wish: Extension) -> dict[str, Any]:
    return {**case_head(case), "extension": plain(wish, EXTENSION)}
