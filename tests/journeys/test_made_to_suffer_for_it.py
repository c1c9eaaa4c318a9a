"""Retaliation, told under the code: the safety office acts, the discipline body reads, no town hears of it (Q9)."""

import uuid

import world
from test_a_report_reaches_the_feed import dispatched

SAID = "有人半夜砸我家门，说知道是我举报的"


def say(client, code):
    body = {"id": str(uuid.uuid4()), "tracking_code": code, "kind": "retaliation", "text": SAID}
    return client.post("/m/v1/answers", json=body)


def act(who, path, body):
    seen = who.get(f"/retaliations/{path.split('/')[0]}").json()["version"]
    return who.post(f"/retaliations/{path}", body, seen=seen)


def test_it_is_told_taken_up_and_concluded(client, work, sign_in):
    receipt, report_id, case_id = dispatched(client, work, sign_in("desk"))
    code = receipt["tracking_code"]
    assert "retaliation" in client.post("/m/v1/tracking", json={"tracking_code": code}).json()["can"]
    assert say(client, code).status_code == 201
    work()
    watcher, safety = sign_in("discipline"), sign_in("safety")
    for who in (watcher, safety, sign_in("keeper")):
        assert "retaliation_filed" in {each["kind"] for each in who.get("/notices").json()["items"]}
    (seen,) = watcher.get("/retaliations").json()["items"]
    assert (seen["text"], seen["state"], seen["case_id"]) == (SAID, "filed", case_id)
    page = watcher.get(f"/retaliations/{seen['id']}")
    assert page.json()["who_knew"] == []
    assert report_id not in page.text
    assert receipt["reference"] not in page.text
    refused = act(watcher, f"{seen['id']}/taking-up", {})
    assert refused.status_code == 403, refused.text
    assert act(safety, f"{seen['id']}/taking-up", {}).status_code == 201
    named = act(safety, f"{seen['id']}/conclusion", {"finding": "confirmed", "text": "电话13912345678"})
    assert (named.status_code, named.json()["code"]) == (422, "message.wording")
    done = act(safety, f"{seen['id']}/conclusion", {"finding": "handed_on", "text": "已移交公安机关处理。"})
    assert (done.status_code, done.json()["state"]) == (201, "concluded")
    told = client.post("/m/v1/tracking", json={"tracking_code": code}).json()["thread"]
    assert [line["sender"] for line in told] == ["system", "system"]
    assert "已移交公安机关处理。" in told[1]["text"]


def test_neither_the_desk_nor_any_handler_hears_of_it(client, work, sign_in):
    receipt, report_id, _case_id = dispatched(client, work, sign_in("desk"))
    assert say(client, receipt["tracking_code"]).status_code == 201
    work()
    for username in ("desk", "clerk", "officer", "leader", "fire", "publisher", "lawyer"):
        who = sign_in(username)
        refused = who.get("/retaliations")
        assert (refused.status_code, refused.json()["code"]) == (403, "role.missing")
        for path in ("/notices", "/queue", "/cases", "/desk/reports", f"/desk/reports/{report_id}"):
            answer = who.get(path)
            assert SAID not in answer.text
            assert "retaliation" not in answer.text


def test_the_safety_office_asks_who_is_to_be_protected(client, work, sign_in):
    contact = {"name": "甄举报", "phone": "13912345678"}
    receipt, _report_id, _case_id = dispatched(client, work, sign_in("desk"), contact=contact)
    say(client, receipt["tracking_code"])
    work()
    safety = sign_in("safety")
    (seen,) = safety.get("/retaliations").json()["items"]
    wish = {"words": "举报人反映夜间被砸门，须尽快联系并派人保护其安全。", "fields": ["phone"]}
    refused = act(safety, f"{seen['id']}/identity-releases", wish | {"reason": "danger"})
    assert (refused.status_code, refused.json()["code"]) == (403, "release.only_to_protect")
    asked = act(safety, f"{seen['id']}/identity-releases", wish | {"reason": "retaliation"})
    assert asked.status_code == 201, asked.text
    keeper = sign_in("keeper")
    approved = keeper.post(f"/identity-releases/{asked.json()['id']}/approval", {"password": world.PASSWORD})
    assert approved.status_code == 201, approved.text
    (knew,) = safety.get(f"/retaliations/{seen['id']}").json()["who_knew"]
    assert (knew["asked_by"], knew["decided_by"], knew["reader"]) == ("safety", "keeper", "safety")
