"""T19, D6 over HTTP: an office asks for a hold, the safety office approves, renews and ends it; queues show it."""

from datetime import date, datetime, timedelta

import pytest
import world
from test_denied_and_looked_at_again import begun, done

from cases.models.case import Case
from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work


def day(ahead: int) -> str:
    return (clock.now().astimezone(LOCAL_ZONE).date() + timedelta(days=ahead)).isoformat()


BODY = {"reason": "appraisal", "note": "等待房屋安全鉴定", "interim_measures": "停用、围挡"}


@pytest.fixture
def ordered(client, work, sign_in):
    case_id = begun(client, work, sign_in)
    officer, leader = sign_in("officer"), sign_in("leader")
    done(officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}))
    plan = world.PLAN | {"due_at": world.future(9)}
    done(leader.act(case_id, "orders", {"text": "整改", "plan": plan, "consequences": world.CONSEQUENCES}))
    return case_id


def asked(officer, case_id, **facts):
    return officer.act(case_id, "holds", BODY | {"review_on": day(30)} | facts)


def queued(officer, case_id):
    (row,) = [each for each in officer.get("/queue?limit=100").json()["items"] if each["case"]["id"] == case_id]
    return row["due_what"], row["due_at"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": "money"}, "reason.unknown"), ({"reason": "A B"}, None), ({"note": ""}, None),
        ({"note": " "}, "case.incomplete"), ({"interim_measures": " "}, "case.incomplete"),
        ({"interim_measures": None}, None), ({"review_on": day(91)}, "hold.review_out_of_range"),
        ({"review_on": day(-1)}, "hold.review_out_of_range"), ({"review_on": "2999-01-01"}, None),
        ({"review_on": "soon"}, None), ({"review_on": 10**20}, None), ({"state": "active"}, None),
    ],
)  # fmt: skip
def test_t19_what_is_not_a_request(ordered, sign_in, wrong, code):
    refused = asked(sign_in("officer"), ordered, **wrong)
    assert refused.status_code == 422, refused.text
    assert code in {None, refused.json()["code"]}


def test_t19_a_case_is_held_renewed_and_let_go(ordered, work, sign_in):
    officer, leader, safety = map(sign_in, ("officer", "leader", "safety"))
    before = {each["kind"]: each for each in officer.get(f"/cases/{ordered}").json()["clocks"]}
    assert "rectify" in before
    assert asked(safety, ordered).status_code == 403
    hold = done(asked(officer, ordered))["hold"]
    assert (hold["state"], hold["reason_code"]) == ("requested", "appraisal")
    assert asked(leader, ordered).json()["code"] == "hold.asked_already"
    work()
    assert "hold_requested" in {each["kind"] for each in safety.get("/notices").json()["items"]}
    assert hold["id"] in [row["hold"]["id"] for row in safety.get("/holds").json()["items"]]

    path = f"holds/{hold['id']}"
    assert leader.act(ordered, f"{path}/approval", {}).status_code == 403
    assert safety.act(ordered, f"holds/{ordered}/approval", {}).status_code == 404
    assert safety.post(f"/cases/{ordered}/{path}/approval", {}).status_code == 428
    assert safety.post(f"/cases/{ordered}/{path}/approval", {}, seen=1).status_code == 412
    assert done(safety.act(ordered, f"{path}/approval", {}))["state"] == "on_hold"
    work()

    dossier = officer.get(f"/cases/{ordered}").json()
    assert (dossier["state"], dossier["clocks"]) == ("on_hold", [])
    assert {each["to_at"] for each in dossier["pauses"]} == {None}
    assert queued(officer, ordered) == ("hold", dossier["holds"][0]["review_at"])
    stuck = officer.act(ordered, "completions", {"statement": "已整改"})
    assert (stuck.status_code, stuck.json()["code"]) == (409, "case.not_in_state")
    assert done(officer.take_picture(ordered, "after"))

    renewal = {"review_on": day(60), "comment": "鉴定机构尚未出具报告"}
    assert safety.act(ordered, f"{path}/renewal", renewal | {"review_on": day(20)}).status_code == 422
    assert safety.act(ordered, f"{path}/renewal", renewal | {"comment": ""}).status_code == 422
    renewed = done(safety.act(ordered, f"{path}/renewal", renewal))["hold"]
    assert (renewed["renewals"], renewed["review_at"]) == (1, ends(day(60)))
    held = [row["hold"]["id"] for row in safety.get("/holds?state=active").json()["items"]]
    assert hold["id"] in held
    ended = done(safety.act(ordered, f"{path}/end", {"comment": "报告已出"}))
    assert (ended["state"], ended["hold"]["state"]) == ("rectifying", "ended")
    assert safety.act(ordered, f"{path}/end", {"comment": "x"}).status_code == 409
    now = {each["kind"]: each for each in officer.get(f"/cases/{ordered}").json()["clocks"]}
    assert set(now) == set(before)
    assert now["rectify"]["due_at"] > before["rectify"]["due_at"]
    assert queued(officer, ordered)[0] == "rectify"


