"""/o/v1/cases/{id}/scans and /o/v1/scans/{id}: scanned copies of what was signed, stamped or posted (X57)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.dependencies import OFFICERS, CurrentActor, IdentifiedActor, Now, OfficerSession
from api.multipart import Form
from api.officers.papers import FILE_HEADERS, Printed, stored_chunks
from api.rights import CASE_READERS, may
from api.routes import officers_router
from api.scanned import ScanInspector
from api.uploads import KeptTaker, kept_or_gone
from cases import access, papers
from cases.intake import new_sealed_key
from cases.models.paper import Scan
from cases.papers import NewScan
from cases.papers.scans import MAY_SCAN
from kit.db import unit_of_work
from kit.storage import open_kept, store
from people.actors import SYSTEM, Actor

router = officers_router("/cases/{case_id}/scans", tags=["papers"])
files = officers_router("/scans/{scan_id}", tags=["papers"])


class ScanForm(BaseModel):
    """The fields beside `file`; `subject_id`: the copy, visit, order, transfer, penalty or paper that was scanned."""

    kind: Literal[Printed, "penalty", "other"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    subject_id: UUID | None = None


@router.post("", status_code=201, name="add_scan")
@may(MAY_SCAN)
async def add_scan(case_id: UUID, request: Request, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """Attach a scanned copy; needs no version, since it replaces nothing."""
    form, looks = Form(request), ScanInspector()
    await run_in_threadpool(_find, case_id, actor)
    await form.head()
    if form.fields.keys() >= {"kind", "sha256"}:  # what cannot be taken is refused before its bytes come
        ScanForm.model_validate(form.fields)
    async with KeptTaker(new_sealed_key(), looks) as taker:
        await taker.take(form)
        said = ScanForm.model_validate(form.fields)
        kept = await taker.keep_sealed(expect_sha256=said.sha256)
    new = NewScan(said.kind, said.subject_id, looks.media, kept)
    async with kept_or_gone(kept):
        return await run_in_threadpool(_attach, case_id, new, actor, now)


@router.get("", name="list_scans")
@may(CASE_READERS)
def list_scans(case_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response) -> dict[str, Any]:
    """Every scanned copy of a case, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    case = access.find(session, case_id, by=actor)
    return {"items": [_told(scan) for scan in papers.scans_of(session, case)]}


@files.get("/file", name="get_scan_file")
@may(CASE_READERS)
def get_scan_file(scan_id: UUID, session: OfficerSession, actor: CurrentActor) -> StreamingResponse:
    """The clean copy of an image; a PDF only to be saved, never shown here."""
    scan = papers.find_scan(session, scan_id, by=actor)
    if scan.media == "pdf":
        headers = FILE_HEADERS | {"Content-Disposition": 'attachment; filename="scan.pdf"'}
        content = open_kept(store(), scan.storage_key, scan.wrapped)
        return StreamingResponse(content, media_type="application/pdf", headers=headers)
    return StreamingResponse(stored_chunks(scan.large_key or ""), media_type="image/jpeg", headers=FILE_HEADERS)


def _find(case_id: UUID, actor: Actor) -> None:
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        access.find(session, case_id, by=actor)
        papers.may_scan(actor)


def _attach(case_id: UUID, new: NewScan, actor: Actor, now: datetime) -> dict[str, Any]:
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        access.find(session, case_id, by=actor)
        case = access.lock(session, case_id, by=SYSTEM)  # for its trail; the row itself stays as it is
        return _told(papers.add_scan(session, case, new, by=actor, now=now))


def _told(scan: Scan) -> dict[str, Any]:
    return {
        "id": str(scan.id), "kind": scan.kind, "subject_id": str(scan.subject_id) if scan.subject_id else None,
        "media": scan.media, "state": scan.state, "reason": scan.reason, "bytes": scan.bytes_,
        "sha256": scan.sha256.hex(), "received_at": scan.received_at.isoformat(),
    }  # fmt: skip
