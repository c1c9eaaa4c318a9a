"""Whose is it, and with whom: one body answers, departments beside it, a special jurisdiction first (M01, M08)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.lifecycle import case as machine
from cases.lifecycle.guards import NoOwner
from cases.models.case import Task
from cases.models.policy import CategoryVersion
from cases.policy import category_in_force
from cases.routing import dispatch, group_of_the_district, is_answered_for, owner_of_unit, place
from cases.routing.owner import NoSuchOwner
from geo.models import JURISDICTION
from geo.points import Point
from people import absences
from people.absences import Leave
from people.actors import SYSTEM
from tests import make
from tests.desk import notices
from tests.make import IN_WEST, NEAR_BORDER, NOW, OUTSIDE

ZONE = f"{make.DISTRICT_CODE}401"
ACROSS = (120.008, 31.008, 120.03, 31.012)  # over the border of the two towns


def tasks(session, case):
    rows = session.execute(select(Task.kind, Task.org_id, Task.duty_item).where(Task.case_id == case.id))
    return sorted(tuple(row) for row in rows)


def dispatched(session, district, category="FIR-02", to=None, now=NOW):
    case = make.case(session, category=category)
    return dispatch(session, case, to=to or district.west.org, by=SYSTEM, now=now)


def test_m08_a_case_gets_exactly_one_main_task_and_cites_a_duty_for_each(session, district):
    case = dispatched(session, district)
    assert tasks(session, case) == [
        ("coop", district.police.id, "DEPT-02"),
        ("lead", district.fire.id, "FIRE-01"),
        ("town", district.west.org.id, "TOWN-02"),
    ]


def test_t2_each_body_is_told_at_once_the_clerks_in_person_and_nothing_of_the_place_m115(session, district):
    """Whoever must sign within half an hour hears of it in the same moment (D-sign, Q7)."""
    case = dispatched(session, district, category="FW-02")
    told = {(each.org_id, each.account_id): each.text for each in notices(session, "dispatched")}
    town, police = district.west, (district.police.id, None)
    assert set(told) == {
        (town.org.id, town.clerk.account_id), (town.org.id, town.leader.account_id), police, (district.fire.id, None),
    }  # fmt: skip
    asked = "【特急】非法生产/储存烟花爆竹（黑作坊/黑仓库）：案件 {} 已派遣，{}"
    assert told[town.org.id, town.clerk.account_id] == asked.format(case.number, "请签收")
    assert told[police] == asked.format(case.number, "请牵头办理")
    assert told[district.fire.id, None] == asked.format(case.number, "请配合办理")


def test_t2_a_usual_case_is_told_without_a_mark_and_a_clerk_on_leave_has_a_stand_in(session, district):
    town = district.west
    leave = Leave(town.clerk.account_id, town.officer.account_id, NOW - timedelta(1), NOW + timedelta(1), "年休假")
    absences.enter(session, leave, by=town.leader, now=NOW)
    case = dispatched(session, district, category="IND-01")
    people = {each.account_id: each.text for each in notices(session, "dispatched") if each.org_id == town.org.id}
    assert set(people) == {town.officer.account_id, town.leader.account_id}
    assert all(text.startswith("工贸企业隐患") and case.number in text for text in people.values())


def _duty(session, case, body):
    return session.scalars(select(Task.duty_item).where(Task.case_id == case.id, Task.org_id == body.id)).one()


def test_m06_a_town_with_the_main_duty_cites_that_one(session, district):
    case = dispatched(session, district, category="BLD-02")
    assert _duty(session, case, district.west.org) == "TOWN-01"


def test_x26_a_department_that_the_district_does_not_have_gets_no_task_and_stops_nothing(session, district):
    case = dispatched(session, district, category="MIN-01")  # planning leads, and there is none here
    assert [kind for kind, org, _ in tasks(session, case)] == ["coop", "town"]
    assert case.state == "dispatched"


def test_a_department_that_is_closed_gets_no_task(session, district):
    district.fire.active = False
    session.flush()
    assert district.fire.id not in {org for _, org, _ in tasks(session, dispatched(session, district))}


def test_a_department_acts_under_another_hat_where_the_district_says_so(session, district):
    """The gas authority is the housing department's hat (policy `department_stands_in`)."""
    housing = make.org(session, "department", department_kind="housing")
    case = dispatched(session, district, category="GAS-02")
    assert ("lead", housing.id) in {(kind, org) for kind, org, _ in tasks(session, case)}


