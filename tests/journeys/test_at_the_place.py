"""What officers do at the place, over HTTP: certificates, a checklist, permits, pictures sent twice (M31, M34, M61)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import world
from sqlalchemy import func, select
from test_a_report_reaches_the_feed import dispatched

from cases.models.handling import Picture
from kit.db import OWNER, unit_of_work

HERE = {"position": {"lon": world.CENTRE[0], "lat": world.CENTRE[1], "crs": "wgs84"}}


@pytest.fixture
def case_id(client, work, sign_in):
    found = dispatched(client, work, sign_in("desk"))[2]
    clerk, officer = sign_in("clerk"), sign_in("officer")
    assert clerk.act(found, "signatures", {"person_id": officer.me["account_id"]}).status_code == 201
    return found


def certify(sign_in, who, number):
    body = {"number": number, "scope": ["fire"], "valid_from": "2020-01-01", "valid_to": "2099-12-31"}
    return sign_in("lawyer").post(f"/officers/{who.me['account_id']}/certificates", body)


def test_an_enforcement_check_asks_for_certificates_that_the_district_has_entered(case_id, sign_in):
    officer, second, lawyer = map(sign_in, ("officer", "second", "lawyer"))
    check = HERE | {"kind": "enforcement", "companion_ids": [second.me["account_id"]]}
    refused = officer.act(case_id, "visits", check)
    assert (refused.status_code, refused.json()["code"]) == (422, "visit.not_certified")
    assert certify(lambda _: officer, officer, "X").status_code == 403
    entered = [certify(sign_in, who, f"N{uuid4().hex}") for who in (officer, second)]
    assert [each.status_code for each in entered] == [201, 201]
    assert certify(sign_in, officer, entered[0].json()["number"]).json()["code"] == "certificate.number_taken"
    started = officer.act(case_id, "visits", check)
    assert started.json()["supports_penalty"] is True
    listed = officer.get(f"/officers/{officer.me['account_id']}/certificates").json()["items"]
    assert entered[0].json() in listed
    for each in entered:
        row = each.json()
        path = f"/officers/{row['account_id']}/certificates/{row['id']}/endings"
        assert lawyer.post(path, {"on": "2026-01-01", "reason": "调离"}).status_code == 201
        assert lawyer.post(path, {"on": "2026-01-01", "reason": "调离"}).json()["code"] == "certificate.ended"


def test_m15_a_visit_whose_officer_has_left_is_taken_over_or_broken_off(case_id, sign_in):
    clerk, officer, second, stranger = map(sign_in, ("clerk", "officer", "second", "east-clerk"))
    with_second = HERE | {"companion_ids": [second.me["account_id"]]}
    why = {"reason": "检查人员突发疾病"}
    assert officer.act(case_id, "visits", with_second).status_code == 201
    assert stranger.post(f"/cases/{case_id}/visit-breakoffs", why, seen=1).status_code == 404
    refused = second.act(case_id, "visit-breakoffs", why)
    assert (refused.status_code, refused.json()["code"]) == (403, "visit.not_yours_to_end")
    empty = clerk.act(case_id, "visit-breakoffs", {"reason": " "})
    assert (empty.status_code, empty.json()["code"]) == (422, "case.incomplete")
    ended = clerk.act(case_id, "visit-breakoffs", why)
    assert ended.status_code == 201, ended.text
    assert clerk.act(case_id, "visit-breakoffs", why).json()["code"] == "visit.none_open"
    assert officer.write_record(case_id, world.RECORD).json()["code"] == "visit.none_open"
    assert officer.act(case_id, "visits", with_second).status_code == 201
    refused = clerk.act(case_id, "visit-takeovers", why)
    assert (refused.status_code, refused.json()["code"]) == (403, "role.missing")
    assert second.act(case_id, "visit-takeovers", why).status_code == 201
    done = second.write_record(case_id, world.RECORD)
    assert done.status_code == 201, done.text
    visits = clerk.get(f"/cases/{case_id}").json()["visits"]
    assert [each["state"] for each in visits] == ["broken_off", "completed"]
    assert visits[0]["broken_off_by"] == clerk.me["account_id"]


def test_m15_a_task_is_given_to_somebody_else(case_id, sign_in):
    clerk, officer, second = map(sign_in, ("clerk", "officer", "second"))
    to = {"person_id": second.me["account_id"]}
    assert officer.act(case_id, "assignments", to).status_code == 403
    assert clerk.act(case_id, "assignments", {"person_id": sign_in("desk").me["account_id"]}).status_code == 422
    assert clerk.act(case_id, "assignments", to).status_code == 201
    tasks = clerk.get(f"/cases/{case_id}").json()["tasks"]
    assert [each["person_id"] for each in tasks if each["kind"] == "town"] == [second.me["account_id"]]


@pytest.mark.parametrize("path", ["/officers/0/certificates", "/officers/99999999999999999999/certificates"])
def test_a_stranger_s_certificates_are_not_found(sign_in, path):
    assert sign_in("officer").get(path).status_code in {404, 422}


def test_the_record_answers_the_checklist_and_shows_what_was_found(case_id, sign_in):
    officer = sign_in("officer")
    asked = officer.get(f"/cases/{case_id}/checklist").json()
    assert len(asked["blocks"]) == 4
    assert asked["permit_check"] is False
    officer.act(case_id, "visits", HERE | {"kind": "patrol"})
    short = officer.write_record(case_id, world.RECORD | {"checklist": world.RECORD["checklist"][1:]})
    assert (short.status_code, short.json()["missing"]) == (422, ["checklist.industry"])
    shown = officer.take_picture(case_id, "near").json()["id"]
    findings = ["通道堵塞", {"text": "出口上锁", "picture_ids": [shown]}]
    permit = {"outcome": "seen", "number": "消1号", "picture_id": officer.take_picture(case_id, "permit").json()["id"]}
    done = officer.write_record(case_id, world.RECORD | {"findings": findings, "permit_check": permit})
    assert done.status_code == 201, done.text
    case = officer.get(f"/cases/{case_id}").json()
    assert [(each["text"], each["picture_ids"]) for each in case["findings"]] == [
        ("通道堵塞", []), ("出口上锁", [shown])
    ]  # fmt: skip
    assert case["visits"][0]["supports_penalty"] is False
    linked = officer.act(case_id, f"findings/{case['findings'][0]['id']}/evidence", {"picture_ids": [shown]})
    assert linked.status_code == 201
    assert sign_in("east-clerk").get(f"/cases/{case_id}/checklist").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"findings": []}, {"findings": [{"text": "x", "picture_ids": ["no"]}]}, {"findings": [{"text": ""}]},
        {"checklist": [{"block": "industry", "answer": "yes"}]}, {"permit_check": {"outcome": "seen", "secret": 1}},
        {"checklist": [{"block": "industry", "answer": "na"}] * 21}, {"findings": ["\u0000"]},
    ],
)  # fmt: skip
def test_a_record_that_says_what_none_can_say_is_refused(case_id, sign_in, changes):
    officer = sign_in("officer")
    officer.act(case_id, "visits", HERE)
    assert officer.write_record(case_id, world.RECORD | changes).status_code == 422


def test_a_picture_sent_again_is_stored_once(case_id, sign_in):
    officer = sign_in("officer")
    mine, content = str(uuid4()), world.photo((1, 2, 3))[0]

    def send(role="near", what=content):
        return officer.take_picture(case_id, role, client_id=mine, content=what)

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    for other in (send(role="far"), send(what=world.photo((9, 9, 9))[0])):
        assert (other.status_code, other.json()["code"]) == (409, "picture.id_reused")
    second = sign_in("second").take_picture(case_id, "near", client_id=mine, content=content)
    assert second.status_code == 201
    assert officer.take_picture(case_id, "near", client_id="no-id").status_code == 422


def test_of_a_picture_sent_many_times_at_once_one_is_stored(case_id, sign_in):
    officer = sign_in("officer")
    mine, content = str(uuid4()), world.photo((4, 5, 6))[0]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: officer.take_picture(case_id, "near", client_id=mine, content=content), range(6))
        )
    assert sorted(each.status_code for each in answers) == [200] * 5 + [201]
    assert len({each.json()["id"] for each in answers}) == 1
    with unit_of_work(OWNER) as session:
        assert session.scalar(select(func.count()).where(Picture.case_id == case_id)) == 1
