"""The main job: a phone sends a report, a town deals with it, the public reads it, and it can be withdrawn."""

import time
from datetime import timedelta

import feedparser
import world
from sqlalchemy import select

from cases.models.case import Case
from cases.models.exposure import Exposure
from cases.models.handling import Visit
from cases.models.report import Report
from kit import clock
from kit.db import OWNER, unit_of_work


def dispatched(client, work, desk, *, place=world.CENTRE, **changes):
    """Send a report and have it dispatched; gives receipt, report id and case id."""
    sent = world.report(place, **changes)
    receipt = client.post("/m/v1/reports", json=sent)
    assert receipt.status_code == 201, receipt.text
    work()
    items = desk.get("/desk/reports?which=to_confirm&limit=100").json()["items"]
    report_id = next(i["id"] for i in items if i["reference"] == receipt.json()["reference"])
    return receipt.json(), report_id, desk.get(f"/desk/reports/{report_id}").json()["case_id"]


def handled(sign_in, case_id):
    """Carry a case from dispatch to closure review by the people of its town."""
    clerk, officer, second, leader = map(sign_in, ("clerk", "officer", "second", "leader"))
    assert clerk.act(case_id, "signatures", {"person_id": officer.me["account_id"]}).status_code == 201
    lon, lat = world.CENTRE
    check_in = {"position": {"lon": lon, "lat": lat, "crs": "wgs84"}}
    assert officer.act(case_id, "visits", check_in).status_code == 201
    assert officer.write_record(case_id, world.RECORD).status_code == 201
    for role in ("near", "far"):
        assert officer.take_picture(case_id, role).status_code == 201
    assert officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}).status_code == 201
    order = {"text": "限期整改", "plan": world.PLAN | {"due_at": world.future(5)}, "consequences": world.CONSEQUENCES}
    answer = leader.act(case_id, "orders", order)
    assert answer.status_code == 201, answer.text
    assert officer.take_picture(case_id, "after").status_code == 201
    assert officer.act(case_id, "completions", {"statement": "已清理完毕"}).status_code == 201
    accepted = second.accept_all(case_id)
    assert accepted.status_code == 201, accepted.text
    return clerk, leader


def a_week_goes_by(case_id):
    with unit_of_work(OWNER) as session:
        visit = session.scalars(select(Visit).where(Visit.case_id == case_id)).one()
        visit.completed_at -= timedelta(days=9)


def public_id_of(exposure_id):
    with unit_of_work(OWNER) as session:
        return session.scalars(select(Exposure.public_id).where(Exposure.id == exposure_id)).one()


