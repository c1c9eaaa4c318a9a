"""M09, M57, F84: who else takes part has a task where the district has entered it, and else is told, on the trail."""

import pytest
from sqlalchemy import select

from cases import handling
from cases.handling.parties import NotAParty
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.models.case import Task
from people.roles import Role
from tests import make
from tests.walk import Walk

SUNKEN = "PUB-01"  # a public facility: power company and owner take part (F84)


@pytest.fixture
def walk(session, district):
    return Walk(session, district, category=SUNKEN)


def kinds(walk):
    return [each.kind for each in handling.parties(walk.session, walk.case, now=walk.now)]


def tell(walk, kind="owner", how="电话告知产权单位值班室李某，已派员", by=None):
    who = by or walk.town.officer
    return handling.tell_party(walk.session, walk.case, kind=kind, how=how, by=who, now=walk.now)


def test_who_is_on_no_platform_is_told_and_the_town_is_no_party_to_itself(walk):
    walk.signed()
    assert kinds(walk) == ["power", "owner"]
    before = walk.case.version
    told = tell(walk)
    assert (told.zh, [each.body["how"] for each in told.told]) == ("权属单位", ["电话告知产权单位值班室李某，已派员"])
    assert walk.case.version == before + 1
    again = tell(walk, how="再次电话催告")
    assert [each.body["how"] for each in again.told][1] == "再次电话催告"
    power, _ = handling.parties(walk.session, walk.case, now=walk.now)
    assert power.told == []


def test_m09_a_party_that_the_district_has_entered_helps_with_a_task_and_a_clock(session, district):
    power = make.org(session, "department", department_kind="power")
    walk = Walk(session, district, category=SUNKEN).signed()
    task = session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.org_id == power.id)).one()
    assert (task.kind, task.state, task.due_what) == ("coop", "open", "answer")
    assert kinds(walk) == ["owner"]
    with pytest.raises(NotAParty):
        tell(walk, kind="power")


def test_x32_a_department_that_stands_in_for_a_party_is_asked_instead(session, district):
    make.value(session, "department_stands_in", {"owner": "fire"})
    walk = Walk(session, district, category=SUNKEN).signed()
    assert kinds(walk) == ["power"]
    assert session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.org_id == district.fire.id)).one()


def test_a_category_without_others_has_none(session, district):
    walk = Walk(session, district, category="FIR-02").signed()
    assert kinds(walk) == []
    with pytest.raises(NotAParty):
        tell(walk)


@pytest.mark.parametrize("kind", ["town", "fire", "nobody", ""])
def test_what_is_no_party_of_the_case_is_not_told(walk, kind):
    walk.signed()
    with pytest.raises(NotAParty):
        tell(walk, kind=kind)


def test_it_is_said_how_by_a_body_that_has_the_case_while_it_is_handled(walk, district):
    with pytest.raises(NotHandled):
        tell(walk.dispatched(), by=walk.town.officer)
    handling.sign(walk.session, walk.case, person_id=walk.town.officer.account_id, by=walk.town.clerk, now=walk.now)
    with pytest.raises(Incomplete) as refusal:
        tell(walk, how=" ")
    assert refusal.value.extra["missing"] == ["how"]
    stranger = make.officer(walk.session, district.east.org, Role.TOWN_OFFICER)
    for who in (stranger, district.supervisor):  # the safety office hands out work and does none (M07)
        with pytest.raises(NotYourBody):
            tell(walk, by=who)
