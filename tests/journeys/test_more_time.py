"""D7 over HTTP: an officer asks for more time, the leader grants it once, both dates are shown."""

from datetime import datetime, timedelta

import world
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import begun, done

from cases.models.pause import Extension
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work


def test_d7_more_time_is_asked_for_and_granted_one_level_up(client, work, sign_in):
    case_id = begun(client, work, sign_in)
    officer, leader, safety = map(sign_in, ("officer", "leader", "safety"))
    done(officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}))
    plan = world.PLAN | {"due_at": world.future(9)}
    done(leader.act(case_id, "orders", {"text": "整改", "plan": plan, "consequences": world.CONSEQUENCES}))
    (clock,) = [each for each in officer.get(f"/cases/{case_id}").json()["clocks"] if each["kind"] == "rectify"]
    later = (datetime.fromisoformat(clock["due_at"]) + timedelta(days=3)).isoformat()
    body = {"clock_id": clock["id"], "new_due_at": later, "reason": "材料未到"}

    for wrong, code in (
        ({"clock_id": 2**31}, None), ({"clock_id": 0}, None), ({"new_due_at": "soon"}, None), ({"reason": ""}, None),
        ({"clock_id": 2**31 - 1}, "extension.not_extendable"),
        ({"new_due_at": clock["due_at"]}, "deadline.extension_too_long"),
    ):  # fmt: skip
        refused = officer.act(case_id, "extensions", body | wrong)
        assert refused.status_code == 422, refused.text
        assert code in {None, refused.json()["code"]}
    wish = done(officer.act(case_id, "extensions", body))["extension"]
    work()
    assert [row["extension"]["id"] for row in leader.get("/extensions").json()["items"]] == [wish["id"]]
    path = f"extensions/{wish['id']}"
    assert officer.act(case_id, f"{path}/approval", {}).status_code == 403
    assert safety.act(case_id, f"{path}/approval", {}).json()["code"] == "case.wrong_level"
    assert leader.act(case_id, f"extensions/{case_id}/approval", {}).status_code == 404
    assert leader.post(f"/cases/{case_id}/{path}/approval", {}).status_code == 428
    assert done(leader.act(case_id, f"{path}/approval", {}))["extension"]["state"] == "granted"

    dossier = officer.get(f"/cases/{case_id}").json()
    (shown,) = [each for each in dossier["clocks"] if each["kind"] == "rectify"]
    assert (shown["due_at"], shown["original_due_at"]) == (dossier["extensions"][0]["new_due_at"], clock["due_at"])
    again = officer.act(case_id, "extensions", body)
    assert (again.status_code, again.json()["code"]) == (409, "deadline.extended_already")
    assert sign_in("east-clerk").get(f"/cases/{case_id}").status_code == 404


def test_f39_the_whole_case_has_more_time_and_its_reporter_reads_until_when(client, work, sign_in):
    receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    clerk, safety, fire = map(sign_in, ("clerk", "safety", "fire"))
    done(clerk.act(case_id, "signatures", {"person_id": sign_in("officer").me["account_id"]}))
    (total,) = [each for each in clerk.get(f"/cases/{case_id}").json()["clocks"] if each["kind"] == "total"]
    until = datetime.fromisoformat(total["due_at"]) + timedelta(days=20)
    body = {"clock_id": total["id"], "new_due_at": until.isoformat(), "reason": "鉴定周期长"}

    own = done(safety.act(case_id, "extensions", body))["extension"]  # the office asks, and does not grant its own
    refused = safety.act(case_id, f"extensions/{own['id']}/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "case.same_person")
    assert fire.act(case_id, "extensions", body).json()["code"] == "extension.asked_already"
    with unit_of_work(OWNER) as session:
        session.get_one(Extension, own["id"]).state = "refused"
    wish = done(fire.act(case_id, "extensions", body))["extension"]
    assert wish["id"] in [row["extension"]["id"] for row in safety.get("/extensions?limit=100").json()["items"]]
    done(safety.act(case_id, f"extensions/{wish['id']}/approval", {"comment": "同意"}))
    work()

    last = (until - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()
    said = f"办理期限延长至{last.year}年{last.month}月{last.day}日"
    told = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    assert [line["text"] for line in told["timeline"]].count(f"经批准，{said}") == 1
    assert "鉴定周期长" not in str(told)
