"""An office says that a case is not its own; the safety office decides, once, and the clock has run all the time."""

import world
from test_a_report_reaches_the_feed import dispatched


def orgs(officer):
    return {org["code"]: org["id"] for org in officer.get("/orgs").json()["items"]}


def asked(sign_in, case_id, **changes):
    clerk = sign_in("clerk")
    body = {"reason": "not_my_territory", "text": "地块在东镇", "proposed_org_id": orgs(clerk)["E"]} | changes
    answer = clerk.act(case_id, "return-requests", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["return_request"]


def clocks(officer, case_id):
    return {row["kind"]: row["due_at"] for row in officer.get(f"/cases/{case_id}").json()["clocks"]}


def test_t5_upheld_the_other_town_has_it_with_its_full_time(client, work, sign_in):
    receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    request = asked(sign_in, case_id)
    work()
    safety = sign_in("safety")
    (row,) = safety.get("/arbitrations").json()["items"]
    assert (row["id"], row["case"]["id"], row["case"]["state"]) == (request["id"], case_id, "arbitrating")
    assert sign_in("clerk").get("/arbitrations").status_code == 403
    body = {"case_id": case_id, "level": "reminder", "org_id": orgs(safety)["W"], "text": "请抓紧签收"}
    order = safety.post("/urge-orders", body).json()

    done = safety.act(case_id, "arbitrations", {"request_id": request["id"], "decision": "upheld", "text": "成立"})
    work()

    assert done.status_code == 201, done.text
    assert done.json()["return_request"]["state"] == "upheld"
    east, west = sign_in("east-clerk"), sign_in("clerk")
    assert {"sign", "verify", "total"} == set(clocks(east, case_id))
    assert west.get(f"/cases/{case_id}").status_code == 404
    assert {"arbitrated", "urge_withdrawn"} <= {notice["kind"] for notice in west.get("/notices").json()["items"]}
    (urged,) = safety.get(f"/urge-orders?case_id={case_id}").json()["items"]
    assert (urged["id"], urged["state"]) == (order["id"], "withdrawn")
    assert case_id in [row["case"]["id"] for row in east.get("/queue").json()["items"]]
    assert east.act(case_id, "signatures", {"person_id": east.me["account_id"]}).status_code == 201
    told = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    assert [line["text"] for line in told["timeline"]][-1] == "已交责任单位"  # nothing of the dispute
    assert safety.get("/arbitrations").json()["items"] == []


def test_d5_rejected_the_town_keeps_it_and_the_time_that_has_gone_is_gone(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    clerk = sign_in("clerk")
    before = clocks(clerk, case_id)
    request = asked(sign_in, case_id)
    safety = sign_in("safety")

    body = {"request_id": request["id"], "decision": "rejected", "text": "地块在西街道"}
    assert clerk.act(case_id, "arbitrations", body).status_code == 403
    done = safety.act(case_id, "arbitrations", body)

    assert done.status_code == 201, done.text
    assert clocks(clerk, case_id) == before
    again = clerk.act(
        case_id, "return-requests", {"reason": "not_my_duty", "text": "-", "proposed_org_id": orgs(clerk)["E"]}
    )
    assert (again.status_code, again.json()["code"]) == (409, "return.arbitrated")
    assert clerk.act(case_id, "signatures", {"person_id": clerk.me["account_id"]}).status_code == 201


def test_t4_a_department_returns_its_task_while_the_town_goes_on(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    fire, clerk, safety = sign_in("fire"), sign_in("clerk"), sign_in("safety")
    body = {"reason": "not_my_duty", "text": "无消防设施", "proposed_org_id": orgs(fire)["W"]}
    request = fire.act(case_id, "return-requests", body).json()["return_request"]
    assert request["of_main"] is False
    assert clerk.act(case_id, "signatures", {"person_id": clerk.me["account_id"]}).status_code == 201

    done = safety.act(
        case_id, "arbitrations", {"request_id": request["id"], "decision": "rejected", "text": "属消防职责"}
    )

    assert done.status_code == 201, done.text
    assert done.json()["state"] == "signed"
    assert fire.act(case_id, "task-answers", {"text": "已查"}).status_code == 201


def test_x14_a_circle_is_the_safety_offices(client, work, sign_in):
    desk, safety = sign_in("desk"), sign_in("safety")
    _receipt, _report_id, case_id = dispatched(client, work, desk)
    there, back = ({"to_org_id": orgs(desk)[code], "why": "边界"} for code in ("E", "W"))
    assert desk.act(case_id, "dispatches", there).json()["return_request"] is None

    turned = desk.act(case_id, "dispatches", back)

    assert (turned.status_code, turned.json()["state"]) == (201, "arbitrating"), turned.text
    assert [row["circle"] for row in safety.get("/arbitrations").json()["items"]] == [True]
    assert "circle" in [notice["kind"] for notice in safety.get("/notices").json()["items"]]


def test_a_stranger_learns_nothing_and_nonsense_is_refused(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    request = asked(sign_in, case_id)
    safety, east = sign_in("safety"), sign_in("east-clerk")
    other = world.report()["id"]
    for noun, body in (
        ("return-requests", {"reason": "not_my_duty", "text": "x", "proposed_org_id": 1}),
        ("voidings", {"reason": "spam", "text": "x"}),
        ("dispatches", {"to_org_id": 1, "why": "x"}),
    ):
        answers = [east.post(f"/cases/{each}/{noun}", body, seen=1) for each in (case_id, other)]
        assert {answer.status_code for answer in answers} in ({403}, {404})  # what is there and what is not look alike
    for body in (
        {"request_id": other, "decision": "upheld", "text": "x"},
        {"request_id": request["id"], "decision": "perhaps", "text": "x"},
        {"request_id": request["id"], "decision": "upheld", "text": "x", "to_org_id": 2**40},
        {"request_id": request["id"], "decision": "upheld", "text": "x", "to_org_id": -1},
        {"request_id": request["id"], "decision": "upheld", "text": "x", "category": "XXX-99"},
    ):
        assert safety.act(case_id, "arbitrations", body).status_code in {404, 409, 422}
    assert safety.get(f"/cases/{case_id}").json()["state"] == "arbitrating"
    assert safety.get("/arbitrations?after=made-up").json()["code"] == "page.cursor_invalid"
