"""GET /desk/cases/{id}: one case with all that this person reads of it, and what they may do with it now."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.rights import CASE_READERS, may
from web.desk.case import words
from web.desk.case.act_words import ACTS
from web.desk.case.acts import acts_of, may_use, offers
from web.desk.case.inner import Passed
from web.desk.case.reading import facts_of
from web.desk.case.sources import categories
from web.desk.case.uploads import PICTURE, SCAN
from web.desk.case.view import View
from web.desk.door import Known
from web.desk.frame import desk_page, desk_router

router = desk_router("/cases/{case_id}")
files = desk_router()
NUMBER = re.compile(r"[0-9A-Z-]{1,30}")


@router.get("", name="desk_case")
@may(CASE_READERS)
async def case_page(
    case_id: UUID, request: Request, officer: Known,
    done: Annotated[str, Query(max_length=40)] = "", of: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:  # fmt: skip
    """The page; `done` names the act that has led here, `of` the case on which it was done."""
    facts = await facts_of(request, officer, case_id)
    shown = View(
        facts, offers(acts_of(request.app), facts.case, officer.actor), await run_in_threadpool(categories, facts)
    )
    use = {name: may_use(request.app, name, officer.actor) for name in (PICTURE, SCAN)}
    return desk_page(
        request, "desk/case.html", officer, view=shown, case=facts.case, w=words, notice=_notice(done, of, shown),
        may_photo=use[PICTURE], may_scan=use[SCAN],
    )  # fmt: skip


@files.get("/pictures/{picture_id}/{size}", name="desk_picture")
@may(CASE_READERS)
async def picture(picture_id: UUID, size: str, request: Request, officer: Known) -> Response:
    """A clean copy of a picture."""
    return Passed(request, officer.token, "show_picture", {"picture_id": str(picture_id), "size": size})


@files.get("/papers/{paper_id}", name="desk_paper")
@may(CASE_READERS)
async def paper(paper_id: UUID, request: Request, officer: Known) -> Response:
    """A paper of the case, to be printed."""
    return Passed(request, officer.token, "get_paper_pdf", {"paper_id": str(paper_id)})


@files.get("/scans/{scan_id}", name="desk_scan")
@may(CASE_READERS)
async def scan(scan_id: UUID, request: Request, officer: Known) -> Response:
    """A scanned copy of the case."""
    return Passed(request, officer.token, "get_scan_file", {"scan_id": str(scan_id)})


def _notice(done: str, of: str, shown: View) -> str:
    """What was done a moment ago, here or on the case before."""
    if done not in ACTS or not NUMBER.fullmatch(of):
        return ""
    said = words.NEXT if of != shown.case["number"] else words.DONE
    return said.format(title=ACTS[done].title, number=of)
