"""M09 over HTTP: the department that leads holds a meeting; its minutes are read, signed, and set off tasks."""

import io

import pytest
from pypdf import PdfReader
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done

from kit import clock
from kit.clock import LOCAL_ZONE

TODAY = clock.now().astimezone(LOCAL_ZONE).date().isoformat()


@pytest.fixture
def meeting(client, work, sign_in):
    _, _, case_id = dispatched(client, work, sign_in("desk"))
    done(sign_in("clerk").act(case_id, "signatures", {"person_id": sign_in("officer").me["account_id"]}))
    orgs = {each: sign_in(who).me["org_id"] for each, who in {"fire": "fire", "west": "leader"}.items()}
    item = {"case_id": case_id, "org_id": orgs["fire"], "text": "清理占道车辆", "due_on": TODAY}
    return {
        "title": "联席会议", "held_on": TODAY, "present_org_ids": list(orgs.values()), "minutes": "占道",
        "items": [item],
    }  # fmt: skip


def test_a_meeting_is_held_read_signed_and_its_task_answered(sign_in, meeting):
    leader, fire = sign_in("leader"), sign_in("fire")
    held = done(leader.post("/joint-meetings", meeting))
    case_id = meeting["items"][0]["case_id"]
    (task,) = held["items"]
    assert (len(held["minutes_hash"]), [each["signed_at"] for each in held["bodies"]]) == (64, [None, None])
    assert [each["id"] for each in fire.get("/joint-meetings").json()["items"]] == [held["id"]]
    signed = done(leader.post(f"/joint-meetings/{held['id']}/signatures"))
    assert sorted(each["signed_at"] is None for each in signed["bodies"]) == [False, True]
    again = leader.post(f"/joint-meetings/{held['id']}/signatures")
    assert (again.status_code, again.json()["code"]) == (409, "meeting.signed_already")
    refused = fire.post(f"/joint-meetings/{held['id']}/signatures")
    assert (refused.status_code, refused.json()["code"]) == (403, "role.missing")
    done(fire.act(case_id, "task-answers", {"text": "已清理", "task_id": task["task_id"]}))
    events = [each["kind"] for each in sign_in("safety").get(f"/cases/{case_id}").json()["trail"]]
    assert events.count("meeting_held") == 1


def test_the_minutes_are_printed_for_the_file_of_the_case(client, work, sign_in, meeting):
    held = done(sign_in("leader").post("/joint-meetings", meeting))
    case_id = meeting["items"][0]["case_id"]
    fire = sign_in("fire")
    asked = fire.act(case_id, "papers", {"kind": "minutes", "subject_id": held["id"]})
    assert (asked.status_code, asked.json()["title"]) == (201, "联席会议纪要")
    work()
    answer = fire.get(f"/papers/{asked.json()['id']}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "清理占道车辆" in text
    assert held["minutes_hash"] in text
    nobody = sign_in("officer").act(case_id, "papers", {"kind": "minutes", "subject_id": case_id})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "paper.subject_unknown")


def test_m11_a_stranger_reads_of_no_meeting(sign_in, meeting):
    held = done(sign_in("safety").post("/joint-meetings", meeting))
    stranger = sign_in("east-clerk")
    assert stranger.get("/joint-meetings").json()["items"] == []
    assert stranger.get(f"/joint-meetings/{held['id']}").status_code == 404
    reader = sign_in("discipline")
    assert reader.get(f"/joint-meetings/{held['id']}").json()["title"] == "联席会议"
    assert reader.post("/joint-meetings", meeting).status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present_org_ids": []}, "body.invalid"),
        ({"present_org_ids": [2**31]}, "body.invalid"),
        ({"held_on": "2099-01-01"}, "meeting.day_out_of_range"),
        ({"minutes": ""}, "body.invalid"),
        ({"title": "\x00"}, "body.invalid"),
        ({"items": [{"case_id": "x"}]}, "body.invalid"),
        ({"more": 1}, "body.invalid"),
    ],
)
def test_what_is_not_understood_is_refused(sign_in, meeting, change, code):
    answer = sign_in("leader").post("/joint-meetings", meeting | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert sign_in("leader").get("/joint-meetings").json()["items"] == []