def test_a_department_with_two_parts_in_a_case_gets_one_task_the_leading_one(session, district):
    housing = make.org(session, "department", department_kind="housing")
    row = category_in_force(session, "GAS-02", NOW)
    values = {column.name: getattr(row, column.name) for column in CategoryVersion.__table__.columns}
    values |= {"version": row.version + 1, "coop_dept_kinds": ["housing", "police"], "effective_at": make.LONG_AGO}
    session.add(CategoryVersion(**values))
    session.flush()
    case = dispatched(session, district, category="GAS-02")
    parts = [(kind, org) for kind, org, _ in tasks(session, case) if org == housing.id]
    assert parts == [("lead", housing.id)]


@pytest.mark.parametrize(("category", "leads"), [("MIN-01", []), ("RNT-01", ["police"]), ("OTH-01", [])])
def test_the_lead_is_all_of_them_the_first_or_nobody_yet(session, district, category, leads):
    kinds = {district.fire.id: "fire", district.police.id: "police"}
    case = dispatched(session, district, category=category)
    assert [kinds[org] for kind, org, _ in tasks(session, case) if kind == "lead"] == leads


def test_f05_the_group_of_the_district_gets_a_task_of_its_own_kind(session, district):
    case = dispatched(session, district, category="CCL-01", to=group_of_the_district(session))
    assert ("group", district.group.id, "GROUP-01") in tasks(session, case)


def test_t2_a_case_is_not_dispatched_to_nobody(session, district):
    case = make.case(session)
    with pytest.raises(NoOwner):
        machine.move(session, case, "dispatch", by=SYSTEM, now=NOW)


# --- whose place


def test_a_special_jurisdiction_goes_before_the_town_beneath(session, district):
    """C13-5: and ends where it ends."""
    zone = make.org(session, "town", unit_code=ZONE)
    make.edition(session, {ZONE: ACROSS}, layer=JURISDICTION, priority=10)
    for point in (IN_WEST, Point(120.025, 31.01)):
        placing = place(session, make.report(session, point))
        assert placing.inside is not None
        assert owner_of_unit(session, placing.inside.unit_id) is zone
    beside = place(session, make.report(session, Point(120.004, 31.01))).inside
    assert beside is not None
    assert owner_of_unit(session, beside.unit_id) is district.west.org


def test_a_jurisdiction_that_is_not_in_force_yet_decides_nothing(session, district):
    make.org(session, "town", unit_code=ZONE)
    make.edition(session, {ZONE: ACROSS}, layer=JURISDICTION, priority=10, valid=(NOW + timedelta(days=1), None))
    inside = place(session, make.report(session)).inside
    assert inside is not None
    assert owner_of_unit(session, inside.unit_id) is district.west.org


@pytest.mark.parametrize(
    ("point", "doubt"), [(IN_WEST, None), (NEAR_BORDER, "border"), (OUTSIDE, "outside"), (None, "no_position")]
)
def test_c13_what_is_in_doubt_about_a_place(session, district, point, doubt):
    placing = place(session, make.report(session, point))
    assert placing.in_doubt == doubt
    assert (placing.inside is None) == (doubt in {"outside", "no_position"})


def test_c13_at_a_border_both_towns_are_proposed_the_containing_one_first(session, district):
    near = place(session, make.report(session, NEAR_BORDER)).near
    assert [each.code for each in near] == [f"{make.DISTRICT_CODE}001", f"{make.DISTRICT_CODE}002"]
    assert [each.how for each in near] == ["inside", "nearest"]


def test_c13_just_outside_the_nearest_town_is_proposed(session, district):
    outside = Point(120.0415, 31.01)  # 143 m east of the eastern town
    placing = place(session, make.report(session, outside))
    assert placing.in_doubt == "outside"
    assert [each.code for each in placing.near] == [f"{make.DISTRICT_CODE}002"]
    assert place(session, make.report(session, OUTSIDE)).near == ()


def test_a_unit_without_an_active_body_has_no_owner(session, district):
    unit = make.unit_of(session, district.west.org.unit_code)
    assert is_answered_for(session, unit.id)
    district.west.org.active = False
    session.flush()
    assert not is_answered_for(session, unit.id)
    with pytest.raises(NoSuchOwner):
        owner_of_unit(session, unit.id)
