"""The guards of the case machine, from dispatch to verdict, each shut and open (C2, C4.2)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import handling
from cases.handling import CheckIn
from cases.handling.sign import NoSuchTask, NotOfYourOffice
from cases.handling.visit import UnknownCompanion, VisitOpen
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotInState
from cases.lifecycle.visit import NoOpenVisit
from cases.models.handling import RecordCopy
from cases.routing import dispatch
from geo.points import Point
from kit.errors import NotAllowed
from people.actors import SYSTEM
from people.roles import Role
from tests import make
from tests.walk import RECORD, Walk

TEN_DAYS = timedelta(days=10)
FAR_AWAY = Point(120.013, 31.01)  # 286 m from the place
DAY_VISIT = datetime(2026, 11, 24, 2, tzinfo=UTC)
NIGHT_VISIT = datetime(2026, 11, 24, 12, tzinfo=UTC)  # 20:00 in Shanghai


def start_visit(walk, *, at=make.IN_WEST, kind="verification", companions=(), reason=None, by=None):
    check_in = CheckIn(kind, at, [each.account_id for each in companions], reason)
    return handling.start_visit(walk.session, walk.case, check_in=check_in, by=by or walk.town.officer, now=walk.now)


def propose(walk, **facts):
    said = {"outcome": "substantiated", "summary": "属实", "qualification": "消防法", "sanction": ""} | facts
    return handling.propose(walk.session, walk.case, by=walk.town.officer, now=walk.now, **said)


def missing(refusal):
    return refusal.value.extra["missing"]


def test_t2_a_case_is_dispatched_once(walk):
    walk.dispatched()
    with pytest.raises(NotInState), walk.session.begin_nested():
        dispatch(walk.session, walk.case, to=walk.town.org, by=SYSTEM, now=walk.now)


def test_m07_the_safety_office_adds_no_picture_and_delivers_no_copy(walk, session):
    walk.visited()
    copy = session.scalars(select(RecordCopy).where(RecordCopy.case_id == walk.case.id).limit(1)).one()
    who = walk.district.supervisor
    with pytest.raises(NotAllowed):
        handling.deliver(session, walk.case, copy_id=copy.id, note="", by=who, now=walk.now)
    with pytest.raises(NotAllowed):
        handling.add_picture(session, walk.case, make.kept(b""), role="near", by=who, now=walk.now)


def test_t3_a_clerk_of_another_town_does_not_sign(walk, session):
    walk.dispatched()
    other = walk.district.east
    with pytest.raises(NotYourBody):
        handling.sign(session, walk.case, person_id=other.officer.account_id, by=other.clerk, now=walk.now)


def test_t3_m15_a_case_is_given_to_an_active_officer_of_the_same_office(walk, session):
    walk.dispatched()
    for person in (walk.district.east.officer.account_id, 0):
        with pytest.raises(NotOfYourOffice):
            handling.sign(session, walk.case, person_id=person, by=walk.town.clerk, now=walk.now)


def test_a_department_without_a_task_signs_and_answers_nothing(walk, session):
    walk.dispatched()
    housing = make.org(session, "department", department_kind="power")
    who = make.officer(session, housing, Role.DEPT_OFFICER)
    with pytest.raises(NoSuchTask):
        handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
    with pytest.raises(NoSuchTask):
        handling.answer_task(session, walk.case, text="无", by=who, now=walk.now)


# --- T6


def test_t6_a_visit_starts_at_the_place_or_says_why_not(walk):
    walk.signed()
    for place in (FAR_AWAY, None):
        for reason in (None, "   "):
            with pytest.raises(Incomplete):
                start_visit(walk, at=place, reason=reason)
    visit = start_visit(walk, at=FAR_AWAY, reason="道路封闭")
    assert 280 < visit.distance_m < 292
    assert walk.case.state == "verifying"


def test_t6_f21_an_enforcement_check_needs_a_second_officer(walk):
    walk.signed()
    for companions in ((), (walk.town.officer,)):
        with pytest.raises(Incomplete):
            start_visit(walk, kind="enforcement", companions=companions)
    for who in (walk.town.officer, walk.town.colleague):
        make.certificate(walk.session, who)
    start_visit(walk, kind="enforcement", companions=(walk.town.colleague,))


def test_t6_a_companion_is_an_officer_that_exists(walk):
    walk.signed()
    nobody = walk.town.officer.__class__("officer", "无", account_id=0)
    with pytest.raises(UnknownCompanion):
        start_visit(walk, companions=(nobody,))


def test_t6_only_a_body_with_a_live_task_visits(walk, session):
    walk.signed()
    stranger = walk.district.east.officer
    with pytest.raises(NotYourBody):
        start_visit(walk, by=stranger)
    start_visit(walk, by=walk.district.fire_officer)


def test_one_visit_at_a_time_and_only_its_own_officer_completes_it(walk, session):
    walk.signed()
    start_visit(walk)
    with pytest.raises(VisitOpen):
        start_visit(walk, by=walk.town.colleague)
    with pytest.raises(NoOpenVisit):
        handling.complete_visit(session, walk.case, record=RECORD, by=walk.town.colleague, now=walk.now)
    handling.complete_visit(session, walk.case, record=RECORD, by=walk.town.officer, now=walk.now)
    with pytest.raises(NoOpenVisit):
        handling.complete_visit(session, walk.case, record=RECORD, by=walk.town.officer, now=walk.now)


# --- T7


def test_t7_no_verdict_without_a_completed_record(walk):
    walk.signed()
    start_visit(walk)
    with pytest.raises(Incomplete) as refusal:
        propose(walk)
    assert missing(refusal) == ["visit_record"]


def test_t7_a_verdict_needs_a_photo_from_near_and_from_far(walk, session):
    case = make.case(session, walk.town.org, state="verifying")
    walk.case = case
    make.visit(session, case, walk.town.officer)
    with pytest.raises(Incomplete) as refusal:
        propose(walk)
    assert missing(refusal) == ["photo_near", "photo_far"]
    _near, far = make.pictures(session, case, "near", "far")
    far.state = "rejected"
    session.flush()
    with pytest.raises(Incomplete) as refusal:
        propose(walk)
    assert missing(refusal) == ["photo_far"]
    far.state = "clean"
    session.flush()
    propose(walk)
    assert case.state == "verdict_review"


def test_t7_m31_m45_a_mandatory_penalty_needs_the_permit_check_and_the_qualification(walk, session):
    walk.case = make.case(session, walk.town.org, state="verifying", category="FW-01")
    make.pictures(session, walk.case, "near", "far")
    visit = make.visit(session, walk.case, walk.town.officer, permit_check=None)
    with pytest.raises(Incomplete) as refusal:
        propose(walk, qualification=" ")
    assert missing(refusal) == ["permit_check", "qualification"]
    visit.permit_check = {"permit": "无"}
    session.flush()
    propose(walk)


@pytest.mark.parametrize("outcome", ["unsubstantiated", "unverifiable"])
def test_x21_what_happens_at_night_is_not_denied_by_a_visit_by_day(walk, session, outcome):
    walk.case = make.case(session, walk.town.org, state="verifying", category="FIR-03")
    make.pictures(session, walk.case, "near", "far", at=NIGHT_VISIT)
    visit = make.visit(session, walk.case, walk.town.officer, started_at=DAY_VISIT)
    with pytest.raises(Incomplete) as refusal:
        propose(walk, outcome=outcome)
    assert missing(refusal) == ["night_visit"]
    visit.started_at = NIGHT_VISIT
    session.flush()
    propose(walk, outcome=outcome)


@pytest.mark.parametrize(("hour", "night"), [(18, False), (19, True), (23, True), (0, True), (5, True), (6, False)])
def test_x21_night_is_from_19_to_6_in_shanghai(walk, session, hour, night):
    walk.case = make.case(session, walk.town.org, state="verifying", category="FIR-03")
    start = datetime(2026, 11, 24, hour, 0, tzinfo=UTC) - timedelta(hours=8)
    make.pictures(session, walk.case, "near", "far", at=start)
    make.visit(session, walk.case, walk.town.officer, started_at=start)
    if night:
        propose(walk, outcome="unsubstantiated")
    else:
        with pytest.raises(Incomplete):
            propose(walk, outcome="unsubstantiated")


def test_x21_a_day_visit_can_be_followed_by_a_night_visit(session, district):
    """A case that needs a night visit must be able to get one."""
    walk = Walk(session, district, category="FIR-03").visited()
    with pytest.raises(Incomplete):
        propose(walk, outcome="unsubstantiated")
    walk.now = NIGHT_VISIT
    walk.visit_again()
    propose(walk, outcome="unsubstantiated")
    assert walk.case.state == "verdict_review"


def test_x21_what_was_found_by_day_stands(walk, session):
    walk.case = make.case(session, walk.town.org, state="verifying", category="FIR-03")
    make.pictures(session, walk.case, "near", "far")
    make.visit(session, walk.case, walk.town.officer, started_at=DAY_VISIT)
    propose(walk)
