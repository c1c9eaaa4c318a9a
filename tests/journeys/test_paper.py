"""Paper over HTTP: a case is carried to its closing, every paper is printed, and nothing of the reporter is in any."""

import hashlib
import io
import re
import uuid
from pathlib import Path

import pytest
import world
from pypdf import PdfReader
from sqlalchemy import select, text
from test_a_report_reaches_the_feed import dispatched, handled

from cases.models.report import Report
from kit.db import OWNER, unit_of_work
from kit.settings import settings

MARKER = "CANARY7Q"
PDF = b"%PDF-1.7\n1 0 obj << /S /JavaScript >> endobj\n%%EOF\n"


@pytest.fixture
def closed(client, work, sign_in):
    """A case whose every reporter-side word is marked, carried to its closing; its id and the reporter's own words."""
    with unit_of_work(OWNER) as session:
        session.execute(text("update handling.org set duty_phone = '0990-5550001' where code in ('D', 'W')"))
    desk = sign_in("desk")
    photo_id, (content, sha256) = str(uuid.uuid4()), world.photo()
    receipt, report_id, case_id = dispatched(
        client, work, desk, text=f"消防通道被堵死了 {MARKER}", address=f"{MARKER} 家楼下",
        contact={"name": f"{MARKER}", "phone": "13900007777"},
        photos=[{"id": photo_id, "sha256": sha256, "bytes": len(content), "capture": "camera"}],
    )  # fmt: skip
    with unit_of_work(OWNER) as session:
        client_id = str(session.scalars(select(Report.client_id).where(Report.id == report_id)).one())
    sent = client.post(
        "/m/v1/photos", data={"photo_id": photo_id, "report_id": client_id, "sha256": sha256},
        files={"file": (f"{MARKER}.jpg", content, "image/jpeg")},
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    clerk, leader = handled(sign_in, case_id)
    work()
    assert desk.desk(report_id, "extracts", {"text": "某小区通道被占用"}).status_code == 201
    assert desk.desk(report_id, "replies", {"text": f"经核查属实，已责令清理 {MARKER}"}).status_code == 201
    for copy in leader.get(f"/cases/{case_id}").json()["copies"]:
        assert clerk.act(case_id, f"copies/{copy['id']}/delivery", {"note": "当面签收"}).status_code == 201
    work()
    private = [MARKER, "13900007777", receipt["reference"], receipt["tracking_code"], report_id, client_id, photo_id]
    return case_id, private


def asked(officer, case_id):
    """Ask for every paper that the case has."""
    case = officer.get(f"/cases/{case_id}").json()
    wanted = (
        {"kind": "visit_record", "subject_id": case["visits"][0]["id"]},
        {"kind": "acceptance", "subject_id": case["acceptances"][-1]["id"]},
        {"kind": "order", "subject_id": case["orders"][0]["id"]},
        {"kind": "closing"},
        {"kind": "notice"},
    )
    answers = [officer.act(case_id, "papers", body) for body in wanted]
    assert [answer.status_code for answer in answers] == [201] * 5, [answer.text for answer in answers]
    return [answer.json() for answer in answers]


def test_x38_no_paper_holds_anything_of_the_reporter(client, work, sign_in, closed):
    case_id, private = closed
    officer = sign_in("officer")
    for paper in asked(officer, case_id):
        waits = officer.get(f"/papers/{paper['id']}/pdf")
        assert (waits.status_code, waits.json()["code"]) == (409, "paper.not_printed")
    work()
    with unit_of_work(OWNER) as session:
        kept = "".join(session.scalars(text("select content::text from handling.paper")))
    for paper in officer.get(f"/cases/{case_id}/papers").json()["items"]:
        answer = officer.get(f"/papers/{paper['id']}/pdf")
        assert answer.status_code == 200, answer.text
        assert hashlib.sha256(answer.content).hexdigest() == officer.get(f"/papers/{paper['id']}").json()["sha256"]
        assert answer.headers["content-disposition"].startswith("inline;")
        assert answer.headers["cache-control"] == "private, no-store"
        reader = PdfReader(io.BytesIO(answer.content))
        said = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        for word in private:
            squeezed = word.replace("-", "")
            assert squeezed not in re.sub(r"[\s-]", "", said), (paper["kind"], word)
            assert word.encode() not in answer.content
            assert word not in kept


def test_a_stranger_finds_no_paper_and_the_same_again_is_the_same_paper(work, sign_in, closed):
    case_id, _ = closed
    officer, stranger, fire = map(sign_in, ("officer", "east-clerk", "fire"))
    paper = officer.act(case_id, "papers", {"kind": "closing"}).json()
    again = officer.act(case_id, "papers", {"kind": "closing"})
    assert (again.status_code, again.json()["id"]) == (200, paper["id"])
    work()
    for path in (f"/papers/{paper['id']}", f"/papers/{paper['id']}/pdf", f"/papers/{uuid.uuid4()}/pdf"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "paper.unknown")
    assert stranger.get(f"/cases/{case_id}/papers").status_code == 404
    assert stranger.post(f"/cases/{case_id}/papers", {"kind": "closing"}, seen=1).status_code == 404
    assert fire.get(f"/papers/{paper['id']}").status_code == 200
    unseen = officer.post(f"/cases/{case_id}/papers", {"kind": "notice"})
    stale = officer.post(f"/cases/{case_id}/papers", {"kind": "notice"}, seen=1)
    assert (unseen.status_code, stale.status_code) == (428, 412)
    assert officer.act(case_id, "papers", {"kind": "letter"}).status_code == 422
    refused = sign_in("publisher").act(case_id, "papers", {"kind": "closing"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role.missing")


def scan(officer, case_id, content, **fields):
    data = {"kind": "visit_record", "sha256": hashlib.sha256(content).hexdigest()} | fields
    return officer.client.post(
        f"/o/v1/cases/{case_id}/scans", headers=officer.headers, data=data,
        files={"file": ("../../a<script>.pdf", content, "text/html")},
    )  # fmt: skip


def lying_in_the_store(content):
    """Its files in which the content lies in clear (ADR 0027)."""
    root = Path(settings().storage_url.removeprefix("file://"))
    return [path for path in root.rglob("*") if path.is_file() and content in path.read_bytes()]


def test_x57_scanned_copies_come_back_as_photos_and_as_pdf(work, sign_in, closed):
    case_id, _ = closed
    clerk, stranger = map(sign_in, ("clerk", "east-clerk"))
    copy_id = clerk.get(f"/cases/{case_id}").json()["copies"][0]["id"]
    photo = scan(clerk, case_id, world.photo((10, 200, 30))[0], subject_id=copy_id)
    pdf = scan(clerk, case_id, PDF)
    assert (photo.status_code, pdf.status_code) == (201, 201), (photo.text, pdf.text)
    assert clerk.get(f"/scans/{photo.json()['id']}/file").status_code == 404
    work()
    shown = clerk.get(f"/scans/{photo.json()['id']}/file")
    saved = clerk.get(f"/scans/{pdf.json()['id']}/file")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content != world.photo((10, 200, 30))[0]
    assert saved.content == PDF
    assert lying_in_the_store(PDF) == lying_in_the_store(world.photo((10, 200, 30))[0]) == []
    assert saved.headers["content-disposition"] == 'attachment; filename="scan.pdf"'
    assert "nosniff" in saved.headers["x-content-type-options"]
    assert {row["state"] for row in clerk.get(f"/cases/{case_id}/scans").json()["items"]} == {"clean"}
    for row in (photo, pdf):
        assert stranger.get(f"/scans/{row.json()['id']}/file").status_code == 404
    assert scan(stranger, case_id, PDF).status_code == 404


def test_what_is_neither_a_photo_nor_a_pdf_is_refused(sign_in, closed):
    clerk = sign_in("clerk")
    for content in (b"", b"%PDF", b"%PDF-9.9 what", b"<html><script>1</script></html>", b"MZ" * 500):
        answer = scan(clerk, closed[0], content)
        assert answer.status_code in {415, 422}, (content, answer.text)


def test_a_scan_is_of_something_in_its_case_and_as_it_was_announced(sign_in, closed):
    case_id, _ = closed
    clerk = sign_in("clerk")
    assert scan(clerk, case_id, PDF, subject_id=str(uuid.uuid4())).json()["code"] == "scan.subject_unknown"
    assert scan(clerk, case_id, PDF, sha256="0" * 64).status_code == 422
    assert scan(clerk, case_id, PDF, kind="contract").status_code == 422
    assert scan(clerk, case_id, PDF[:9] + b"0" * (20 * 1024 * 1024)).status_code == 413
