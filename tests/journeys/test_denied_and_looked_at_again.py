"""T9, X21, M40 over HTTP: what was not found is looked at again; what stays unfit is decided about."""

import re
from pathlib import Path

import world
from test_a_report_reaches_the_feed import dispatched

from cases.lifecycle import closing
from cases.models.case import Case
from kit.db import OWNER, unit_of_work

CHECK_IN = {"position": dict(zip(("lon", "lat"), world.CENTRE, strict=True)) | {"crs": "wgs84"}}


def done(answer, status=201):
    assert answer.status_code == status, answer.text
    return answer.json()


def visited(officer, case_id):
    done(officer.act(case_id, "visits", CHECK_IN))
    done(officer.write_record(case_id, world.RECORD))
    for role in ("near", "far"):
        done(officer.take_picture(case_id, role))


def begun(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    officer = sign_in("officer")
    done(sign_in("clerk").act(case_id, "signatures", {"person_id": officer.me["account_id"]}))
    visited(officer, case_id)
    return case_id


def denied(officer, leader, case_id):
    done(officer.act(case_id, "verdicts", {"outcome": "unsubstantiated", "summary": "未见"}))
    done(leader.act(case_id, "non-findings", {"comment": "同意"}))


def guard(officer, case_id, code):
    lines = officer.get(f"/cases/{case_id}/guards").json()["guards"]
    return next(line for line in lines if line["code"] == code)


def read(officer, link):
    """What a link of the panel leads to: an answer, and in it what the pointer after `#` names (RFC 6901)."""
    path, _, pointer = link.partition("#/")
    found = done(officer.get(path), 200)
    return found[pointer] if pointer else found


def test_c43_each_line_of_the_panel_links_to_what_can_be_read(client, work, sign_in):
    case_id = begun(client, work, sign_in)
    leader, desk = sign_in("leader"), sign_in("desk")
    lines = [line for line in leader.get(f"/cases/{case_id}/guards").json()["guards"] if not line["holds"]]
    assert {line["code"] for line in lines} >= {"G-REP", "G-ACC", "G-DOC"}
    for line in lines:
        assert read(desk if line["code"] == "G-REP" else leader, line["link"]) is not None
    sources = "".join(path.read_text("utf-8") for path in Path(closing.__path__[0]).glob("*.py"))
    members = set(re.findall(r'at\(case, "(\w+)"', sources)) | {"copies", "visits"}
    assert len(members) > 8
    assert members <= set(leader.get(f"/cases/{case_id}").json())


def test_x21_what_was_not_found_is_looked_at_again_by_others(client, work, sign_in):
    case_id = begun(client, work, sign_in)
    with unit_of_work(OWNER) as session:
        session.get_one(Case, case_id).urgency = "immediate"
    officer, second, leader, safety = map(sign_in, ("officer", "second", "leader", "safety"))
    denied(officer, leader, case_id)
    work()
    (look,) = officer.get(f"/cases/{case_id}").json()["second_looks"]
    assert (look["state"], look["why"], "seed" in look) == ("waiting", "immediate", False)
    assert guard(leader, case_id, "G-LOOK")["reason"] == "second_look_waits"
    assert read(leader, guard(leader, case_id, "G-LOOK")["link"]) == [look]
    shut = safety.act(case_id, "closures", {"note": "办结"})
    assert (shut.status_code, shut.json()["code"]) == (409, "case.guards_open")
    assert leader.get("/second-looks").status_code == 403
    assert case_id in [row["case"]["id"] for row in safety.get("/second-looks").json()["items"]]
    assert safety.get("/second-looks?after=x").status_code == 422

    path = f"second-looks/{look['verdict_id']}"
    assert leader.act(case_id, f"{path}/confirmation", {"comment": "x"}).status_code == 403
    assert safety.act(case_id, f"second-looks/{case_id}/return", {"comment": "x"}).status_code == 404
    assert safety.post(f"/cases/{case_id}/{path}/return", {"comment": "x"}).status_code == 428
    assert safety.post(f"/cases/{case_id}/{path}/return", {"comment": "x"}, seen=1).status_code == 412
    assert done(safety.act(case_id, f"{path}/return", {"comment": "换人再查"}))["state"] == "verifying"
    work()

    fire = sign_in("fire").me["org_id"]
    for body, status in (({"org_id": fire}, 409), ({"org_id": 10**9}, 422), ({}, 422), ({"org_id": "x"}, 422)):
        assert safety.act(case_id, "departments", body).status_code == status, body
    assert leader.act(case_id, "departments", {"org_id": fire}).json()["code"] == "role.missing"

    again = {"outcome": "unsubstantiated", "summary": "未见"}
    refused = officer.act(case_id, "verdicts", again)
    assert (refused.status_code, refused.json()["code"]) == (422, "second_look.not_by_others")
    visited(second, case_id)
    denied(second, leader, case_id)
    looks = safety.get(f"/cases/{case_id}").json()["second_looks"]
    (waiting,) = [each for each in looks if each["state"] == "waiting"]
    done(safety.act(case_id, f"second-looks/{waiting['verdict_id']}/confirmation", {"comment": "属实"}))
    assert safety.get(f"/cases/{case_id}").json()["outcome"] == "unsubstantiated"
    assert guard(leader, case_id, "G-LOOK")["holds"]
    month = looks[0]["drawn_at"][:7]
    kept = safety.get(f"/second-looks/draws?month={month}").json()["items"]
    assert {look["verdict_id"] for look in looks} <= {row["verdict_id"] for row in kept}
    assert all(row["seed"] and row["ticket"] for row in kept)
    watched = sign_in("discipline").get(f"/second-looks/draws?month={month}")
    assert watched.json()["items"] == kept
    assert leader.get(f"/second-looks/draws?month={month}").status_code == 403
    assert safety.get("/second-looks/draws?month=2026-13").status_code == 422


def test_m40_after_two_failures_the_leader_decides_and_the_matter_goes_on(client, work, sign_in):
    case_id = begun(client, work, sign_in)
    officer, second, leader = map(sign_in, ("officer", "second", "leader"))
    done(officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}))
    plan = world.PLAN | {"due_at": world.future(5)}
    done(leader.act(case_id, "orders", {"text": "整改", "plan": plan, "consequences": world.CONSEQUENCES}))
    for _ in range(2):
        done(officer.take_picture(case_id, "after"))
        done(officer.act(case_id, "completions", {"statement": "已清理"}))
        second.be_there(case_id)
        done(second.act(case_id, "acceptances", {"result": "fail", "note": "未清理", "findings": ["仍堵"]}))
    work()
    (task,) = leader.get(f"/cases/{case_id}").json()["decisions"]
    assert (task["state"], task["why"]) == ("open", "second_failure")
    assert "decision_demanded" in {each["kind"] for each in leader.get("/notices").json()["items"]}
    done(officer.take_picture(case_id, "after"))
    assert read(leader, guard(leader, case_id, "G-DEC")["link"]) == [task]
    stuck = officer.act(case_id, "completions", {"statement": "已清理"})
    assert (stuck.status_code, stuck.json()["code"]) == (409, "case.undecided")
    body = {
        "decision_id": task["id"],
        "choice": "suspend",
        "ground": "major_hazard",
        "basis": "安全生产法",
        "reason": "屡改不力",
    }
    words_alone = leader.act(case_id, "consequences", body)
    assert (words_alone.status_code, words_alone.json()["code"]) == (422, "decision.no_measure")
    assert officer.act(case_id, "consequences", body).status_code == 403
    referral = {"to_external": "市应急局", "reason": "屡改不力", "basis": "安全生产法", "materials": ["检查记录"]}
    made = done(leader.act(case_id, "consequences", body | {"choice": "refer", "referral": referral}))
    assert (made["decision"]["state"], made["decision"]["ground"], made["state"]) == ("decided", None, "referred")
    assert leader.act(case_id, "consequences", body | {"choice": "refer", "referral": referral}).status_code == 409
