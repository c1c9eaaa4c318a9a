"""/desk/cases/{id}/pictures and …/scans: a file from a form, handed to /o/v1 as a phone would send it, hash and all."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from api.rights import WRITERS, may
from web.desk.case import words
from web.desk.case.inner import Answer, send
from web.desk.case.reading import facts_of
from web.desk.case.view import View
from web.desk.door import HOME, Known, SignedIn
from web.desk.frame import desk_page, desk_router

router = desk_router("/cases/{case_id}")
CHUNK: Final = 256 * 1024
PICTURE, SCAN = "add_picture", "add_scan"


@router.get("/pictures", name="desk_pictures")
@may(WRITERS)
async def pictures_form(case_id: UUID, request: Request, officer: Known) -> HTMLResponse:
    """The form for a photo that was taken on site."""
    return await _form(request, officer, case_id, PICTURE, "")


@router.post("/pictures", name="desk_add_picture")
@may(WRITERS)
async def add_picture(case_id: UUID, request: Request, officer: Known) -> Response:
    """Add a photo; the form comes again, so that the next one can follow."""
    return await _take(request, officer, case_id, PICTURE, "role")


@router.get("/scans", name="desk_scans")
@may(WRITERS)
async def scans_form(case_id: UUID, request: Request, officer: Known) -> HTMLResponse:
    """The form for a scanned copy of what was signed, stamped or posted."""
    return await _form(request, officer, case_id, SCAN, "")


@router.post("/scans", name="desk_add_scan")
@may(WRITERS)
async def add_scan(case_id: UUID, request: Request, officer: Known) -> Response:
    """Add a scanned copy."""
    return await _take(request, officer, case_id, SCAN, "kind", "subject_id")


async def _take(request: Request, officer: SignedIn, case_id: UUID, name: str, *wanted: str) -> Response:
    async with request.form(max_files=1, max_fields=10) as form:
        said = {key: text for key in wanted if (text := _text(form, key))}
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return await _form(request, officer, case_id, name, words.NO_FILE, said)
        answer = await _pass_on(request, officer, case_id, name, said, file)
    if answer.is_good:
        query = urlencode({"taken": said.get("role", ""), "again": int(bool(answer.body.get("reused")))})
        return RedirectResponse(f"{HOME}/cases/{case_id}/{'pictures' if name == PICTURE else 'scans'}?{query}", 303)
    fault = "；".join([answer.body["title"], *(each["message"] for each in answer.body.get("errors", ())[:3])])
    return await _form(request, officer, case_id, name, fault, said, answer.status)


def _text(form: FormData, key: str) -> str:
    value = form.get(key)
    return value.strip() if isinstance(value, str) else ""


async def _pass_on(
    request: Request, officer: SignedIn, case_id: UUID, name: str, said: Mapping[str, str], file: UploadFile
) -> Answer:
    found = hashlib.sha256()
    while chunk := await file.read(CHUNK):
        found.update(chunk)
    await file.seek(0)
    boundary = secrets.token_hex(16)
    parts = _parts({**said, "sha256": found.hexdigest()}, file, boundary)
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    return await send(request, officer.token, name, parts, kind, path={"case_id": str(case_id)})


async def _parts(said: Mapping[str, str], file: UploadFile, boundary: str) -> AsyncIterator[bytes]:
    for key, value in said.items():
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    yield f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'.encode()
    while chunk := await file.read(CHUNK):
        yield chunk
    yield f"\r\n--{boundary}--\r\n".encode()


async def _form(
    request: Request, officer: SignedIn, case_id: UUID, name: str, fault: str, said: Mapping[str, str] | None = None,
    status: int = 422,
) -> HTMLResponse:  # fmt: skip
    facts = await facts_of(request, officer, case_id)
    return desk_page(
        request, "desk/upload.html", officer, status=status if fault else 200, case=facts.case, w=words, fault=fault,
        view=View(facts, (), {}), chosen=said or {}, is_scan=name == SCAN,
        taken=request.query_params.get("taken"), again=request.query_params.get("again") == "1",
    )  # fmt: skip
