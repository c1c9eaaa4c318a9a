"""/o/v1/exports…: lists of cases that leave the house, with a reason, under another person's eyes, once (Q5, X38)."""

from base64 import b64encode
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Comment, Long
from api.officers.shapes import plain
from api.paging import Page
from api.rights import WATCHERS, may
from api.routes import officers_router
from api.spooled import spooled
from cases import lists
from cases.lifecycle.export import EXPORT_MOVES
from cases.lists import Wanted
from cases.models.export import Export
from kit.errors import NotFound

router = officers_router("/exports", tags=["lists"])
TOLD = (
    "id state version filter reason counted mark org_id requested_by requested_at expires_at decided_by decided_at "
    "comment downloaded_at rows"
)


class ExportIn(Body):
    """Which cases, in the words of GET /o/v1/cases, and what for."""

    filter: Wanted
    reason: Long


def the_export(export_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion) -> Export:
    """The export of the path, locked, in the version that the officer saw."""
    return lists.lock_export(session, export_id, by=actor, expected_version=seen)


TheExport = Annotated[Export, Depends(the_export)]


@router.get("", name="list_exports")
@may(EXPORT_MOVES["request"], WATCHERS)
def list_exports(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """One's own, or everybody's for those who watch over them; the newest first."""
    whose = bound("exports", actor.account_id)
    rows = lists.exports(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [_told(row) for row in rows],
        "next": page.next(whose, rows, lambda row: (row.requested_at, row.id)),
    }


@router.post("", status_code=201, name="request_export")
@may(EXPORT_MOVES["request"])
def request_export(body: ExportIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Ask for one; a small one is approved at once."""
    return _told(lists.request_export(session, body.filter, reason=body.reason, by=actor, now=now))


@router.get("/traces", name="trace_export")
@may(WATCHERS)
def trace_export(
    session: OfficerSession,
    actor: CurrentActor,
    number: Annotated[str, Query(min_length=1, max_length=32)],
    mark: Annotated[str, Query(pattern=r"^[0-9a-f]{12}$")],
) -> dict[str, Any]:
    """In whose download a leaked row stood: by the number of its case and the mark at its end."""
    found = lists.trace(session, number, mark, by=actor)
    if found is None:
        raise NotFound
    return _told(found)


class Leaked(Body):
    """What was found where it does not belong, as it was found."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


@router.post("/traces", name="trace_text")
@may(WATCHERS)
def trace_text(body: Leaked, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """From whose downloads a text was copied, by the mark that nobody sees and every copy takes along."""
    return {"items": [_told(each) for each in lists.trace_text(session, body.text, by=actor)]}


@router.get("/{export_id}", name="get_export")
@may(EXPORT_MOVES["request"], WATCHERS)
def get_export(export_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """One export and what became of it."""
    return _told(lists.find_export(session, export_id, by=actor))


@router.post("/{export_id}/approvals", status_code=201, name="approve_export")
@may(EXPORT_MOVES["approve"])
def approve_export(
    export: TheExport, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Another person of the safety office allows it."""
    return _told(lists.approve(session, export, comment=body.comment, by=actor, now=now))


@router.post("/{export_id}/refusals", status_code=201, name="refuse_export")
@may(EXPORT_MOVES["refuse"])
def refuse_export(
    export: TheExport, body: Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Another person of the safety office does not allow it."""
    return _told(lists.refuse(session, export, comment=body.comment, by=actor, now=now))


@router.post("/{export_id}/downloads", name="download_export")
@may(EXPORT_MOVES["download"])
def download_export(export: TheExport, session: OfficerSession, actor: CurrentActor, now: Now) -> StreamingResponse:
    """The file, once. It is whole, and written down, before its first byte goes out: a slow line holds nothing up."""
    file = spooled(lambda file: lists.download(session, export, file, by=actor, now=now))
    digest = b64encode(export.sha256 or b"").decode()
    return StreamingResponse(
        file, media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="cases-{export.mark}.csv"', "Cache-Control": "no-store",
            "Repr-Digest": f"sha-256=:{digest}:",
        },
    )  # fmt: skip


def _told(export: Export) -> dict[str, Any]:
    return {**plain(export, TOLD), "sha256": export.sha256.hex() if export.sha256 else None}
