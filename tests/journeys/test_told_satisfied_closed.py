"""From a handled case to a report that is closed: the reply is checked, rated, and enough; or nobody says a word.

R7, R8, R10, M20, X42, K14.
"""

import uuid
from datetime import timedelta

from sqlalchemy import select
from test_a_report_reaches_the_feed import dispatched, handled

from cases.models.job import Job
from cases.models.reply import Reply
from cases.models.report import Report
from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from workers import sweeps

TEXT = "经现场核查属实，已责令清理并验收。"


def tracked(client, receipt):
    return client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()


def rate(client, receipt, **said):
    body = {"id": str(uuid.uuid4()), "tracking_code": receipt["tracking_code"], "kind": "rating"} | said
    return client.post("/m/v1/answers", json=body)


def closed(sign_in, work, clerk, leader, case_id):
    """Hand the copies over, answer for the department, and close the case."""
    for copy in leader.get(f"/cases/{case_id}").json()["copies"]:
        assert clerk.act(case_id, f"copies/{copy['id']}/delivery", {"note": "当面签收"}).status_code == 201
    assert sign_in("fire").act(case_id, "task-answers", {"text": "已配合检查"}).status_code == 201
    work()
    answer = leader.act(case_id, "closures", {"note": "结案"})
    assert answer.status_code == 201, answer.text
    work()


def a_month_goes_by(report_id):
    with unit_of_work(OWNER) as session:
        reply = session.scalars(select(Reply).where(Reply.report_id == uuid.UUID(report_id))).one()
        reply.review_until -= timedelta(days=45)


def the_beat_strikes():
    with unit_of_work(OWNER) as session:
        sweeps.find_settled(session, now=clock.now())


def told(client, work, sign_in):
    """A report whose case is handled and whose reply was given; gives what the rest needs."""
    desk = sign_in("desk")
    receipt, report_id, case_id = dispatched(client, work, desk)
    clerk, leader = handled(sign_in, case_id)
    work()
    assert desk.desk(report_id, "extracts", {"text": "某小区通道被占用"}).status_code == 201
    assert desk.desk(report_id, "replies", {"text": TEXT, "channel": "phone"}).status_code == 201
    work()
    return receipt, report_id, case_id, clerk, leader


def test_a_reply_that_gives_somebody_away_is_not_sent(client, work, sign_in):
    desk = sign_in("desk")
    receipt, report_id, case_id = dispatched(client, work, desk)
    handled(sign_in, case_id)
    work()
    number = desk.get(f"/cases/{case_id}").json()["number"]

    refused = desk.desk(report_id, "replies", {"text": f"案件{number}已处理，联系张经理13800138000"})

    assert (refused.status_code, refused.json()["code"]) == (422, "reply.wording")
    assert [(one["code"], one["pointer"]) for one in refused.json()["found"]] == [
        ("inner_number", "/text"), ("person_name", "/text"), ("phone", "/text"), ("verdict_missing", "/text"),
    ]  # fmt: skip
    assert refused.json()["errors"][0]["pointer"] == "/text"
    assert tracked(client, receipt)["outcome"] is None
    nobody = desk.desk(report_id, "replies", {"text": TEXT, "channel": "phone", "unreachable": "三次无人接听"})
    assert nobody.status_code == 201
    (row,) = desk.get(f"/desk/reports/{report_id}").json()["replies"]
    assert (row["text"], row["channel"], row["reached"], row["unreachable"]) == (TEXT, "phone", False, "三次无人接听")
    assert tracked(client, receipt)["outcome"]["text"] == TEXT  # X37: it lies under the code all the same


