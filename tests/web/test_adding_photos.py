"""R3: a photo is added on the page of a report, by a form alone; what is refused leaves nothing behind."""

import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from cases.intake import mark_of
from cases.models.report import Answer, Report, ReportPhoto
from kit.db import OWNER, unit_of_work
from kit.settings import settings
from tests.web.test_acting import act, page_of


def jpeg(colour="navy"):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def form_of(text):
    form = next(each for each in re.findall(r"<form.*?</form>", text, flags=re.DOTALL) if 'type="file"' in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', form))


def send(client, given, content, **changes):
    return client.post("/track/photos", data=given | changes, files={"file": ("IMG_1.jpg", content, "image/jpeg")})


@pytest.fixture
def files(client):
    """What stands in the store beyond what stood there before."""
    root = Path(settings().storage_url.removeprefix("file://"))

    def there():
        return {path for path in root.rglob("*") if path.is_file()}

    before = there()
    return lambda: there() - before


def kept(code):
    """The states of its photos, and its additions with how many photos each has."""
    with unit_of_work(OWNER) as session:
        report = session.scalars(select(Report).where(Report.tracking_mark == mark_of(code))).one()
        states = select(ReportPhoto.state).where(ReportPhoto.report_client_id == report.client_id)
        added = select(Answer.kind, Answer.photos).where(Answer.report_id == report.id)
        return session.scalars(states).all(), list(map(tuple, session.execute(added)))


def test_a_photo_is_added_and_sent_twice_it_is_one(client, tracking_code, files):
    given, content = form_of(page_of(client, tracking_code)), jpeg()
    answers = [send(client, given, content) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "已收到照片" in answers[0].text
    assert "（1 张照片）" in answers[0].text
    assert kept(tracking_code) == (["stored"], [("supplement", 1)])
    (file,) = files()
    assert content not in file.read_bytes()  # sealed


def test_another_photo_of_the_same_page_is_another(client, tracking_code, files):
    given = form_of(page_of(client, tracking_code))
    for colour in ("navy", "maroon"):
        assert send(client, given, jpeg(colour)).status_code == 200
    assert kept(tracking_code) == (["stored"] * 2, [("supplement", 1)] * 2)
    assert len(files()) == 2


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"GIF89a" + bytes(200), 415, "请选一张照片"),
        (b"", 422, "没有选照片"),
        (jpeg()[:3000], 422, "损坏"),
        (jpeg() + bytes(20 * 1024 * 1024), 413, "超过 20 MB"),
    ],
    ids=["another kind", "none chosen", "torn", "too large"],
)
def test_what_is_no_photo_is_told_beside_the_form(client, tracking_code, files, content, status, words):
    answer = send(client, form_of(page_of(client, tracking_code)), content)
    assert answer.status_code == status, answer.text
    fault = answer.text.split('id="photo-fault"')
    assert len(fault) == 2
    assert words in fault[1][:120]
    assert 'aria-describedby="photo-hint photo-fault"' in answer.text
    assert kept(tracking_code) == ([], [])
    assert not files()


def test_a_page_that_was_left_open_acts_no_longer(client, tracking_code, files):
    given = form_of(page_of(client, tracking_code))
    for ticket in ("", "x", given["ticket"][:-4] + "AAAA", "A" * 1000):
        answer = send(client, given, jpeg(), ticket=ticket)
        assert (answer.status_code, "请再输入一次查询码" in answer.text) == (403, True)
    assert kept(tracking_code) == ([], [])
    assert not files()


def test_an_ended_report_takes_no_photo_and_keeps_none(client, tracking_code, files):
    given = form_of(page_of(client, tracking_code))
    assert act(client, tracking_code, "withdrawal", sure="yes").status_code == 200
    answer = send(client, given, jpeg())
    assert (answer.status_code, "情况已经有了变化" in answer.text) == (409, True)
    assert 'type="file"' not in answer.text
    assert not files()


def test_a_form_that_is_none_of_ours_is_told_as_a_page(client, tracking_code):
    given = form_of(page_of(client, tracking_code))
    for answer in (
        client.post("/track/photos", content=b"x", headers={"content-type": "text/plain"}),
        client.post("/track/photos", content=b"--x", headers={"content-type": "multipart/form-data; boundary=y"}),
        send(client, given, jpeg(), act_id="no id"),
        client.post("/track/photos", data=given),
    ):
        assert answer.status_code in {403, 415, 422}
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/track/photos", follow_redirects=False).status_code == 303


def test_the_photo_of_one_report_is_not_added_to_another(client, tracking_code):
    given = form_of(page_of(client, tracking_code))
    assert send(client, given, jpeg(), act_id=str(uuid4())).status_code == 200
    assert kept(tracking_code)[1] == [("supplement", 1)]
