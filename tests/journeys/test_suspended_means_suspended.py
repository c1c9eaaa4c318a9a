"""M41, M42, M57, M59 over HTTP: lifted only after acceptance; an operation ends with every result."""

import threading

import bureaus
import pytest
import world
from test_a_report_reaches_the_feed import dispatched

MEASURE = {
    "type_code": "suspension", "party": "某烟花店", "scope": "全部经营活动", "ground": "illegal_operation",
    "reasoning": "无证经营且紧邻居民楼", "basis": "安全生产法第六十五条",
}  # fmt: skip


@pytest.fixture
def departments(built):
    bureaus.open_doors()
    yield
    bureaus.close_doors()


@pytest.fixture
def case_id(departments, client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"), category="FW-01")
    officer = sign_in("officer")
    done(sign_in("clerk").act(case_id, "signatures", {"person_id": officer.me["account_id"]}))
    return case_id


def done(answer, status=201):
    assert answer.status_code == status, answer.text
    return answer.json()


def in_force(sign_in, case_id, **facts):
    """A measure that holds; gives its path."""
    first, chief = sign_in("emergency-first"), sign_in("emergency-chief")
    made = done(first.act(case_id, "measures", MEASURE | facts))["measure"]["id"]
    path = f"measures/{made}"
    done(chief.act(case_id, f"{path}/approvals", {"note": "同意"}))
    officers = [bureaus.account_id(name) for name in ("emergency-first", "emergency-second")]
    done(first.act(case_id, f"{path}/enforcements", {"officer_ids": officers, "owner_id": officers[0]}))
    return path


def go_there(officer, case_id, path):
    """M41: a check-in at the place, and a photo taken there."""
    arrived = done(officer.act(case_id, f"{path}/review-arrivals", {"distance_reason": "按地址到场"}))
    assert arrived["arrival"]["measure_id"] == arrived["measure"]["id"]
    done(officer.take_picture(case_id, "after"))


def test_a_suspension_is_lifted_only_after_a_passed_review(sign_in, case_id):
    chief, third, town = map(sign_in, ("emergency-chief", "emergency-third", "officer"))
    path = in_force(sign_in, case_id)
    to = {"owner_id": third.me["account_id"], "reason": "原责任人调离"}
    assert third.act(case_id, f"{path}/handovers", to).status_code == 403
    assert chief.act(case_id, f"{path}/handovers", to | {"owner_id": town.me["account_id"]}).status_code == 422
    assert done(chief.act(case_id, f"{path}/handovers", to))["measure"]["owner_id"] == to["owner_id"]
    breach = done(town.act(case_id, f"{path}/breaches", {"facts": "夜间照常营业"}))
    assert breach["urgency"] == "immediate"
    assert chief.act(case_id, f"{path}/lifts", {"note": "x"}).status_code == 409
    done(town.act(case_id, f"{path}/lift-requests", {"application": "已取得许可，申请恢复"}))
    running = chief.get(f"/cases/{case_id}").json()["clocks_beside"]
    assert "acceptance_suspended" in [row["kind"] for row in running]
    too_early = chief.act(case_id, f"{path}/lifts", {"note": "x"})
    assert (too_early.status_code, too_early.json()["code"]) == (409, "measure.not_accepted")
    from_the_office = third.act(case_id, f"{path}/reviews", {"result": "pass", "findings": ["x"]})
    assert (from_the_office.status_code, from_the_office.json()["missing"]) == (422, ["arrival"])
    go_there(third, case_id, path)
    failed = done(third.act(case_id, f"{path}/reviews", {"result": "fail", "findings": ["仍无许可"]}))
    assert failed["state"] == "signed"
    assert chief.act(case_id, f"{path}/lifts", {"note": "x"}).status_code == 409
    done(town.act(case_id, f"{path}/lift-requests", {"application": "再次申请"}))
    by_hand = sign_in("emergency-first").act(case_id, f"{path}/reviews", {"result": "pass", "findings": ["x"]})
    assert (by_hand.status_code, by_hand.json()["code"]) == (403, "case.same_person")
    go_there(third, case_id, path)
    done(third.act(case_id, f"{path}/reviews", {"result": "pass", "findings": ["许可齐全"]}))
    lifted = done(chief.act(case_id, f"{path}/lifts", {"note": "同意恢复"}))["measure"]
    assert lifted["state"] == "lifted"
    (held,) = chief.get(f"/cases/{case_id}/measures").json()["items"]
    assert [row["result"] for row in held["reviews"]] == ["fail", "pass"]
    assert lifted["ended_at"] >= held["reviews"][1]["signed_at"]


def test_the_catalogue_says_what_may_be_imposed_and_nothing_else_is(sign_in, case_id):
    first, chief = sign_in("emergency-first"), sign_in("emergency-chief")
    listed = first.get("/measure-types").json()
    assert {"sealing", "closure", "suspension"} <= {row["code"] for row in listed["items"]}
    assert "other" in {row["code"] for row in listed["grounds"]}
    for wrong, code in (
        ({"type_code": "temporary_sealing"}, 403), ({"type_code": "fine"}, 422), ({"ground": "because"}, 422),
        ({"reasoning": ""}, 422), ({"extra": 1}, 422), ({"party": "x" * 201}, 422), ({"scope": "\x00"}, 422),
    ):  # fmt: skip
        refused = first.act(case_id, "measures", MEASURE | wrong)
        assert refused.status_code == code, refused.text
    closing = done(first.act(case_id, "measures", MEASURE | {"type_code": "closure"}))["measure"]["id"]
    refused = chief.act(case_id, f"measures/{closing}/approvals", {"note": "同意"})
    assert (refused.status_code, refused.json()["missing"]) == (422, ["decision_ref"])
    done(chief.act(case_id, f"measures/{closing}/approvals", {"decision_ref": "区政决〔2026〕1号"}))


def test_of_two_leaders_who_approve_at_once_one_is_told(sign_in, case_id):
    first, chief = sign_in("emergency-first"), sign_in("emergency-chief")
    made = done(first.act(case_id, "measures", MEASURE))["measure"]["id"]
    seen = chief.get(f"/cases/{case_id}").json()["version"]
    answers = []

    def approve(noun):
        answers.append(chief.post(f"/cases/{case_id}/measures/{made}/{noun}", {"note": "x"}, seen=seen))

    threads = [threading.Thread(target=approve, args=(noun,)) for noun in ("approvals", "drops")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 412]


def test_resistance_calls_the_police(sign_in, case_id):
    constable = sign_in("police-constable")
    told = done(sign_in("officer").act(case_id, "obstructions", {"facts": "锁门阻拦"}))
    assert told["urgency"] == "immediate"
    assert [row["code"] for row in constable.get(f"/cases/{case_id}").json()["tags"]] == ["obstruction"]
    assert "obstruction" in [row["kind"] for row in constable.get("/notices").json()["items"]]


def test_a_joint_operation_closes_when_every_member_has_filed(sign_in, case_id):
    chief, commander, stranger = map(sign_in, ("emergency-chief", "police-commander", "east-clerk"))
    plan = {"title": "烟花夜查", "plan": "两组同时到场", "begins_on": world.future(1)[:10],
            "ends_on": world.future(2)[:10], "member_org_ids": [bureaus.org_id("police")],
            "case_ids": [case_id]}  # fmt: skip
    made = done(chief.post("/operations", plan))
    path = f"/operations/{made['id']}"

    def act(who, noun, body=None):
        return who.post(f"{path}/{noun}", body, seen=who.get(path).json()["version"])

    assert stranger.get(path).status_code == 404
    assert chief.post(f"{path}/starts", seen=99).status_code == 412
    assert chief.post(f"{path}/starts").status_code == 428
    assert done(act(chief, "starts"))["not_acknowledged"] == [bureaus.org_id("police")]
    done(act(commander, "acknowledgements"))
    done(act(chief, "results", {"text": "查处一处"}))
    assert act(chief, "closures", {"text": "结束"}).json()["code"] == "operation.results_missing"
    done(act(commander, "records", {"text": "带离一人"}))
    done(act(commander, "results", {"text": "协助查处"}))
    assert done(act(chief, "closures", {"text": "结束"}))["state"] == "closed"
    seen = commander.get(path).json()
    assert (len(seen["members"]), [row["id"] for row in seen["cases"]]) == (2, [case_id])
    assert [row["title"] for row in chief.get(f"/cases/{case_id}").json()["operations"]] == ["烟花夜查"]


def test_a_joint_operation_goes_on_without_a_silent_member_or_is_called_off(sign_in, case_id):
    chief, commander = map(sign_in, ("emergency-chief", "police-commander"))
    plan = {"title": "夜查", "plan": "分两组", "begins_on": world.future(1)[:10], "ends_on": world.future(2)[:10],
            "member_org_ids": [bureaus.org_id("police")], "case_ids": [case_id]}  # fmt: skip
    path = f"/operations/{done(chief.post('/operations', plan))['id']}"

    def act(who, noun, body):
        return who.post(f"{path}/{noun}", body, seen=who.get(path).json()["version"])

    drop = {"org_id": bureaus.org_id("police"), "reason": "未派人参加"}
    assert act(commander, "drops", drop).status_code == 403
    assert act(chief, "drops", drop | {"org_id": bureaus.org_id("emergency")}).json()["code"] == (
        "operation.not_a_member"
    )
    done(act(chief, "drops", drop))
    assert act(chief, "cancellations", {"reason": ""}).status_code == 422
    over = done(act(chief, "cancellations", {"reason": "台风"}))
    assert (over["state"], over["called_off_reason"]) == ("called_off", "台风")
    assert act(chief, "cancellations", {"reason": "再次"}).status_code == 409
    kinds = {row["kind"] for row in commander.get("/notices").json()["items"]}
    assert {"operation", "operation_dropped"} <= kinds
