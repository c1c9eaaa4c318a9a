"""/o/v1/cases/{id}/papers and /o/v1/papers/{id}: asking for a paper, and having it."""

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body
from api.officers.cases import TheCase
from api.rights import ACTORS, CASE_READERS, may
from api.routes import officers_router
from api.uploads import CHUNK
from cases import access, papers
from cases.models.paper import Paper
from kit.storage import Reader, store

router = officers_router("/cases/{case_id}/papers", tags=["papers"])
printed = officers_router("/papers/{paper_id}", tags=["papers"])
# A file is shown by the browser's own viewer and nothing in it may act.
FILE_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
Printed = Literal["visit_record", "acceptance", "order", "transfer", "closing", "notice", "guidance", "minutes"]


class PaperIn(Body):
    """Which paper, and of which visit, acceptance, order, transfer, penalty or meeting; a notice is of none."""

    kind: Printed
    subject_id: UUID | None = None


@router.post("", status_code=201, name="ask_paper")
@may(ACTORS)
def ask_paper(
    case: TheCase, body: PaperIn, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """Ask for a paper of the case as the officer saw it; 200 when this very paper was asked for before."""
    paper = papers.ask(session, case, kind=body.kind, subject_id=body.subject_id, by=actor, now=now)
    if paper.asked_at != now:
        response.status_code = 200
    return _told(paper)


@router.get("", name="list_papers")
@may(CASE_READERS)
def list_papers(case_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response) -> dict[str, Any]:
    """Every paper of a case, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    case = access.find(session, case_id, by=actor)
    return {"items": [_told(paper) for paper in papers.papers_of(session, case)]}


@printed.get("", name="get_paper")
@may(CASE_READERS)
def get_paper(paper_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response) -> dict[str, Any]:
    """What became of a paper."""
    response.headers["Cache-Control"] = "no-store"
    return _told(papers.find(session, paper_id, by=actor))


@printed.get("/pdf", name="get_paper_pdf")
@may(CASE_READERS)
def get_paper_pdf(paper_id: UUID, session: OfficerSession, actor: CurrentActor) -> StreamingResponse:
    """The paper itself; 409 while it is not printed."""
    paper = papers.printed(session, paper_id, by=actor)
    name = f"{papers.PAPERS[paper.kind].title}-{paper.edition}.pdf"
    headers = FILE_HEADERS | {"Content-Disposition": f"inline; filename=\"paper.pdf\"; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(stored_chunks(paper.storage_key or ""), media_type="application/pdf", headers=headers)


def stored_chunks(key: str) -> Iterator[bytes]:
    """What stands in the store, piece by piece. Raises Missing before the first."""
    return _read(store().open(key))


def _read(reader: Reader) -> Iterator[bytes]:
    with reader:
        while chunk := reader.read(CHUNK):
            yield chunk


def _told(paper: Paper) -> dict[str, Any]:
    return {
        "id": str(paper.id), "case_id": str(paper.case_id), "kind": paper.kind,
        "title": papers.PAPERS[paper.kind].title, "subject_id": str(paper.subject_id) if paper.subject_id else None,
        "edition": paper.edition, "state": paper.state, "version": paper.version, "pages": paper.pages,
        "bytes": paper.bytes_, "sha256": paper.sha256.hex() if paper.sha256 else None, "reason": paper.reason,
        "code": paper.code, "asked_at": paper.asked_at.isoformat(),
        "printed_at": paper.printed_at.isoformat() if paper.printed_at else None,
    }  # fmt: skip
