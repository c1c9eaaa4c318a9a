"""A case goes its whole way by forms alone, over HTTP and without a script: T3, T6, T7, T8, T13, T15, T16."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.models.case import Case
from kit import clock
from kit.clock import LOCAL_ZONE
from tests import make
from tests.walk import Walk
from tests.web.desk.paper import Sheet
from web.desk.case.moments import for_input

CONSEQUENCES = ("suspend", "expose", "penalise", "prosecute")
PLAN = {
    "plan.responsible_party": "某物业公司", "plan.measures": "清理通道", "plan.funding": "自筹",
    "plan.contingency": "专人值守",
}  # fmt: skip


@pytest.fixture
def walk(committing):
    """A case that was just sent to the western town."""
    with committing() as session:
        return Walk(session, make.district(session), now=clock.now() - timedelta(hours=2)).dispatched()


def state(committing, walk):
    with committing() as session:
        return session.scalar(select(Case.state).where(Case.id == walk.case.id))


def taken(page, role):
    return page.follow("上传现场照片").upload(role=role)


def record(page, asked):
    """A record with a calm answer to everything that it asks."""
    said = {
        "people_present": "物业张某", "place": "3号楼", "facts": "通道被占用", "action": "责令清理",
        "signature": "signed", "inspected_unit": "某物业公司", "findings.0.text": "通道堵塞",
    }  # fmt: skip
    if any(each.get("name") == "penalty" for each in page.form().iter("textarea")):
        said["penalty"] = "拟立案调查"
    for block in asked["blocks"]:
        said[page.row("checklist", "block", block["code"]) + ".answer"] = "clear"
    for check in asked["checks"]:
        said |= calm(page, check) if check["kind"] != "reminder" else {}
    return said


def calm(page, check):
    row, kind = page.row("checks", "code", check["code"]), check["kind"]
    if kind == "permit":
        names = {each.get("name") for each in page.form().iter("input", "textarea")}
        return {name: value for name, value in ((f"{row}.done", "已制止"), (f"{row}.phoned", "yes")) if name in names}
    if kind == "yes_no":
        return {f"{row}.answer": "yes" if "no" in check["on"] else "no"}
    if kind == "measure":
        return {f"{row}.answer": "measured", f"{row}.value": str(check["least"] or 1)}
    return {f"{row}.answer": "stated" if kind == "text" else "na", f"{row}.note": "现场询问得知"}


def checklist(client, token, walk):
    path = f"/o/v1/cases/{walk.case.id}/checklist"
    return client.get(path, headers={"Authorization": f"Bearer {token}"}).json()


def order(**said):
    decided = {f"consequences.{each}.decided": "no" for each in CONSEQUENCES}
    reasons = {f"consequences.{each}.reason": "情节轻微" for each in CONSEQUENCES}
    due = {"plan.due_at": for_input(clock.now().astimezone(LOCAL_ZONE) + timedelta(days=5))}
    return {"text": "立即清理", **PLAN, **decided, **reasons, **due, **said}


def test_t3_t16_a_case_goes_its_whole_way_by_forms_alone(walk, at, client, sit_down, committing):
    town, district = walk.town, walk.district
    page = at(town.clerk).follow("签收")
    page = page.send({"person_id": page.value_of("person_id", town.officer.name)})
    assert "已办理：签收" in page.notice
    assert state(committing, walk) == "signed"

    page = at(town.officer).follow("到场检查")
    nobody_there = page.send()
    assert (nobody_there.answer.status_code, state(committing, walk)) == (422, "signed")
    assert nobody_there.told
    page = nobody_there.send({"distance_reason": "按举报地址到场"})
    assert "填写现场检查记录" in page.links()

    token = sit_down(town.officer)
    form = at(town.officer).follow("填写现场检查记录")
    asked = checklist(client, token, walk)
    bare = form.send({"facts": "通道被占用", "findings.0.text": "通道堵塞"})
    assert bare.answer.status_code == 422
    assert {"people_present", "signature"} <= set(bare.faults)
    assert bare.form().fields["facts"].strip() == "通道被占用"
    page = bare.send(record(bare, asked))
    assert "已办理：填写现场检查记录" in page.notice, page.told
    for role in ("near", "far"):
        assert "已收到" in taken(at(town.officer), role).notice
    page = at(town.officer).follow("提出核查结论").send({"outcome": "substantiated", "summary": "属实"})
    assert state(committing, walk) == "verdict_review", page.told

    form = at(town.leader).follow("批准结论并责令整改")
    shut = form.send(order(**{"plan.funding": ""}))
    assert (shut.answer.status_code, shut.faults) == (422, {"plan.funding": "请填写"})
    assert "整改要求 · 资金：请填写" in shut.told
    assert shut.form().fields["plan.measures"].strip() == "清理通道"
    page = shut.send({"plan.funding": "自筹"})
    assert state(committing, walk) == "rectifying", page.told

    taken(at(town.officer), "after")
    at(town.officer).follow("报告整改完成").send({"statement": "已清理完毕"})
    assert state(committing, walk) == "acceptance"

    own = at(town.officer)
    assert "验收到场" in own.links()  # the role may; the rule that others accept is told by the act
    assert own.follow("验收到场").send({"distance_reason": "按地址到场"}).answer.status_code in {403, 409}
    at(town.colleague).follow("验收到场").send({"distance_reason": "按地址到场"})
    taken(at(town.colleague), "after")
    form = at(town.colleague).follow("验收整改")
    passed = {name: "pass" for name in form.form().fields if name.startswith("checks.") and name.endswith(".result")}
    page = form.send({"result": "pass", "note": "合格", **passed})
    assert state(committing, walk) == "closure_review", page.faults

    page = at(town.leader)
    assert "✗ 检查记录" in page.text or "✗" in page.text
    shut = page.follow("结案").send({"note": "结案"})
    assert shut.answer.status_code == 409
    assert "✗" in shut.told
    assert shut.form().fields["note"].strip() == "结案"

    for who in (district.fire_officer, district.police_officer):
        form = at(who).follow("签收")
        form.send({"person_id": form.value_of("person_id", who.name)})
        at(who).follow("反馈本部门").send({"text": "已配合"})
    while "登记检查记录送达" in at(town.clerk).text:
        page = at(town.clerk)
        assert page.follow("登记检查记录送达").send({"note": "当面签收"}).answer.status_code == 200
    page = at(town.leader).follow("结案").send({"note": "整改合格，同意结案"})
    assert state(committing, walk) == "closed", page.told
    assert "已结案" in at(town.leader).text


def test_of_two_who_meet_the_second_sees_side_by_side_what_they_wrote_and_what_now_is(walk, at, client):
    officer = walk.town.officer.name
    mine = at(walk.town.clerk).follow("签收")
    at(walk.town.leader).follow("签收").send({"person_id": mine.value_of("person_id", officer)})

    stale = at(walk.town.clerk) and mine.send({"person_id": mine.value_of("person_id", officer)})

    assert stale.answer.status_code == 412
    assert "案件有了变化" in stale.told
    assert "您填写的内容" in stale.text
    assert "责任单位签收" in stale.text
    assert stale.form().fields["person_id"] == mine.value_of("person_id", officer)
    again = stale.send()
    assert (again.answer.status_code, again.told) == (409, "案件当前状态下不能进行此操作")


def test_after_an_act_comes_the_next_case_that_is_due_or_the_same_where_more_is_to_be_done(
    walk, at, client, committing
):
    with committing() as session:
        other = Walk(session, walk.district, now=clock.now()).dispatched().case

    form = at(walk.town.clerk).follow("签收")
    page = form.send({"person_id": form.value_of("person_id", walk.town.officer.name)})

    assert page.notice == f"已办理：签收（{walk.case.number}）。这是下一件。"
    assert other.number in page.text
    assert page.answer.url.path == f"/desk/cases/{other.id}"
    there = at(walk.town.officer).follow("到场检查").send({"distance_reason": "按地址到场"})
    assert there.notice == f"已办理：到场检查（{walk.case.number}）。"
    assert there.answer.url.path == f"/desk/cases/{walk.case.id}"


def test_another_town_s_case_is_not_there_and_no_act_on_it(walk, at, client, sit_down):
    sit_down(walk.district.east.clerk)

    for path in ("", "/acts/sign_case", "/pictures", "/scans", "/acts/nothing", f"/acts/approve_hold/{walk.case.id}"):
        assert client.get(f"/desk/cases/{walk.case.id}{path}").status_code == 404, path
    posted = client.post(f"/desk/cases/{walk.case.id}/acts/sign_case", data={"person_id": "1", "_version": "1"})
    assert posted.status_code == 404


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"person_id": "\0"}, "类型不对"),
        ({"person_id": "9" * 200}, "超出范围"),
        ({"person_id": "x" * 300_000}, "413"),
        ({"person_id": ""}, "缺少此项"),
        ({"role": "leader", "person_id": "1"}, "不认识"),
        ({"person_id": "1", "_version": "x"}, "428"),
        ({"person_id": "1", "_version": "9" * 50}, "428"),
        ({f"findings.{n}": "x" for n in range(3000)}, "422"),
    ],
    ids=["nul", "beyond", "huge", "blank", "unknown", "version", "far version", "many"],
)
def test_hostile_input_is_answered_in_a_sentence(walk, at, client, said, told):
    at(walk.town.clerk)

    answer = client.post(f"/desk/cases/{walk.case.id}/acts/sign_case", data={"_version": "2", **said})

    assert 400 <= answer.status_code < 500
    assert "text/html" in answer.headers["content-type"]
    assert told in (answer.text, str(answer.status_code)) or told in Sheet(client, answer).text


def test_a_file_that_is_no_photo_is_told_beside_the_form(walk, at, client):
    form = at(walk.town.officer).follow("上传现场照片")

    refused = form.upload(b"%PDF-1.7 no photo", role="near")

    assert refused.answer.status_code in {415, 422}
    assert refused.told
    assert form.upload(role="nothing").answer.status_code == 422