def ends(of: str) -> str:
    midnight = datetime.combine(date.fromisoformat(of) + timedelta(days=1), datetime.min.time(), LOCAL_ZONE)
    return midnight.astimezone(clock.now().tzinfo).isoformat()


def test_t19_refused_or_withdrawn_the_case_goes_on(ordered, sign_in):
    officer, safety = sign_in("officer"), sign_in("safety")
    hold = done(asked(officer, ordered))["hold"]
    assert safety.act(ordered, f"holds/{hold['id']}/refusal", {}).status_code == 422
    refused = done(safety.act(ordered, f"holds/{hold['id']}/refusal", {"comment": "可以先整改"}))
    assert (refused["state"], refused["hold"]["state"]) == ("rectifying", "refused")
    hold = done(asked(officer, ordered))["hold"]
    assert safety.act(ordered, f"holds/{hold['id']}/withdrawal", {}).status_code == 403
    assert officer.act(ordered, f"holds/{hold['id']}/withdrawal", {"x": 1}).status_code == 422
    assert done(officer.act(ordered, f"holds/{hold['id']}/withdrawal", {}))["hold"]["state"] == "ended"


def test_d6_an_immediate_case_is_refused_and_a_stranger_sees_nothing(ordered, sign_in):
    officer, stranger = sign_in("officer"), sign_in("east-clerk")
    hold = done(asked(officer, ordered))["hold"]
    assert stranger.get("/holds").json() == {"items": [], "next": None}
    assert stranger.post(f"/cases/{ordered}/holds/{hold['id']}/withdrawal", {}, seen=1).status_code == 403
    with unit_of_work(OWNER) as session:
        session.get_one(Case, ordered).urgency = "immediate"
    refused = sign_in("safety").act(ordered, f"holds/{hold['id']}/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "hold.immediate")


def test_the_lists_are_paged(ordered, sign_in):
    safety = sign_in("safety")
    done(asked(sign_in("officer"), ordered))
    seen, after = [], ""
    while after is not None:
        page = safety.get(f"/holds?limit=1{after and '&after=' + after}").json()
        seen += [row["hold"]["id"] for row in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) >= 1
    assert safety.get("/holds?after=x").json()["code"] == "page.cursor_invalid"
    assert safety.get("/holds?state=ended").status_code == 422


def test_m09_a_department_has_its_own_answer_held_and_its_case_goes_on(ordered, work, sign_in):
    fire, safety, officer = map(sign_in, ("fire", "safety", "officer"))
    hold = done(asked(fire, ordered))["hold"]
    assert hold["task_id"] is not None
    assert officer.act(ordered, f"holds/{hold['id']}/withdrawal", {}).json()["code"] == "case.not_your_body"
    assert done(safety.act(ordered, f"holds/{hold['id']}/approval", {}))["state"] == "rectifying"
    work()
    assert queued(fire, ordered) == ("hold", hold["review_at"])
    assert queued(officer, ordered)[0] == "rectify"
    assert done(safety.act(ordered, f"holds/{hold['id']}/end", {"comment": "报告已出"}))["state"] == "rectifying"
    assert queued(fire, ordered)[0] == "answer"