def test_satisfied_and_enough_closes_when_the_case_does(client, work, sign_in):
    receipt, report_id, case_id, clerk, leader = told(client, work, sign_in)
    progress = tracked(client, receipt)
    assert (progress["state"], "rate" in progress["can"], progress["outcome"]["satisfaction"]) == (
        "replied",
        True,
        None,
    )
    assert progress["next"]["due_at"] is not None
    before = clerk.get(f"/cases/{case_id}").json()

    rated = rate(client, receipt, satisfaction=5, enough=True, text="第二天就清走了")
    work()

    assert (rated.status_code, rated.json()["state"], rated.json()["next"]["due_at"]) == (201, "replied", None)
    assert clerk.get(f"/cases/{case_id}").json() == before  # X42: no handler learns of it
    assert tracked(client, receipt)["state"] == "replied"  # its case is not closed yet
    closed(sign_in, work, clerk, leader, case_id)
    the_beat_strikes()
    work()
    progress = tracked(client, receipt)
    assert (progress["state"], progress["next"], progress["can"]) == (
        "closed", None, ["message", "retaliation"],
    )  # fmt: skip
    assert (progress["outcome"]["text"], progress["outcome"]["satisfaction"]) == (TEXT, 5)
    assert [line["text"] for line in progress["timeline"]][-1] == "本件已办结"
    assert rate(client, receipt, satisfaction=1).json()["code"] == "answer.not_open"
    shown = sign_in("desk").get(f"/desk/reports/{report_id}").json()
    assert [(one["kind"], one["text"]) for one in shown["additions"]] == [("rating", "第二天就清走了")]


def test_thirty_days_without_a_word_close_it(client, work, sign_in):
    receipt, report_id, case_id, clerk, leader = told(client, work, sign_in)
    closed(sign_in, work, clerk, leader, case_id)
    the_beat_strikes()
    with unit_of_work(OWNER) as session:
        waits = select(Job.id).where(Job.step == "close_report", Job.subject == uuid.UUID(report_id))
        assert session.scalars(waits).all() == []

    a_month_goes_by(report_id)
    the_beat_strikes()
    work()

    assert tracked(client, receipt)["state"] == "closed"
    with unit_of_work(OWNER) as session:
        report = session.get_one(Report, uuid.UUID(report_id))
        assert (report.outcome, report.reply) == ("substantiated", TEXT)


def test_a_dissatisfied_reporter_is_seen_by_the_desk_and_counted(client, work, sign_in):
    receipt, report_id, *_ = told(client, work, sign_in)
    desk = sign_in("desk")
    today = clock.now().astimezone(LOCAL_ZONE).date().isoformat()
    asked = f"/satisfaction?first={today}&last={today}"
    before = desk.get(asked).json()["total"]

    assert rate(client, receipt, satisfaction=1, text="只清了一半").status_code == 201
    work()

    rows = desk.get("/desk/reports?which=dissatisfied&limit=100").json()["items"]
    assert report_id in [row["id"] for row in rows]
    after = desk.get(asked).json()
    assert after["total"]["ratings"] == before["ratings"] + 1
    assert after["total"]["satisfied"] == before["satisfied"]
    assert "已评价" in after["formula"]["zh"]
    refused = sign_in("clerk").get(asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "satisfaction.district_only")
    assert desk.get("/satisfaction?first=2026-02-02&last=2026-01-01").status_code == 422
    assert tracked(client, receipt)["state"] == "replied"


def test_a_rating_is_strict_about_what_it_says(client):
    base = {"id": str(uuid.uuid4()), "tracking_code": "7K3M-9QXT-2VWB-5RD8", "kind": "rating"}
    for wrong, pointer in (
        ({}, "/satisfaction"), ({"satisfaction": 0}, "/satisfaction"), ({"satisfaction": 6}, "/satisfaction"),
        ({"satisfaction": True}, "/satisfaction"), ({"satisfaction": "5"}, "/satisfaction"),
        ({"satisfaction": 4.5}, "/satisfaction"), ({"satisfaction": 5, "enough": 1}, "/enough"),
        ({"kind": "supplement", "text": "补充", "satisfaction": 5}, "/satisfaction"),
        ({"kind": "withdrawal", "enough": True}, "/enough"),
    ):  # fmt: skip
        answer = client.post("/m/v1/answers", json=base | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), wrong
