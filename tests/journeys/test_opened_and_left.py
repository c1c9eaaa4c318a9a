"""R2-R6, D8, M19 over HTTP on a fake clock: what the desk opens and leaves is decided in time, or everybody knows."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import world
from sqlalchemy import select

from cases.models.report import ReportCase
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work

A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=LOCAL_ZONE)
DUE = datetime(2026, 12, 2, tzinfo=LOCAL_ZONE)  # 24:00 of the fifth working day


@pytest.fixture
def director(person, sign_in, time):
    """Who is entered as the leader of the desk's office; gives how many notices of a kind both have."""
    name, account_id = person(world.Role.PUBLISHER)
    safety = sign_in("safety")
    body = {
        "org_id": safety.me["org_id"], "name": "某", "title": "主任", "line": "government",
        "portfolio": uuid4().hex[:8], "from_on": "2026-11-01", "account_id": account_id,
    }  # fmt: skip
    made = safety.post("/leader-assignments", body)
    assert made.status_code == 201, made.text
    yield lambda kind: len(heard(sign_in(name.removeprefix("walk-")), kind))
    ended = sign_in("safety").post(f"/leader-assignments/{made.json()['id']}/endings", {"to_on": "2026-11-01"})
    assert ended.status_code == 201, ended.text


def heard(officer, kind):
    """The notices of a kind, also those for one person."""
    return [each for each in officer.get("/notices?limit=100").json()["items"] if each["kind"] == kind]


def on_the_list(desk, report_id):
    items = desk.get("/desk/reports?limit=100").json()["items"]
    return next((item for item in items if item["id"] == report_id), None)


def case_of(report_id):
    with unit_of_work(OWNER) as session:
        return session.scalars(select(ReportCase.case_id).where(ReportCase.report_id == report_id)).one()


@pytest.fixture
def sent(client, work, sign_in, time):
    """Send a report that waits at the desk, and open it there; gives its receipt and its id."""

    def _sent(place=world.OUTSIDE, **changes):
        receipt = client.post("/m/v1/reports", json=world.report(place, **changes)).json()
        work()
        desk = sign_in("desk")
        items = desk.get("/desk/reports?limit=100").json()["items"]
        report_id = next(item["id"] for item in items if item["reference"] == receipt["reference"])
        assert desk.get(f"/desk/reports/{report_id}").status_code == 200
        return receipt, report_id

    return _sent


def test_r2_an_emergency_that_was_opened_and_left_is_with_its_town_when_the_time_to_look_is_over(
    client, sign_in, pass_to, sent
):
    receipt, report_id = sent(world.CENTRE, emergency={"answer": "trapped"})
    desk = sign_in("desk")
    assert on_the_list(desk, report_id)["accept_due_at"] == (TUESDAY + 5 * A_MINUTE).astimezone().isoformat()
    pass_to(TUESDAY + 4 * A_MINUTE)
    assert heard(desk, "review_overdue") == []
    for minutes in (5, 6, 7):
        pass_to(TUESDAY + minutes * A_MINUTE)
        assert len(heard(desk, "review_overdue")) == 1
    told = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    assert told["state"] == "accepted"
    case = sign_in("clerk").get(f"/cases/{case_of(report_id)}").json()
    assert (case["state"], case["urgency"]) == ("dispatched", "immediate")


def test_x33_an_emergency_is_with_its_town_in_time_though_its_reporter_was_asked_and_may_answer_later(
    client, sign_in, pass_to, sent
):
    receipt, report_id = sent(world.CENTRE, emergency={"answer": "trapped"})
    assert sign_in("desk").desk(report_id, "questions", {"text": "是几号楼？"}).status_code == 201
    pass_to(TUESDAY + 6 * A_MINUTE)
    assert sign_in("clerk").get(f"/cases/{case_of(report_id)}").json()["state"] == "dispatched"
    code = {"tracking_code": receipt["tracking_code"]}
    told = client.post("/m/v1/tracking", json=code).json()
    assert (told["state"], told["question"]["text"]) == ("accepted", "是几号楼？")
    answer = code | {"id": str(uuid4()), "kind": "answer", "question_id": told["question"]["id"], "text": "是21号楼"}
    assert client.post("/m/v1/answers", json=answer).status_code == 201
    pass_to(TUESDAY + 7 * A_MINUTE)
    desk = sign_in("desk")
    unheard = desk.get("/desk/reports?which=unheard").json()["items"]
    assert [item["id"] for item in unheard] == [report_id]
    assert len(heard(desk, "review_overdue")) == 1


