"""T7 and T8 by the checks of the category: what a verdict, a denial, a decision need of them ((d), X21, F18, F30)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import handling
from cases.handling.checks import stated
from cases.lifecycle.guards import Incomplete, WrongLevel
from cases.models.handling import Picture, Visit
from people.roles import Role
from tests import answers, make
from tests.walk import Walk, order_draft

DAY, NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)  # 20:00 in Shanghai
DECIDED = {**make.UNDECIDED, "prosecute": {"decided": True, "reason": "涉嫌危险作业罪"}}


def looked_at(session, district, category, *, started_at=DAY, **changes):
    """A case whose one visit gave calm answers, but for those in `changes` (by the code of the check)."""
    walk = Walk(session, district, category=category)
    walk.case = make.case(session, walk.town.org, state="verifying", category=category)
    visit_again(walk, started_at=started_at, **changes)
    make.pictures(session, walk.case, "near", "far")
    return walk


def visit_again(walk, *, started_at=DAY, **changes):
    given = [replace(each, **changes.get(each.code, {})) for each in answers.calm(walk.session, walk.case)]
    return make.visit(
        walk.session, walk.case, walk.town.officer, started_at=started_at, checks=stated(given),
        completed_at=started_at + timedelta(hours=1),
    )  # fmt: skip


def conclude(walk, outcome="substantiated"):
    return handling.propose(
        walk.session, walk.case, outcome=outcome, summary="经查", qualification="条例第三条", sanction="",
        by=walk.town.officer, now=walk.now,
    )  # fmt: skip


def missing(refusal):
    return refusal.value.extra["missing"]


def test_t7_a_verdict_waits_until_every_check_was_answered_on_some_visit(session, district):
    walk = looked_at(session, district, "FIR-02")
    first = visit_again(walk)
    for visit in session.scalars(select(Visit).where(Visit.case_id == walk.case.id)):
        visit.checks = []
    session.flush()
    with pytest.raises(Incomplete) as refusal:
        conclude(walk)
    assert missing(refusal) == ["checks.building_type", "checks.high_rise", "checks.out_of_use"]
    first.checks = [{"code": "building_type", "answer": "stated", "note": "住宅"}]
    visit_again(walk).checks = [{"code": "high_rise", "answer": "no"}, {"code": "out_of_use", "answer": "yes"}]
    session.flush()
    conclude(walk)
    assert walk.case.state == "verdict_review"


@pytest.mark.parametrize("outcome", ["unsubstantiated", "unverifiable"])
@pytest.mark.parametrize(("category", "code"), [("FIR-04", "opening_hours"), ("TRN-01", "at_hours")])
def test_x21_what_is_denied_was_looked_for_in_its_hours(session, district, category, code, outcome):
    """A shut karaoke bar, a bus that does not run at noon: no denial of what happens at other hours."""
    for told in ({"answer": "no"}, {"answer": "na", "note": "不清楚"}):
        walk = looked_at(session, district, category, **{code: told})
        with pytest.raises(Incomplete) as refusal:
            conclude(walk, outcome)
        assert missing(refusal) == [f"checks.{code}"]
    visit_again(walk, started_at=DAY + timedelta(hours=1))
    conclude(walk, outcome)


@pytest.mark.parametrize(("category", "code"), [("FIR-01", "locked_at_night"), ("MIN-01", "night_blasting")])
def test_x21_what_happens_by_night_is_denied_by_night_or_said_not_to_matter(session, district, category, code):
    walk = looked_at(session, district, category)
    with pytest.raises(Incomplete) as refusal:
        conclude(walk, "unsubstantiated")
    assert missing(refusal) == [f"checks.{code}.night"]
    visit_again(walk, started_at=NIGHT)
    conclude(walk, "unsubstantiated")
    told = {code: {"answer": "na", "note": "举报的是白天占用消防车通道"}}
    conclude(looked_at(session, district, category, **told), "unsubstantiated")


def test_x21_what_was_found_by_day_needs_no_night(session, district):
    conclude(looked_at(session, district, "FIR-01"), "substantiated")


def test_fw04_cannot_verify_is_allowed_with_a_plan_of_patrols(session, district):
    walk = looked_at(session, district, "FW-04", patrol_plan={"answer": "na", "note": "无"})
    with pytest.raises(Incomplete) as refusal:
        conclude(walk, "unverifiable")
    assert missing(refusal) == ["checks.patrol_plan"]
    conclude(walk, "unsubstantiated")
    conclude(looked_at(session, district, "FW-04"), "unverifiable")


def decide(walk, *, by=None, **facts):
    draft = order_draft(due_at=walk.now + timedelta(days=5), **facts)
    return handling.order(walk.session, walk.case, draft=draft, by=by or walk.town.leader, now=walk.now)


@pytest.mark.parametrize("category", ["FW-02", "CHM-01"])
def test_f30_m59_where_a_crime_is_suspected_the_police_are_asked(session, district, category):
    walk = looked_at(session, district, category, criminal={"answer": "yes"})
    conclude(walk)
    with pytest.raises(Incomplete) as refusal:
        decide(walk)
    assert missing(refusal) == ["prosecute"]
    decide(walk, consequences=DECIDED)
    assert walk.case.state == "rectifying"


def test_f30_a_suspicion_that_another_visit_has_cleared_binds_nobody(session, district):
    walk = looked_at(session, district, "CHM-01", criminal={"answer": "yes"})
    visit_again(walk, started_at=DAY + timedelta(hours=3))
    conclude(walk)
    decide(walk)


@pytest.mark.parametrize(("category", "code"), [("BLD-01", "criterion"), ("FIR-04", "gb35181"), ("IND-01", "criteria")])
def test_f18_x29_where_a_criterion_is_met_a_department_decides_on_a_major_hazard(session, district, category, code):
    """And without one, a citizen's own word makes none: the leader says what grade it is (X29)."""
    walk = looked_at(session, district, category, **{code: {"answer": "yes"}})
    body = make.org(session, "department", department_kind="housing")
    leader = make.officer(session, body, Role.DEPT_LEADER)
    make.task(session, walk.case, body, kind="lead")
    conclude(walk)
    with pytest.raises(WrongLevel):
        decide(walk)
    with pytest.raises(WrongLevel):
        decide(walk, grade="major")  # a town's leader does not decide that either
    decide(walk, grade="major", by=leader)
    assert walk.case.grade == "major"


