"""T1, M22 over HTTP: an officer registers what they found; it is handled as any case, and nobody waits for a reply."""

from uuid import uuid4

import world

from kit import clock


def body(place=world.CENTRE, **changes):
    at = {"lon": place[0], "lat": place[1], "crs": "wgs84"}
    return {
        "id": str(uuid4()), "category": "FIR-01", "position": at, "accuracy_m": 8.0, "place": "幸福路1号北门",
        "text": "消防通道被电动车堵死", "seen_at": clock.now().isoformat(),
    } | changes  # fmt: skip


def own(officer, id_):
    return next(item for item in officer.get("/patrol-findings?limit=100").json()["items"] if item["id"] == id_)


def test_m22_what_an_officer_found_is_a_case_with_their_own_photos(client, work, sign_in):
    officer, said = sign_in("officer"), body()
    sent = officer.post("/patrol-findings", said)
    assert (sent.status_code, sent.json()["state"]) == (201, "sent"), sent.text
    again = officer.post("/patrol-findings", said)
    assert (again.status_code, again.json()["id"]) == (200, sent.json()["id"])
    work()
    case_id = own(officer, sent.json()["id"])["opened_case_id"]
    case = officer.get(f"/cases/{case_id}").json()
    assert (case["state"], case["extract"], case["place"]["text"]) == ("dispatched", said["text"], said["place"])
    assert officer.take_picture(case_id, "before").status_code == 201
    assert sign_in("fire").get(f"/cases/{case_id}").status_code == 200
    assert sign_in("desk").get("/desk/reports?limit=100").json()["items"] == []


def test_x19_a_case_near_is_told_by_its_number_and_a_reason_opens_another(client, work, sign_in):
    officer = sign_in("officer")
    first = officer.post("/patrol-findings", body()).json()
    work()
    case_id = own(officer, first["id"])["opened_case_id"]
    refused = officer.post("/patrol-findings", body())
    assert (refused.status_code, refused.json()["code"]) == (409, "patrol.possible_duplicate")
    assert [case["id"] for case in refused.json()["cases"]] == [case_id]
    assert officer.post("/patrol-findings", body(apart="隔壁另一栋楼")).status_code == 201


def test_t1_outside_ones_own_town_the_desk_decides(client, work, sign_in):
    officer, desk = sign_in("officer"), sign_in("desk")
    sent = [officer.post("/patrol-findings", body(place)).json() for place in (world.OUTSIDE, (117.45, 31.15))]
    work()
    waits = desk.get("/desk/patrol-findings").json()["items"]
    assert [(item["id"], item["waits_for"]) for item in waits] == [
        (sent[0]["id"], "outside"), (sent[1]["id"], "another_town"),
    ]  # fmt: skip
    path = f"/desk/patrol-findings/{sent[0]['id']}/dismissals"
    assert desk.post(path, {"note": "不在本区"}).status_code == 428
    assert desk.post(path, {"note": "不在本区"}, seen=waits[0]["version"]).status_code == 201
    taken = desk.post(f"/desk/patrol-findings/{sent[1]['id']}/acceptances", {}, seen=waits[1]["version"])
    assert taken.status_code == 201, taken.text
    assert sign_in("east-clerk").get(f"/cases/{taken.json()['case']['id']}").status_code == 200
    assert officer.get(f"/cases/{taken.json()['case']['id']}").status_code == 404
    assert own(officer, sent[0]["id"])["note"] == "不在本区"
    assert desk.get("/desk/patrol-findings").json()["items"] == []


def test_nobody_else_registers_or_decides(client, sign_in):
    for who in ("desk", "fire", "safety", "leader", "discipline"):
        assert sign_in(who).post("/patrol-findings", body()).status_code == 403
    for who in ("officer", "safety", "leader"):
        assert sign_in(who).get("/desk/patrol-findings").status_code == 403
