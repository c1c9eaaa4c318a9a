"""T17, T18 over HTTP: other people look back at a closed case; it came back, is open again, and everybody sees."""

from datetime import timedelta

import world
from sqlalchemy import update
from test_a_report_reaches_the_feed import dispatched, handled
from test_denied_and_looked_at_again import CHECK_IN, done

from cases.models.aftercare import LookBack
from cases.models.case import Case, Task
from kit import clock
from kit.db import OWNER, unit_of_work


def closed(client, work, sign_in):
    """A case of a report that was replied to, handled and closed; gives the receipt and the case's id."""
    desk, leader = sign_in("desk"), sign_in("leader")
    receipt, report_id, case_id = dispatched(client, work, desk)
    handled(sign_in, case_id)
    work()
    done(desk.desk(report_id, "replies", {"text": "已查实并整改"}))
    work()
    for copy in leader.get(f"/cases/{case_id}").json()["copies"]:
        done(sign_in("clerk").act(case_id, f"copies/{copy['id']}/delivery", {"note": "送达"}))
    done(sign_in("fire").act(case_id, "task-answers", {"text": "已配合"}))
    with unit_of_work(OWNER) as session:  # departments that nobody of this world sits in
        session.execute(update(Task).where(Task.kind.in_(("lead", "coop"))).values(state="answered"))
    done(leader.act(case_id, "closures", {"note": "办结"}))
    work()
    return receipt, case_id


def long_since(case_id):
    """Let the time of the look-backs of a case come: its closing was forty days ago."""
    with unit_of_work(OWNER) as session:
        early = timedelta(days=40)
        rows = update(LookBack).where(LookBack.case_id == case_id)
        session.execute(rows.values(opens_at=LookBack.opens_at - early, due_at=LookBack.due_at - early))


def track(client, receipt):
    return client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()


def test_t17_t18_it_came_back(client, work, sign_in):
    receipt, case_id = closed(client, work, sign_in)
    leader, safety, fire, second = map(sign_in, ("leader", "safety", "fire-second", "second"))
    assert leader.get(f"/cases/{case_id}").json()["look_backs"] == []  # M64: not before it is over
    (row,) = [each for each in safety.get("/look-backs").json()["items"] if each["id"] == case_id]
    look, path = row["look_back"], f"look-backs/{row['look_back']['id']}"
    assert (look["state"], look["origin"], look["step"]) == ("due", "closing", 1)

    me = fire.me["account_id"]
    assert leader.act(case_id, f"{path}/assignment", {"account_id": me}).status_code == 403
    town = safety.act(case_id, f"{path}/assignment", {"account_id": second.me["account_id"]})
    assert (town.status_code, town.json()["code"]) == (422, "aftercare.not_able")
    answered = safety.act(case_id, f"{path}/assignment", {"account_id": sign_in("fire").me["account_id"]})
    assert (answered.status_code, answered.json()["code"]) == (403, "case.same_person")  # who answered has had a hand
    done(safety.act(case_id, f"{path}/assignment", {"account_id": me}))
    assert safety.act(case_id, f"look-backs/{case_id}/assignment", {"account_id": me}).status_code == 404
    assert safety.post(f"/cases/{case_id}/{path}/assignment", {"account_id": me}).status_code == 428
    assert safety.act(case_id, f"{path}/assignment", {"account_id": 0}).status_code == 422

    assert [each["id"] for each in fire.get("/look-backs").json()["items"]] == [case_id]
    early = fire.act(case_id, f"{path}/arrival", CHECK_IN)
    assert (early.status_code, early.json()["code"]) == (409, "look_back.too_early")
    long_since(case_id)
    nowhere = fire.act(case_id, f"{path}/arrival", {})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "case.incomplete")
    assert done(fire.act(case_id, f"{path}/arrival", CHECK_IN))["state"] == "look_back"
    found = {"result": "rebound", "findings": "通道又被电动车堵死"}
    bare = fire.act(case_id, f"{path}/result", found)
    assert (bare.status_code, bare.json()["code"]) == (422, "case.incomplete")
    assert sign_in("officer").take_picture(case_id, "look_back").status_code == 403
    done(fire.take_picture(case_id, "look_back"))
    assert (
        fire.act(case_id, f"{path}/result", {**found, "result": "holds", "due_at": world.future(3)}).status_code == 422
    )
    late = fire.act(case_id, f"{path}/result", {**found, "due_at": world.future(100)})
    assert (late.status_code, late.json()["code"]) == (422, "reopening.due_out_of_range")
    opened = done(fire.act(case_id, f"{path}/result", {**found, "due_at": world.future(3)}))
    assert (opened["state"], opened["urgency"], opened["look_back"]["state"]) == ("rectifying", "immediate", "rebound")
    work()

    seen = leader.get(f"/cases/{case_id}").json()
    assert [each["state"] for each in seen["look_backs"]] == ["rebound"]
    (again,) = seen["reopenings"]
    assert (again["cause"], again["urgency_before"], again["urgency"]) == ("rebound", "urgent", "immediate")
    assert "rectify" in {each["kind"] for each in seen["clocks"]}
    assert "reopened" in {each["kind"] for each in leader.get("/notices").json()["items"]}
    lines = [line["text"] for line in track(client, receipt)["timeline"]]
    assert lines[-3:] == ["已结案", "已重新办理", "已责令整改"]
    assert fire.act(case_id, f"{path}/result", found).status_code == 409
    month = clock.now().strftime("%Y-%m")
    assert leader.get(f"/look-backs/draws?month={month}").status_code == 403
    assert safety.get(f"/look-backs/draws?month={month}").json() == {"items": []}
    assert safety.get("/look-backs?after=x").status_code == 422


def test_t18_a_new_report_of_the_same_opens_it_again(client, work, sign_in):
    _receipt, case_id = closed(client, work, sign_in)
    safety, leader = sign_in("safety"), sign_in("leader")
    _receipt, _report_id, other = dispatched(client, work, sign_in("desk"))
    body = {"other_case_id": other, "evidence": "同一通道再次被堵"}
    early = safety.act(case_id, "reopenings", body)
    assert (early.status_code, early.json()["code"]) == (422, "reopening.no_new_finding")
    handled(sign_in, other)
    assert leader.act(case_id, "reopenings", body).status_code in {403, 404}
    assert safety.act(case_id, "reopenings", body | {"other_case_id": case_id}).status_code == 422
    made = done(safety.act(case_id, "reopenings", body))
    assert (made["state"], made["reopening"]["cause"], made["reopening"]["round"]) == ("rectifying", "new_report", 1)
    assert safety.act(case_id, "reopenings", body).status_code == 409
    with unit_of_work(OWNER) as session:
        assert session.get_one(Case, case_id).listing_candidate_at is not None
