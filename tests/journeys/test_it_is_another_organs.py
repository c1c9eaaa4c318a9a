"""T11, T12, F51 over HTTP: what is wholly another organ's is told as handed over, ends there, and is replied to."""

import bureaus
import pytest
from test_a_report_reaches_the_feed import dispatched


@pytest.fixture
def departments(built):
    bureaus.open_doors()
    yield
    bureaus.close_doors()


def done(answer, status=201):
    assert answer.status_code == status, answer.text
    return answer.json()


def told(client, receipt):
    progress = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    return progress, [line["text"] for line in progress["timeline"]]


def test_t12_it_ends_where_it_was_handed_over(departments, client, work, sign_in):
    clerk, leader, chief, safety, desk = map(sign_in, ("clerk", "leader", "emergency-chief", "safety", "desk"))
    receipt, report_id, case_id = dispatched(client, work, desk)
    done(clerk.act(case_id, "signatures", {"person_id": sign_in("officer").me["account_id"]}))
    body = {"scope": "case", "to_org_id": bureaus.org_id("emergency"), "reason": "属应急部门职权", "basis": "x",
            "materials": ["举报摘录"]}  # fmt: skip
    path = f"referrals/{done(leader.act(case_id, 'referrals', body))['referral']['id']}"
    work()
    assert told(client, receipt)[1][-1] == "已移送有权机关办理"
    done(chief.act(case_id, f"{path}/acceptances", {}))
    assert leader.act(case_id, f"{path}/results", {"text": "x", "finding": "substantiated"}).status_code == 403
    assert chief.act(case_id, f"{path}/results", {"text": "x", "finding": "perhaps"}).status_code == 422
    early = safety.act(case_id, f"{path}/conclusions", {"confirmed": True, "text": "x"})
    assert (early.status_code, early.json()["code"]) == (409, "case.not_in_state")

    result = {"text": "已立案查处，罚款二万元", "finding": "substantiated"}
    assert done(chief.act(case_id, f"{path}/results", result))["state"] == "referred"
    assert any(row["kind"] == "referral_found" for row in safety.get("/notices").json()["items"])
    for other in (leader, chief):
        assert other.act(case_id, f"{path}/conclusions", {"confirmed": True, "text": "x"}).status_code == 403
    asked = done(safety.act(case_id, f"{path}/conclusions", {"confirmed": False, "text": "请补充处罚决定书"}))
    assert (asked["state"], asked["referral"]["state"], asked["referral"]["finding"]) == ("referred", "accepted", None)
    done(chief.act(case_id, f"{path}/results", result))
    ended = done(safety.act(case_id, f"{path}/conclusions", {"confirmed": True, "text": "属实"}))
    assert (ended["state"], ended["referral"]["state"]) == ("closure_review", "concluded")

    work()
    shut = {row["code"] for row in leader.get(f"/cases/{case_id}/guards").json()["guards"] if not row["holds"]}
    assert shut == {"G-REP", "G-TASK"}
    done(desk.desk(report_id, "extracts", {"text": "某单位隐患"}))
    done(desk.desk(report_id, "replies", {"text": "经核查属实，已移送有权机关立案查处"}))
    for name in ("fire", "police-constable"):
        done(sign_in(name).act(case_id, "task-answers", {"text": "已移送应急部门"}))
    work()
    assert done(leader.act(case_id, "closures", {"note": "结案"}))["state"] == "closed"
    work()
    progress, lines = told(client, receipt)
    assert (progress["outcome"]["verdict"], lines[-1]) == ("true", "已结案")


def test_t12_the_result_of_a_penalty_alone_ends_no_case(departments, client, work, sign_in):
    clerk, leader, chief, desk = map(sign_in, ("clerk", "leader", "emergency-chief", "desk"))
    _receipt, _report_id, case_id = dispatched(client, work, desk)
    done(clerk.act(case_id, "signatures", {"person_id": sign_in("officer").me["account_id"]}))
    body = {"scope": "penalty", "to_org_id": bureaus.org_id("emergency"), "reason": "镇街无处罚权", "basis": "x",
            "materials": ["记录"]}  # fmt: skip
    path = f"referrals/{done(leader.act(case_id, 'referrals', body))['referral']['id']}"
    done(chief.act(case_id, f"{path}/acceptances", {}))
    refused = chief.act(case_id, f"{path}/results", {"text": "已处罚", "finding": "substantiated"})
    assert (refused.status_code, refused.json()["code"]) == (409, "referral.not_whole")
    assert done(chief.act(case_id, f"{path}/results", {"text": "已处罚"}))["state"] == "signed"