def test_x29_a_grade_is_general_until_somebody_determines_another_by_a_criterion(session, district):
    walk = looked_at(session, district, "IND-01")
    make.task(session, walk.case, district.fire, kind="lead")
    assert walk.case.grade == "undetermined"
    conclude(walk)
    with pytest.raises(Incomplete) as refusal:
        decide(walk, grade="major", criterion=None, by=district.fire_leader)
    assert missing(refusal) == ["criterion"]
    decide(walk)
    assert walk.case.grade == "general"


def test_x20_a_photo_from_before_anybody_was_there_or_of_another_case_does_not_show_the_place(session, district):
    walk = looked_at(session, district, "FIR-02")
    make.pictures(session, walk.case, "near")
    taken = session.scalars(select(Picture).where(Picture.case_id == walk.case.id)).all()
    for picture in taken:
        picture.received_at = DAY - timedelta(minutes=1)
    session.flush()
    with pytest.raises(Incomplete) as refusal:
        conclude(walk)
    assert missing(refusal) == ["photo_near", "photo_far"]
    for picture in taken:
        picture.received_at, picture.reused = DAY + timedelta(minutes=5), picture.role == "far"
    session.flush()
    with pytest.raises(Incomplete) as refusal:
        conclude(walk)
    assert missing(refusal) == ["photo_far"]
