"""R8 over HTTP: a reporter is not content with the reply; other people look, and it is done again or stays."""

import uuid

import world
from test_denied_and_looked_at_again import done
from test_it_came_back import closed, track

from kit.db import OWNER, unit_of_work
from people import sign_in as accounts
from people.models import Account, Org
from people.roles import Role


def answer(client, receipt, **parts):
    body = {"id": str(uuid.uuid4()), "tracking_code": receipt["tracking_code"], "kind": "review_request"}
    return client.post("/m/v1/answers", json=body | {"text": "通道还是堵着"} | parts)


def newcomer(sign_in):
    """An officer of a department that has nothing to do with the case."""
    with unit_of_work(OWNER) as session:
        if session.query(Account).filter_by(username="walk-teacher").one_or_none() is None:
            school = Org(
                code="EDU", kind="department", department_kind="education", name_zh="教育局", name_en="Schools"
            )
            session.add(school)
            session.flush()
            accounts.create_officer(
                session, org=school, username="walk-teacher", name="teacher", password=world.PASSWORD,
                roles=[Role.DEPT_OFFICER],
            )  # fmt: skip
    return sign_in("teacher")


def test_r8_a_reporter_asks_and_other_people_find_that_it_must_be_done_again(client, work, sign_in):
    receipt, case_id = closed(client, work, sign_in)
    desk, safety, leader, other = sign_in("desk"), sign_in("safety"), sign_in("leader"), newcomer(sign_in)
    assert "ask_review" in track(client, receipt)["can"]
    assert answer(client, receipt, text=" ").status_code == 422
    assert answer(client, receipt, question_id=str(uuid.uuid4())).status_code == 422
    request_id = str(uuid.uuid4())
    asked = answer(client, receipt, id=request_id)
    assert (asked.status_code, asked.json()["state"]) == (201, "review_requested")
    assert answer(client, receipt, id=request_id).status_code == 200  # a retry is the same request
    again = answer(client, receipt)
    assert (again.status_code, again.json()["code"]) == (409, "answer.not_open")
    work()
    seen = track(client, receipt)
    assert (seen["state"], seen["state_text"]) == ("review_requested", "复核中")
    assert seen["timeline"][-1]["text"] == "已收到您的复核申请"
    assert seen["next"]["due_at"]

    assert leader.get("/desk/review-requests").status_code == 403
    (item,) = [i for i in desk.get("/desk/review-requests").json()["items"] if i["reference"] == receipt["reference"]]
    assert desk.get("/desk/review-requests?after=x").status_code == 422
    assert item["request"]["reason"] == "通道还是堵着"
    early = desk.desk(item["id"], "replies", {"text": "仍为属实"})
    assert (early.status_code, early.json()["code"]) == (409, "report.review_open")
    assert done(desk.desk(item["id"], "review-grounds", {"text": "请看现场通道"}))["grounds"] == "请看现场通道"

    assert leader.get(f"/cases/{case_id}").json()["reviews"] == []
    (row,) = [each for each in safety.get("/reviews").json()["items"] if each["id"] == case_id]
    path = f"reviews/{row['review']['id']}"
    involved = safety.act(case_id, f"{path}/assignment", {"account_id": sign_in("fire").me["account_id"]})
    assert (involved.status_code, involved.json()["code"]) == (403, "case.same_person")
    assert leader.act(case_id, f"{path}/assignment", {"account_id": other.me["account_id"]}).status_code == 403
    done(safety.act(case_id, f"{path}/assignment", {"account_id": other.me["account_id"]}))
    found = {"result": "upheld", "finding": "通道仍被占用"}
    assert safety.act(case_id, f"{path}/decision", found).status_code == 403
    assert other.act(case_id, f"{path}/decision", {**found, "result": "maybe"}).status_code == 422
    dated = {**found, "result": "dismissed", "due_at": world.future(1)}
    assert other.act(case_id, f"{path}/decision", dated).status_code == 422
    decided = done(other.act(case_id, f"{path}/decision", found | {"due_at": world.future(2)}))
    assert (decided["state"], decided["review"]["state"], decided["urgency"]) == ("rectifying", "upheld", "immediate")
    work()
    assert other.act(case_id, f"{path}/decision", found).status_code == 409
    (told,) = leader.get(f"/cases/{case_id}").json()["reviews"]
    assert told["finding"] == "通道仍被占用"

    waiting = [i["id"] for i in desk.get("/desk/reports?which=to_reply&limit=100").json()["items"]]
    assert item["id"] in waiting
    done(desk.desk(item["id"], "replies", {"text": "经复核，举报属实，已责令重新整改"}))
    work()
    seen = track(client, receipt)
    assert (seen["state"], "ask_review" in seen["can"]) == ("replied", False)
    lines = [line["text"] for line in seen["timeline"]]
    assert {"复核认为应当重新办理", "已重新办理"} <= set(lines)
    assert answer(client, receipt).status_code == 409


def test_r8_dismissed_the_case_stays_closed(client, work, sign_in):
    receipt, case_id = closed(client, work, sign_in)
    safety, other, desk = sign_in("safety"), newcomer(sign_in), sign_in("desk")
    assert answer(client, receipt).status_code == 201
    work()
    (row,) = [each for each in safety.get("/reviews").json()["items"] if each["id"] == case_id]
    path = f"reviews/{row['review']['id']}"
    done(safety.act(case_id, f"{path}/assignment", {"account_id": other.me["account_id"]}))
    assert [each["id"] for each in other.get("/reviews").json()["items"]] == [case_id]
    done(other.act(case_id, f"{path}/decision", {"result": "dismissed", "finding": "已畅通"}))
    work()
    assert safety.get(f"/cases/{case_id}").json()["state"] == "closed"
    (item,) = [i for i in desk.get("/desk/reports?which=to_reply&limit=100").json()["items"]
               if i["reference"] == receipt["reference"]]  # fmt: skip
    done(desk.desk(item["id"], "replies", {"text": "经复核，举报属实，维持原处理结果"}))
    assert safety.get("/reviews?after=x").status_code == 422