def told_as_removed(client, public_id):
    """A change is told once no transaction of the cluster can still come before it: other tests may hold one open."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if public_id in [row["id"] for row in client.get("/m/v1/sync").json()["removed"]]:
            return True
        time.sleep(0.2)
    return False


def test_a_report_is_dealt_with_closed_and_told(client, work, sign_in):
    desk = sign_in("desk")
    receipt, report_id, case_id = dispatched(client, work, desk)
    assert receipt["town_words"] == "望西街道"

    clerk, leader = handled(sign_in, case_id)
    work()
    open_guards = leader.act(case_id, "closures", {"note": "结案"})

    assert open_guards.status_code == 409
    shut = {g["code"] for g in open_guards.json()["guards"] if not g["holds"]}
    assert shut == {"G-REP", "G-DOC", "G-TASK"}
    assert leader.get(f"/cases/{case_id}/guards").json()["guards"] == open_guards.json()["guards"]

    assert desk.desk(report_id, "extracts", {"text": "某小区通道被占用"}).status_code == 201
    assert desk.desk(report_id, "replies", {"text": "经核查属实，已责令清理并验收"}).status_code == 201
    for copy in leader.get(f"/cases/{case_id}").json()["copies"]:
        assert clerk.act(case_id, f"copies/{copy['id']}/delivery", {"note": "当面签收"}).status_code == 201
    fire = sign_in("fire")
    assert fire.act(case_id, "task-answers", {"text": "已配合检查"}).status_code == 201
    work()
    closed = leader.act(case_id, "closures", {"note": "结案"})

    assert closed.status_code == 201, closed.text
    work()
    progress = client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()
    assert progress["state"] == "replied"
    assert progress["outcome"]["text"] == "经核查属实，已责令清理并验收"
    assert [line["text"] for line in progress["timeline"]][-1] == "已结案"


def told_and_answered(sign_in, exposure_id):
    """E6: whoever is named is told, objects, and is answered by somebody without a hand in it."""
    publisher, lawyer, office = map(sign_in, ("publisher", "lawyer", "safety"))
    untold = publisher.edit(exposure_id, "publications")
    assert (untold.status_code, untold.json()["code"]) == (409, "exposure.party_not_told")
    notice = {"how": "direct", "recipient": "项目经理", "told_at": clock.now().isoformat()}
    told = publisher.edit(exposure_id, "party-notices", notice)
    assert told.status_code == 201, told.text
    of_notice = f"party-notices/{told.json()['party_notice']['id']}"
    early = publisher.edit(exposure_id, "publications")
    assert (early.status_code, early.json()["code"]) == (409, "exposure.objection_time")
    said = {"heard_at": clock.now().isoformat()}
    wrong = publisher.edit(exposure_id, f"{of_notice}/agreements", {"heard_at": "2020-01-01T00:00:00Z"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/heard_at")
    objection = publisher.edit(exposure_id, f"{of_notice}/objections", said | {"text": "通道已清空"})
    assert objection.json()["party_notice"]["state"] == "objected"
    answer = {"upheld": False, "text": "复查仍被占用"}
    assert lawyer.edit(exposure_id, f"{of_notice}/answers", answer).json()["code"] == "exposure.same_person"
    assert office.edit(exposure_id, f"{of_notice}/answers", answer).json()["party_notice"]["state"] == "dismissed"
    assert [each["state"] for each in lawyer.get(f"/exposures/{exposure_id}").json()["party_notices"]] == ["dismissed"]


def called_back(client, publisher, exposure_id):
    """C7: for a later moment it is published and read by nobody, and may be taken back until then."""
    soon = clock.now() + timedelta(minutes=5)
    refused = publisher.edit(exposure_id, "publications", {"released_at": soon.isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (422, "exposure.release")
    later = {"released_at": (soon + timedelta(hours=1)).isoformat()}
    assert publisher.edit(exposure_id, "publications", later).json()["state"] == "published"
    where = f"/open/exposures/{public_id_of(exposure_id)}"
    assert client.get(where).status_code == 404
    refused = publisher.edit(exposure_id, "withdrawals", {"reason": "有误"})
    assert (refused.status_code, refused.json()["code"]) == (409, "exposure.not_public_yet")
    approved = publisher.edit(exposure_id, "recalls", {"reason": "再核"}).json()
    assert (approved["state"], client.get(where).status_code) == ("approved", 404)

    item = {"id": exposure_id, "version": approved["version"]}
    together = {"title": "消防通道专项曝光", "issue_no": "2026-3", "items": [item], **later}
    batch = publisher.post("/exposure-batches", together)
    assert (batch.status_code, [each["id"] for each in batch.json()["items"]]) == (201, [exposure_id])
    alone = publisher.edit(exposure_id, "recalls", {"reason": "再核"})
    assert (alone.status_code, alone.json()["code"]) == (409, "exposure.in_batch")
    of_batch = f"/exposure-batches/{batch.json()['id']}"
    seen = publisher.get(of_batch).json()["version"]
    back = publisher.post(f"{of_batch}/recalls", {"reason": "再核"}, seen=seen)
    assert (back.status_code, back.json()["state"], client.get(where).status_code) == (201, "called_back", 404)


def corrected(client, publisher, lawyer, exposure_id, text):
    """E9: a mistake is put right by two people, as the next version, with a note that everybody reads."""
    facts = {name: value for name, value in text.items() if name != "ground"}
    why = {"reason": "物业公司来函", "note": "原文单位名称有误，已更正。"}
    proposal = facts | why | {"entity_name": "望西甲物业服务有限公司"}
    assert lawyer.edit(exposure_id, "corrections", proposal).status_code == 403
    first = publisher.edit(exposure_id, "corrections", proposal).json()["correction"]
    waits = publisher.edit(exposure_id, "corrections", proposal)
    assert (waits.status_code, waits.json()["code"]) == (409, "exposure.correction_waits")
    public_id, ticks = public_id_of(exposure_id), dict.fromkeys(
        ("basis", "accuracy", "privacy", "proportionality"), True)  # fmt: skip
    assert client.get(f"/open/exposures/{public_id}").json()["entity_name"] == "望西甲物业公司"
    comment = {"comment": "请附营业执照"}
    assert lawyer.edit(exposure_id, f"corrections/{first['id']}/refusals", comment).status_code == 201
    second = publisher.edit(exposure_id, "corrections", proposal).json()["correction"]
    assert publisher.edit(exposure_id, f"corrections/{second['id']}/reviews", ticks).status_code == 403
    assert publisher.edit(exposure_id, f"corrections/{second['id']}/droppings", why).status_code == 422
    assert publisher.edit(
        exposure_id, f"corrections/{second['id']}/droppings", {"reason": "补证据"}).status_code == 201  # fmt: skip
    third = publisher.edit(exposure_id, "corrections", proposal).json()["correction"]
    made = lawyer.edit(exposure_id, f"corrections/{third['id']}/reviews", ticks)
    assert (made.status_code, made.json()["correction"]["before"]["entity_name"]) == (201, "望西甲物业公司")
    assert [each["state"] for each in publisher.get(f"/exposures/{exposure_id}").json()["corrections"]] == [
        "refused", "dropped", "made",
    ]  # fmt: skip
    now = client.get(f"/open/exposures/{public_id}").json()
    assert (now["status"], now["version"], now["entity_name"]) == ("corrected", 2, "望西甲物业服务有限公司")
    assert [(each["version"], each["note"]) for each in now["corrections"]] == [(2, why["note"])]
    client.portal.call(client.app.refresh)
    feed = client.get("/feeds/exposures.atom")
    assert why["note"] in feed.text
    return feed


def test_a_verified_case_is_published_and_withdrawn_everywhere(client, work, sign_in):
    desk, publisher, lawyer = map(sign_in, ("desk", "publisher", "lawyer"))
    _receipt, _report_id, case_id = dispatched(client, work, desk)
    handled(sign_in, case_id)
    draft = {
        "case_id": case_id, "ground": "D", "title": "某处占用消防通道", "body": "检查发现通道被占用。",
        "entity_name": "望西甲物业公司", "own_inspection": True, "basis": "消防法第二十八条", "authority": "望西街道办",
        "phone": "000-0000",
    }  # fmt: skip

    exposure_id = publisher.post("/exposures", draft).json()["id"]
    unseen = publisher.post(f"/exposures/{exposure_id}/submissions")
    assert (unseen.status_code, unseen.json()["code"]) == (428, "precondition.required")
    assert publisher.edit(exposure_id, "submissions").status_code == 201
    assert lawyer.edit(exposure_id, "returns", {"comment": "标题应写明地点"}).status_code == 201
    text = {name: value for name, value in draft.items() if name != "case_id"} | {"title": "某小区占用消防通道"}
    stale = publisher.post(f"/exposures/{exposure_id}/revisions", text, seen=1)
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "drafting")
    assert publisher.edit(exposure_id, "revisions", text).status_code == 201
    assert publisher.get(f"/exposures/{exposure_id}").json()["title"] == "某小区占用消防通道"
    assert publisher.edit(exposure_id, "submissions").status_code == 201
    ticks = dict.fromkeys(("basis", "accuracy", "privacy", "proportionality"), True)
    assert lawyer.edit(exposure_id, "reviews", ticks | {"privacy": False}).status_code == 422
    assert lawyer.edit(exposure_id, "reviews", ticks).status_code == 201
    told_and_answered(sign_in, exposure_id)
    too_early = publisher.edit(exposure_id, "publications")
    assert (too_early.status_code, too_early.json()["code"]) == (409, "exposure.too_early")

    a_week_goes_by(case_id)
    called_back(client, publisher, exposure_id)
    assert publisher.edit(exposure_id, "publications").status_code == 201
    public_id = public_id_of(exposure_id)
    listed = client.get("/open/exposures").json()["items"]
    assert next(i for i in listed if i["id"] == public_id)["progress"] == "rectified"
    client.portal.call(client.app.refresh)
    feed = client.get("/feeds/exposures.atom")
    parsed = feedparser.parse(feed.content)
    assert not parsed.bozo
    assert "某小区占用消防通道" in [entry.title for entry in parsed.entries]
    assert client.get("/feeds/exposures.atom", headers={"If-None-Match": feed.headers["etag"]}).status_code == 304

    feed = corrected(client, publisher, lawyer, exposure_id, text)

    assert publisher.edit(exposure_id, "withdrawals", {"reason": "处罚决定已变更"}).status_code == 201
    client.portal.call(client.app.refresh)
    gone = client.get(f"/open/exposures/{public_id}").json()
    assert gone["status"] == "withdrawn"
    assert "title" not in gone
    again = client.get("/feeds/exposures.atom")
    assert again.headers["etag"] != feed.headers["etag"]
    assert f"exposure:{public_id}" in again.text
    assert "deleted-entry" in again.text
    assert "某小区占用消防通道" not in again.text
    assert told_as_removed(client, public_id)


def test_a_handler_never_meets_the_report(client, work, sign_in):
    desk = sign_in("desk")
    words = "我家楼下三车间的老李在阳台看到"
    receipt, report_id, case_id = dispatched(
        client, work, desk, text=words, contact={"phone": "13912345678", "name": "李某某", "real_name": True}
    )

    for name in ("clerk", "officer", "leader", "fire", "discipline"):
        seen = sign_in(name).get(f"/cases/{case_id}")
        assert seen.status_code == 200
        for secret in (words, receipt["reference"], receipt["id"], report_id, "13912345678", "李某某"):
            assert secret not in seen.text
        assert sign_in(name).get(f"/desk/reports/{report_id}").status_code == 403
    assert sign_in("east-clerk").get(f"/cases/{case_id}").status_code == 404
    with unit_of_work(OWNER) as session:
        row = session.get_one(Report, report_id)
        assert row.state == "accepted"
        assert session.get_one(Case, case_id).extract is None
