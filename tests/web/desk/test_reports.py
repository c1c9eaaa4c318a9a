"""The district's desk in a browser, by links and forms alone: what waits, one report, and what is decided on it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.models.case import Case
from cases.models.decisions import Refusal
from cases.models.report import Question, Report, ReportCase
from kit import clock
from people.models import Org
from people.roles import Role
from tests import make


@pytest.fixture
def desk(ground, committing):
    """Three reports in the western town that wait for a person, the second late; ids by when they are due."""
    with committing() as session:
        made = [
            make.report(
                session, state="in_review", waits_for=why, review_due_at=clock.now() + timedelta(hours=hours),
                accept_due_at=clock.now() + timedelta(hours=30), address=f"人民路{hours}号",
            )
            for why, hours in [("possible_duplicate", -1), ("border", 3), ("category", 20)]
        ]  # fmt: skip
        return [report.id for report in made]


def shown(page):
    assert page.status_code == 200, page.text
    return re.findall(r'href="/desk/reports/([0-9a-f-]{36})" data-open', page.text)


def version(page):
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def test_what_waits_is_read_decided_and_led_on_from(client, sit_down, ground, desk, committing):
    sit_down(ground.people[Role.INTAKE_OFFICER])
    page = client.get("/desk/reports")
    assert shown(page) == [str(id_) for id_ in desk]
    assert "超期1小时" in page.text
    assert "1 件超期" in page.text
    assert [client.get(f"/desk/reports?which={each}").status_code for each in ("refusals", "to_reply", "unheard")] == [
        200, 200, 200,
    ]  # fmt: skip

    one = client.get(f"/desk/reports/{desk[0]}")
    assert "人民路-1号" in one.text
    with committing() as session:
        assert session.get_one(Report, desk[0]).seen_at is not None

    empty = client.post(f"/desk/reports/{desk[0]}/ask", data={"version": version(one), "text": " \r\n"})
    assert (empty.status_code, "请写明内容" in empty.text) == (422, True)
    asked = client.post(f"/desk/reports/{desk[0]}/ask", data={"version": version(one), "text": "在几号楼？\r\n几层？"})
    assert (asked.status_code, asked.headers["location"]) == (303, f"/desk/reports/{desk[1]}")
    with committing() as session:
        assert session.scalars(select(Question.text)).all() == ["在几号楼？\n几层？"]

    stale = client.post(f"/desk/reports/{desk[0]}/ask", data={"version": version(one), "text": "我写的话"})
    assert (stale.status_code, "我写的话" in stale.text) == (422, False)
    assert "请再看一遍" in stale.text

    two = client.get(asked.headers["location"])
    done = client.post(f"/desk/reports/{desk[1]}/accept", data={"version": version(two)})
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/reports/{desk[2]}")
    with committing() as session:
        case = session.scalars(
            select(Case).join(ReportCase, ReportCase.case_id == Case.id).where(ReportCase.report_id == desk[1])
        ).one()
        assert case.responsible_org_id == session.get_one(Case, ground.ours).responsible_org_id
    assert "已经成案" in client.get(f"/desk/reports/{desk[1]}").text

    three = client.get(f"/desk/reports/{desk[2]}")
    form = {"version": version(three), "case": str(case.id), "evidence": ""}
    nothing = client.post(f"/desk/reports/{desk[2]}/join", data=form)
    assert (nothing.status_code, f'value="{case.id}" required checked' in nothing.text) == (422, True)
    joined = client.post(f"/desk/reports/{desk[2]}/join", data=form | {"evidence": "同一处楼梯间"})
    assert joined.status_code == 303, re.findall(r'class="fault"[^>]*>([^<]+)', joined.text)
    assert joined.headers["location"] == "/desk/reports"
    with committing() as session:
        assert session.get_one(ReportCase, desk[2]).case_id == case.id


def test_two_people_do_not_accept_a_report_and_what_was_written_is_not_lost(client, sit_down, ground, desk, committing):
    sit_down(ground.people[Role.INTAKE_OFFICER])
    seen = client.get(f"/desk/reports/{desk[0]}")
    form = {"version": version(seen), "reason": "nonsense", "text": "您反映的不属于安全隐患。"}
    unknown = client.post(f"/desk/reports/{desk[0]}/refuse", data=form)
    assert (unknown.status_code, form["text"] in unknown.text) == (422, True)
    with committing() as session:
        assert session.scalars(select(Refusal)).all() == []
    reason = re.findall(r'<option value="([a-z_]+)"', seen.text.partition('name="reason"')[2])[0]
    form |= {"reason": reason, "evidence": "现场照片"}
    proposed = client.post(f"/desk/reports/{desk[0]}/refuse", data=form)
    assert proposed.status_code == 303
    mine = client.get(f"/desk/reports/{desk[0]}")
    assert "须另一位受理员确认" in mine.text
    assert shown(client.get("/desk/reports?which=refusals")) == [str(desk[0])]
    with committing() as session:
        refusal = session.scalars(select(Refusal)).one()
        office = session.get_one(Org, ground.people[Role.INTAKE_OFFICER].org_id)
        second = make.officer(session, office, Role.INTAKE_OFFICER)
    sit_down(second)
    theirs = client.get(f"/desk/reports/{desk[0]}")
    done = client.post(f"/desk/reports/{desk[0]}/refusals/{refusal.id}/confirm", data={"version": version(theirs)})
    assert done.status_code == 303
    with committing() as session:
        assert session.get_one(Report, desk[0]).state == "not_accepted"


def test_nobody_but_the_desk_reads_a_report(client, sit_down, ground, desk):
    for role in set(Role) - {Role.INTAKE_OFFICER}:
        sit_down(ground.people[role])
        assert client.get(f"/desk/reports/{desk[0]}").status_code == 403, role
        assert client.post(f"/desk/reports/{desk[0]}/accept", data={"version": 1}).status_code == 403, role
    sit_down(ground.people[Role.INTAKE_OFFICER])
    assert client.get(f"/desk/reports/{ground.ours}").status_code == 404
