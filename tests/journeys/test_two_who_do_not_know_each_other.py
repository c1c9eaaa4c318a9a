"""The masked thread over HTTP: questions to a reporter go through the code, and no name goes either way (C12 Q4)."""

import uuid

import pytest
import world
from starlette.testclient import TestClient

from cli.serve import application


def sent(client, work, sign_in):
    receipt = client.post("/m/v1/reports", json=world.report(emergency={"answer": "happening"})).json()
    work()
    desk = sign_in("desk")
    return receipt["tracking_code"], desk, desk.get("/desk/reports").json()["items"][0]["id"]


def say(client, code, text, **changes):
    body = {"id": str(uuid.uuid4()), "tracking_code": code, "kind": "message", "text": text} | changes
    return client.post("/m/v1/answers", json=body)


def tracked(client, code):
    return client.post("/m/v1/tracking", json={"tracking_code": code})


def test_they_write_to_each_other(client, work, sign_in):
    code, desk, report_id = sent(client, work, sign_in)
    assert "message" in tracked(client, code).json()["can"]
    assert say(client, code, "我电话13912345678，三号楼").status_code == 201
    work()
    (notice,) = [each for each in desk.get("/notices").json()["items"] if each["kind"] == "message_received"]
    assert "举报人留言" in notice["text"]
    (unheard,) = desk.get("/desk/reports", params={"which": "unheard"}).json()["items"]
    assert unheard["id"] == report_id
    page = desk.get(f"/desk/reports/{report_id}")
    assert page.json()["thread"][0]["text"] == "我电话■■■■■■■■■■■，三号楼"
    assert "13912345678" not in page.text
    answer = desk.desk(report_id, "messages", {"text": "请不要留电话。三号楼哪一层？"})
    assert answer.status_code == 201, answer.text
    assert desk.get("/desk/reports", params={"which": "unheard"}).json()["items"] == []
    seen = tracked(client, code)
    assert [(line["sender"], line["text"]) for line in seen.json()["thread"]] == [
        ("reporter", "我电话■■■■■■■■■■■，三号楼"), ("desk", "请不要留电话。三号楼哪一层？"),
    ]  # fmt: skip
    assert seen.headers["cache-control"] == "no-store"
    assert set(seen.json()["thread"][1]) == {"sender", "text", "photos", "sent_at"}
    assert say(client, code, "二层").status_code == 201
    assert desk.desk(report_id, "messages/hearing", {}).json()["unheard_since"] is None


def test_what_the_desk_may_not_write_is_told_with_its_place(client, work, sign_in):
    code, desk, report_id = sent(client, work, sign_in)
    refused = desk.desk(report_id, "messages", {"text": "请找leader，电话13912345678"})
    assert (refused.status_code, refused.json()["code"]) == (422, "message.wording")
    assert {each["code"] for each in refused.json()["found"]} >= {"phone"}
    assert tracked(client, code).json()["thread"] == []


def test_no_handler_writes_or_reads_a_line(client, work, sign_in):
    code, _desk, report_id = sent(client, work, sign_in)
    say(client, code, "只给受理人员看")
    for username in ("clerk", "officer", "leader", "fire", "safety", "discipline", "keeper"):
        who = sign_in(username)
        assert who.post(f"/desk/reports/{report_id}/messages", {"text": "-"}, seen=1).status_code == 403
        assert "只给受理人员看" not in who.get(f"/desk/reports/{report_id}").text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": " "}, 422), ({"text": "x" * 2001}, 422), ({"text": "\0"}, 422), ({"kind": "gossip"}, 422),
        ({"tracking_code": "0000-0000-0000-0000"}, 404), ({"tracking_code": "1"}, 422),
        ({"question_id": str(uuid.uuid4())}, 422),
    ],
)  # fmt: skip
def test_hostile_messages_are_refused(client, work, sign_in, changes, status):
    code, _desk, _report_id = sent(client, work, sign_in)
    assert say(client, code, **({"text": "x"} | changes)).status_code == status


def test_the_code_travels_in_the_body_alone(client, work, sign_in):
    code, _desk, _report_id = sent(client, work, sign_in)
    for path in (f"/m/v1/tracking?tracking_code={code}", f"/m/v1/answers?tracking_code={code}"):
        assert client.get(path).status_code == 405
        assert client.post(path, json={}).status_code == 422


def test_the_page_under_the_code_shows_the_thread(client, work, sign_in):
    code, desk, report_id = sent(client, work, sign_in)
    say(client, code, "微信：abcde12345 <b>二层</b>")
    desk.desk(report_id, "messages", {"text": "收到，谢谢"})
    with TestClient(application()) as pages:
        page = pages.post("/track", data={"code": code}).text
    assert "收到，谢谢" in page
    assert "&lt;b&gt;二层" in page
    assert "abcde12345" not in page
