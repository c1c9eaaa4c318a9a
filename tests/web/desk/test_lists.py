"""The queue and the list of cases, by links and forms alone: what is due first, filters, pages, views, and whose."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from cases.models.case import Case, Task
from cases.models.view import SavedView
from kit import clock
from people.models import Org
from people.roles import Role
from tests import make
from web.desk import cases as case_list
from web.desk import queue
from web.desk.due import due, span

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
def town(ground, committing):
    """The western town with five more cases, due from long ago to far from now, the last on hold."""
    due_in = [timedelta(hours=h) for h in (-29, -1, 3, 30)] + [timedelta(days=20)]
    with committing() as session:
        org = session.get_one(Org, ground.people[Role.TOWN_CLERK].org_id)
        session.execute(update(Task).where(Task.case_id == ground.ours).values(state="cancelled"))
        made = []
        for at, length in enumerate(due_in):
            case = make.case(session, org, state="on_hold" if at == 4 else "signed", place_text=f"人民路{at}号")
            task = session.scalars(select(Task).where(Task.case_id == case.id)).one()
            task.due_at, task.due_what = clock.now() + length, "hold" if at == 4 else "verify"
            made.append(case.id)
    return made


def shown(page):
    """The cases of a page, in its order."""
    assert page.status_code == 200, page.text
    return re.findall(r'href="/desk/cases/([0-9a-f-]{36})" data-open', page.text)


def link(page, rel):
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page.text)
    return found and found[1].replace("&amp;", "&")


def chips(page):
    return {
        name.strip(): (count, current != "")
        for current, name, count in re.findall(
            r'class="chip" href="[^"]*"((?: aria-current="true")?)[^>]*>([^<]+?)(?: <b>([^<]+)</b>)?</a>', page.text
        )
    }


def test_what_is_due_first_stands_first_with_its_clock_in_words(client, sit_down, ground, town):
    sit_down(ground.people[Role.TOWN_CLERK])
    page = client.get("/desk")
    assert shown(page) == [str(id_) for id_ in town]
    words = re.findall(r'due due-(\w+)"><time [^>]+>([^<]+)</time>', page.text)
    assert words == [
        ("late", "超期29小时"), ("late", "超期1小时"), ("near", "剩2小时"), ("calm", "剩29小时"),
        ("held", "暂停计时，19天后复查"),
    ]  # fmt: skip
    assert {name: count for name, (count, _now) in chips(page).items()}["全部"] == "5"
    assert chips(page)["已超期"][0] == "2"
    late = client.get("/desk?due=late")
    assert shown(late) == [str(id_) for id_ in town[:2]]
    assert chips(late)["已超期"] == ("2", True)


def test_the_queue_is_paged_by_its_address_and_filters_leave_out_what_is_empty(
    client, sit_down, ground, town, monkeypatch
):
    monkeypatch.setattr(queue, "TOGETHER", 2)
    sit_down(ground.people[Role.TOWN_CLERK])
    first = client.get("/desk?state=&category=&urgency=")
    second = client.get(link(first, "next"))
    third = client.get(link(second, "next"))
    assert shown(first) + shown(second) + shown(third) == [str(id_) for id_ in town]
    assert (link(third, "next"), link(second, "first")) == (None, "/desk")
    assert shown(client.get("/desk?state=on_hold")) == [str(town[4])]
    assert client.get("/desk?state=nonsense").status_code == 422
    other = link(first, "next").replace("/desk?", "/desk?state=signed&")
    assert client.get(other).status_code == 422  # a cursor of other filters is none


def test_a_town_sees_its_own_a_department_its_tasks_and_the_district_all(client, sit_down, ground, town):
    theirs = str(ground.theirs)
    for role, sees in [(Role.TOWN_OFFICER, False), (Role.SAFETY_OFFICE, True), (Role.DISCIPLINE, True)]:
        sit_down(ground.people[role])
        assert (theirs in shown(client.get("/desk"))) == sees, role
        assert (theirs in shown(client.get("/desk/cases"))) == sees, role
        assert str(town[0]) in shown(client.get("/desk/cases")), role
    sit_down(ground.people[Role.DEPT_OFFICER])
    assert str(town[0]) not in shown(client.get("/desk")) + shown(client.get("/desk/cases"))


def test_every_case_is_looked_up_by_number_state_and_day(client, sit_down, ground, town, committing, monkeypatch):
    sit_down(ground.people[Role.TOWN_CLERK])
    with committing() as session:
        number = session.get_one(Case, town[1]).number
    asked = urlencode({"number": number, "state": "", "opened_from": "", "sort": "due"})
    assert shown(client.get(f"/desk/cases?{asked}")) == [str(town[1])]
    assert client.get("/desk/cases?opened_from=2026-11-02&opened_to=2026-11-01").status_code == 422
    monkeypatch.setattr(case_list, "TOGETHER", 3)
    first = client.get("/desk/cases?sort=due&state=signed&state=on_hold")
    second = client.get(link(first, "next"))
    assert shown(first) + shown(second) == [str(id_) for id_ in town]


def test_views_are_saved_counted_shared_and_taken_away_without_a_script(client, sit_down, ground, town, committing):
    sit_down(ground.people[Role.TOWN_LEADER])
    saved = client.post("/desk/views", data={"name": "缓办的", "filter": "state=on_hold&sort=due"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/desk/cases?state=on_hold&sort=due")
    page = client.get(saved.headers["location"])
    assert chips(page)["缓办的"] == ("1", True)
    again = client.post("/desk/views", data={"name": "缓办的", "filter": "state=signed"})
    assert (again.status_code, "没有办成" in again.text) == (409, True)
    with committing() as session:
        (view,) = session.query(SavedView)
    shared = client.post(f"/desk/views/{view.id}/sharings", data={"version": view.version, "shared": "yes"})
    assert shared.status_code == 303
    stale = client.post(f"/desk/views/{view.id}/removals", data={"version": view.version})
    assert stale.status_code == 412
    sit_down(ground.people[Role.TOWN_OFFICER])
    assert "缓办的" in chips(client.get("/desk/cases"))
    sit_down(ground.people[Role.TOWN_LEADER])
    assert client.post(f"/desk/views/{view.id}/removals", data={"version": view.version + 1}).status_code == 303
    assert chips(client.get("/desk/cases")) == {}


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0分钟"), (59.9, "59分钟"), (60, "1小时"), (48 * 60 - 1, "47小时"), (48 * 60, "2天"), (72 * 60 - 1, "2天")],
)
def test_a_length_is_rounded_down(minutes, said):
    assert span(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("hours", "yellow_at", "tone"),
    [(-1, None, "late"), (0, None, "late"), (7.9, None, "near"), (8, None, "calm"), (80, NOW, "near")],
)
def test_a_deadline_is_pressing_under_eight_hours_or_when_three_quarters_have_gone(hours, yellow_at, tone):
    assert due(NOW + timedelta(hours=hours), "verify", yellow_at, now=NOW).tone == tone


def test_a_review_of_a_hold_that_is_late_is_late():
    assert due(NOW, "hold", None, now=NOW).text == "超期0分钟"
