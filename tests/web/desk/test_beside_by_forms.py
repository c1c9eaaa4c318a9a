"""What stands beside the straight path is done by forms, too: holds, extensions, measures, departments, papers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.models.case import Case, Task
from cases.models.measure import Measure
from cases.models.paper import Paper
from cases.models.pause import Extension
from kit import clock
from kit.clock import LOCAL_ZONE
from people.roles import Role
from tests import make
from tests.walk import Walk


@pytest.fixture
def walk(committing):
    """A case that was visited just now."""
    with committing() as session:
        return Walk(session, make.district(session), now=clock.now() - timedelta(hours=9)).visited()


def day(ahead):
    return (clock.now().astimezone(LOCAL_ZONE) + timedelta(days=ahead)).date().isoformat()


def test_t19_a_hold_is_asked_for_granted_and_ended(walk, at, committing):
    form = at(walk.town.leader).follow("申请缓办")
    wish = {
        "reason": form.value_of("reason", "检测"), "note": "等消防检测报告", "interim_measures": "专人看守",
        "review_on": day(400),
    }  # fmt: skip
    too_long = form.send(wish)
    assert (too_long.answer.status_code, set(too_long.faults)) == (422, {"review_on"})
    asked = too_long.send({"review_on": day(20)})
    assert "已办理：申请缓办" in asked.notice

    waiting = at(walk.district.supervisor)
    assert "等消防检测报告" in waiting.text
    waiting.follow("批准缓办").send({"comment": "同意"})
    with committing() as session:
        assert session.scalar(select(Case.state).where(Case.id == walk.case.id)) == "on_hold"
    held = at(walk.district.supervisor)
    assert "不批准缓办" not in held.links()
    held.follow("结束缓办").send({"comment": "报告已出"})
    with committing() as session:
        assert session.scalar(select(Case.state).where(Case.id == walk.case.id)) == "verifying"


def test_d7_m09_more_time_another_department_and_a_measure_are_asked_for(walk, at, committing):
    form = at(walk.town.officer).follow("申请延期")
    form.send(
        {"clock_id": form.value_of("clock_id", "全程办理"), "new_due_at": f"{day(40)}T00:00", "reason": "检测需要时间"}
    )
    at(walk.district.supervisor).follow("不批准延期").send({"comment": "时间足够"})

    with committing() as session:
        new = make.org(session, "department", department_kind="housing")
    form = at(walk.district.supervisor).follow("加派部门")
    form.send({"org_id": form.value_of("org_id", new.name_zh), "goal": "到场查看"})

    form = at(walk.district.fire_officer).follow("提出强制措施")
    kind = form.form().xpath(".//*[@name='type_code']/option[@value!=''] | .//input[@name='type_code' and @value!='']")
    said = {
        "type_code": kind[0].get("value"), "party": "某物业公司", "scope": "3号楼", "reasoning": "随时可能起火",
        "ground": form.value_of("ground", "重大事故隐患"), "basis": "消防法第五十四条",
    }  # fmt: skip
    proposed = form.send(said)

    with committing() as session:
        wishes = session.scalars(select(Extension.state).where(Extension.case_id == walk.case.id)).all()
        brought_in = session.scalar(select(Task.goal).where(Task.case_id == walk.case.id, Task.org_id == new.id))
        measures = session.scalars(select(Measure.state).where(Measure.case_id == walk.case.id)).all()
    assert wishes == ["refused"]
    assert brought_in == "到场查看"
    assert (measures == ["proposed"]) == (not proposed.told), proposed.told


def test_a_paper_is_asked_for_in_one_press_and_only_once(walk, at, committing):
    for _ in range(2):
        page = at(walk.town.clerk)
        assert page.send(at="ask_paper").answer.status_code == 200

    assert "现场检查记录 正在生成" in at(walk.town.clerk).text
    with committing() as session:
        assert len(session.scalars(select(Paper.id).where(Paper.case_id == walk.case.id)).all()) == 1


def test_x57_a_scanned_slip_is_sent_by_a_form_and_stands_in_the_file(walk, at):
    form = at(walk.town.clerk).follow("上传扫描件")
    assert "检查记录 被检查单位" in form.text
    sent = form.upload(kind="visit_record", subject_id=form.value_of("subject_id", "被检查单位"))

    assert "已收到" in sent.notice, sent.told
    assert "扫描件 现场检查记录" in at(walk.town.clerk).text
    assert form.upload(kind="nothing").told


def test_the_trail_tells_facts_and_words(walk, at):
    page = at(walk.town.leader)

    assert "到场检查" in page.text
    assert "距案件位置 0 米" in page.text


def test_who_only_reads_is_offered_no_act(walk, at, client, committing):
    with committing() as session:
        reader = make.officer(session, walk.district.office, Role.DISCIPLINE)

    page = at(reader)

    assert page.answer.status_code == 200
    assert [href for href in page.links().values() if "/acts/" in href] == []
    assert client.get(f"/desk/cases/{walk.case.id}/acts/sign_case").status_code == 403


def test_another_row_can_be_added_without_a_script_and_nothing_is_done_by_it(walk, at, client):
    form = at(walk.town.officer).follow("到场检查")
    form.send({"distance_reason": "按地址到场"})
    form = at(walk.town.officer).follow("填写现场检查记录")
    data = {name: value for name, value in form.form().form_values() if "checks" not in name}

    more = client.post(form.form().action, data=data | {"findings.0.text": "通道堵塞", "_more": "findings"})

    assert more.status_code == 200
    assert 'name="findings.1.text"' in more.text
    assert "通道堵塞" in more.text