def test_r6_a_refusal_that_comes_after_the_town_was_sent_calls_it_back(client, sign_in, second, pass_to, sent):
    receipt, report_id = sent(world.CENTRE, emergency={"answer": "trapped"})
    body = {"reason": "not_safety", "text": "属于邻里纠纷", "evidence": ""}
    refusal_id = sign_in("desk").desk(report_id, "refusals", body).json()["refusal"]["id"]
    seen = second.get(f"/desk/reports/{report_id}").json()["version"]
    pass_to(TUESDAY + 6 * A_MINUTE)
    path = f"/desk/reports/{report_id}/refusals/{refusal_id}/confirmation"
    unaware = second.post(path, seen=seen)
    assert (unaware.status_code, unaware.json()["code"]) == (412, "case.changed")
    (waits,) = second.get("/desk/refusals").json()["items"]
    assert (waits["on_its_way"], waits["mine"], waits["report"]["state"]) == (True, False, "accepted")
    assert second.post(path, seen=waits["report"]["version"]).status_code == 201
    clerk = sign_in("clerk")
    assert clerk.get(f"/cases/{case_of(report_id)}").json()["state"] == "void"
    assert len(heard(clerk, "case_void")) == 1
    told = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    assert told["state"] == "not_accepted"


def test_m19_a_report_that_was_opened_and_left_is_red_and_the_director_hears_of_it(sign_in, pass_to, sent, director):
    _, report_id = sent(category="OTH-01")
    pass_to(DUE - A_MINUTE)
    desk = sign_in("desk")
    assert (on_the_list(desk, report_id)["overdue"], desk.get("/desk/board").json()["all"]["overdue"]) == (False, 0)
    pass_to(DUE)
    desk = sign_in("desk")
    assert (on_the_list(desk, report_id)["overdue"], desk.get("/desk/board").json()["all"]["overdue"]) == (True, 1)
    assert (len(heard(desk, "decision_overdue")), director("decision_overdue")) == (1, 2)
    pass_to(DUE + A_MINUTE)
    assert (len(heard(desk, "decision_overdue")), director("decision_overdue")) == (1, 2)
    pass_to(DUE + A_DAY)  # a working day later, whether or not the first was read
    desk = sign_in("desk")
    assert (len(heard(desk, "decision_overdue")), director("decision_overdue")) == (2, 4)
    to = {"body": "临江区应急管理局", "phone": "010-12350", "link": ""}
    assert desk.desk(report_id, "redirections", {"reason": "outside_district", "text": "", **to}).status_code == 201
    pass_to(DUE + 20 * A_DAY)
    desk = sign_in("desk")
    assert desk.get("/desk/board").json()["all"]["overdue"] == 0
    assert len(heard(desk, "decision_overdue")) == 2


def test_r3_an_answer_gives_the_desk_its_time_anew(client, sign_in, pass_to, sent):
    receipt, report_id = sent(category="OTH-01")
    assert sign_in("desk").desk(report_id, "questions", {"text": "是几号楼？"}).status_code == 201
    pass_to(TUESDAY + 2 * A_DAY)
    code = {"tracking_code": receipt["tracking_code"]}
    question = client.post("/m/v1/tracking", json=code).json()["question"]
    answer = code | {"id": str(uuid4()), "kind": "answer", "question_id": question["id"], "text": "是21号楼"}
    assert client.post("/m/v1/answers", json=answer).status_code == 201
    pass_to(DUE)
    desk = sign_in("desk")
    assert (on_the_list(desk, report_id)["overdue"], heard(desk, "decision_overdue")) == (False, [])
    pass_to(DUE + 2 * A_DAY)
    desk = sign_in("desk")
    assert (on_the_list(desk, report_id)["overdue"], len(heard(desk, "decision_overdue"))) == (True, 1)
