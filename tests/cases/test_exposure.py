"""Exposure (C7): on a stored ground, reviewed by another, not before it protects the source, and withdrawn for good."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import select

from cases import exposure
from cases.exposure import (
    BadWording,
    NoGround,
    NoSuchExposure,
    NotReviewed,
    SamePerson,
    SourceAtRisk,
    TooEarly,
)
from cases.lifecycle.machine import NotInState
from cases.models.case import Case, Clock
from cases.models.exposure import Change, Exposure, PublicExposure
from cases.models.handling import Order, Visit
from kit.errors import NotAllowed, Stale, Unconditional
from people.roles import Role
from tests import make
from tests.cases.exposures import LATER, TICKS, approved, draft, exposable, published


@pytest.fixture
def case(session, district):
    return exposable(session, district)


def overdue(session, case, *, kind="rectify", stopped=False):
    session.add(
        Clock(
            case_id=case.id, kind=kind, profile_id=case.profile_id, amount=1, unit="cal_d", started_at=make.LONG_AGO,
            due_at=make.NOW - timedelta(seconds=1), original_due_at=make.NOW, provisional=False,
            stopped_at=make.NOW if stopped else None,
        )
    )  # fmt: skip
    session.flush()


def changes(session):
    return [tuple(row) for row in session.execute(select(Change.op, Change.version).order_by(Change.seq))]


# --- E1


@pytest.mark.parametrize("outcome", ["substantiated", "partly"])
def test_e1_a_typical_case_that_was_found_and_ordered_stands_on_ground_d(session, district, publisher, outcome):
    case = exposable(session, district, outcome=outcome)
    assert exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW).state == "drafting"


@pytest.mark.parametrize("outcome", ["unsubstantiated", "unverifiable", None])
@pytest.mark.parametrize("ground", ["C", "D"])
def test_e1_what_was_not_verified_stands_on_no_ground(session, district, publisher, outcome, ground):
    case = exposable(session, district, outcome=outcome, grade="major")
    overdue(session, case)
    with pytest.raises(NoGround):
        exposure.draft(session, case, draft(ground), by=publisher, now=make.NOW)


def test_e1_without_an_order_there_is_no_ground(session, district, publisher):
    case = exposable(session, district, grade="major")
    overdue(session, case)
    session.delete(session.scalars(select(Order).where(Order.case_id == case.id)).one())
    session.flush()
    for ground in ("C", "D"):
        with pytest.raises(NoGround):
            exposure.draft(session, case, draft(ground), by=publisher, now=make.NOW)


@pytest.mark.parametrize("kind", ["rectify", "rework"])
def test_e1_a_major_hazard_that_is_overdue_stands_on_ground_c(session, district, publisher, kind):
    case = exposable(session, district, grade="major")
    with pytest.raises(NoGround):
        exposure.draft(session, case, draft("C"), by=publisher, now=make.NOW)
    overdue(session, case, kind=kind)
    assert exposure.draft(session, case, draft("C"), by=publisher, now=make.NOW).ground == "C"


def test_e1_neither_a_general_hazard_nor_one_that_was_done_stands_on_ground_c(session, district, publisher):
    general = exposable(session, district, grade="general")
    overdue(session, general)
    done = exposable(session, district, grade="major")
    overdue(session, done, stopped=True)
    for case in (general, done):
        with pytest.raises(NoGround):
            exposure.draft(session, case, draft("C"), by=publisher, now=make.NOW)


@pytest.mark.parametrize("ground", ["A", "B", "E"])
def test_e1_a_ground_whose_machine_is_not_built_carries_nothing(session, case, publisher, ground):
    with pytest.raises(NoGround):
        exposure.draft(session, case, draft(ground), by=publisher, now=make.NOW)


def test_e1_the_ground_is_asked_again_when_it_is_published(session, case, district, publisher):
    made = approved(session, case, district)
    case.outcome = "unsubstantiated"
    with pytest.raises(NoGround):
        exposure.publish(session, case, made, by=publisher, now=LATER)


# --- who


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLISHER])
def test_only_a_publisher_drafts(session, case, district, role):
    with pytest.raises(NotAllowed):
        exposure.draft(session, case, draft(), by=make.officer(session, district.office, role), now=make.NOW)


def test_c2_whoever_drafts_does_not_review_and_whoever_reviews_does_not_publish(session, case, district):
    both = make.officer(session, district.office, Role.PUBLISHER, Role.LEGAL_REVIEWER)
    other = make.officer(session, district.office, Role.PUBLISHER, Role.LEGAL_REVIEWER)
    made = exposure.draft(session, case, draft(), by=both, now=make.NOW)
    exposure.submit(session, case, made, by=both, now=make.NOW)
    with pytest.raises(SamePerson):
        exposure.review(session, case, made, ticks=TICKS, note="", by=both, now=make.NOW)
    exposure.review(session, case, made, ticks=TICKS, note="", by=other, now=make.NOW)
    with pytest.raises(SamePerson):
        exposure.publish(session, case, made, by=other, now=LATER)
    exposure.publish(session, case, made, by=both, now=LATER)


@pytest.mark.parametrize("tick", TICKS)
def test_e6_every_tick_is_set_by_the_reviewer(session, case, publisher, reviewer, tick):
    made = exposure.draft(session, case, draft(), by=publisher, now=make.NOW)
    exposure.submit(session, case, made, by=publisher, now=make.NOW)
    for ticks in (TICKS | {tick: False}, {name: True for name in TICKS if name != tick}, TICKS | {tick: "yes"}):
        with pytest.raises(NotReviewed) as refusal:
            exposure.review(session, case, made, ticks=ticks, note="", by=reviewer, now=make.NOW)
        assert refusal.value.extra["missing"] == [tick]
    assert made.state == "legal_review"


def test_e6_what_is_returned_is_written_anew_by_whoever_may_then_not_review_it(session, case, district, publisher):
    both = make.officer(session, district.office, Role.PUBLISHER, Role.LEGAL_REVIEWER)
    lawyer = make.officer(session, district.office, Role.LEGAL_REVIEWER)
    drafted = exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW)
    exposure.submit(session, case, drafted, by=publisher, now=make.NOW)
    exposure.return_(session, case, drafted, note="写明地点", by=lawyer, now=make.NOW)
    with pytest.raises(BadWording):
        exposure.revise(session, case, drafted, replace(draft("D"), body="根据举报查实"), by=both, now=make.NOW)
    exposure.revise(session, case, drafted, replace(draft("D"), title="新标题"), by=both, now=make.NOW)
    assert (drafted.title, drafted.state) == ("新标题", "drafting")
    exposure.submit(session, case, drafted, by=publisher, now=make.NOW)
    for act in (
        lambda: exposure.review(session, case, drafted, ticks=TICKS, note="", by=both, now=make.NOW),
        lambda: exposure.return_(session, case, drafted, note="再改", by=both, now=make.NOW),
    ):
        with pytest.raises(SamePerson):
            act()


def test_e1_what_is_written_anew_stands_on_its_ground_again(session, case, publisher):
    drafted = exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW)
    with pytest.raises(NoGround):
        exposure.revise(session, case, drafted, draft("C"), by=publisher, now=make.NOW)


@pytest.mark.parametrize("steps", [[], ["submit"]])
def test_what_is_dropped_makes_room_for_another_on_its_ground(session, case, publisher, steps):
    dropped = exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW)
    for step in steps:
        getattr(exposure, step)(session, case, dropped, by=publisher, now=make.NOW)
    exposure.drop(session, case, dropped, reason="事实有变", by=publisher, now=make.NOW)
    assert exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW).state == "drafting"
    with pytest.raises(NotInState):
        exposure.submit(session, case, dropped, by=publisher, now=make.NOW)
    assert changes(session) == []


def test_what_was_published_is_withdrawn_and_never_dropped(session, case, district, publisher):
    shown = session.scalars(
        select(Exposure).where(Exposure.public_id == published(session, case, district).public_id)
    ).one()
    with pytest.raises(NotInState):
        exposure.drop(session, case, shown, reason="事实有变", by=publisher, now=make.NOW)


def test_an_editor_changes_only_what_they_saw(session, case, publisher):
    drafted = exposure.draft(session, case, draft("D"), by=publisher, now=make.NOW)
    with pytest.raises(Unconditional):
        exposure.lock(session, drafted.id, expected_version=None)
    with pytest.raises(Stale) as stale:
        exposure.lock(session, drafted.id, expected_version=9)
    assert stale.value.extra["current"] == {"id": str(drafted.id), "state": "drafting", "version": 1}
    assert exposure.lock(session, drafted.id, expected_version=1) is drafted


def test_e6_nothing_is_published_that_was_not_reviewed(session, case, publisher):
    made = exposure.draft(session, case, draft(), by=publisher, now=make.NOW)
    with pytest.raises(NotInState):
        exposure.publish(session, case, made, by=publisher, now=LATER)
    assert session.scalars(select(PublicExposure)).all() == []


# --- E5


def test_e5_nothing_says_that_somebody_reported(session, case, publisher):
    for text in ({"title": "根据举报查实"}, {"body": "我镇根据举报开展检查"}):
        with pytest.raises(BadWording):
            exposure.draft(session, case, draft(**text), by=publisher, now=make.NOW)


def test_e5_nothing_is_published_before_three_working_days_after_the_visit(session, case, district, publisher):
    made = approved(session, case, district)
    visit = session.scalars(select(Visit).where(Visit.case_id == case.id)).one()
    visit.completed_at = datetime.fromisoformat("2026-11-26T15:00+08:00")  # a Thursday: Fri, Mon and Tue follow
    session.flush()
    earliest = datetime.fromisoformat("2026-12-02T00:00+08:00")
    with pytest.raises(TooEarly) as refusal:
        exposure.publish(session, case, made, by=publisher, now=earliest - timedelta(seconds=1))
    assert datetime.fromisoformat(refusal.value.extra["earliest"]) == earliest
    assert made.state == "approved"
    exposure.publish(session, case, made, by=publisher, now=earliest)


def test_e5_the_last_visit_counts_and_without_one_nothing_is_published(session, case, district, publisher):
    made = approved(session, case, district)
    visit = session.scalars(select(Visit).where(Visit.case_id == case.id)).one()
    make.visit(session, case, district.west.officer, completed_at=LATER)
    with pytest.raises(TooEarly):
        exposure.publish(session, case, made, by=publisher, now=LATER)
    for each in session.scalars(select(Visit).where(Visit.case_id == case.id)):
        if each is not visit:
            session.delete(each)
    visit.state, visit.completed_at = "open", None
    session.flush()
    with pytest.raises(TooEarly):
        exposure.publish(session, case, made, by=publisher, now=LATER)


@pytest.mark.parametrize(
    ("workers", "own_inspection", "allowed"),
    [(10, False, False), (None, False, False), (11, False, True), (3, True, True), (None, True, True)],
)
def test_e5_a_small_entity_is_exposed_only_on_the_officers_own_inspection(
    session, case, district, publisher, workers, own_inspection, allowed
):
    made = approved(session, case, district, entity_workers=workers, own_inspection=own_inspection)
    if allowed:
        exposure.publish(session, case, made, by=publisher, now=LATER)
    else:
        with pytest.raises(SourceAtRisk):
            exposure.publish(session, case, made, by=publisher, now=LATER)


# --- what is public


def test_e2_what_is_published_has_its_facts_and_a_generalised_place(session, case, district):
    public = published(session, case, district)
    town = district.west.org
    assert (public.status, public.version, public.progress) == ("usable", 1, "rectifying")
    assert (public.town_code, public.town_zh) == (town.unit_code, town.name_zh)
    assert public.category_zh
    assert public.found_on == make.NOW.date()
    assert public.expires_at == LATER + timedelta(days=365)
    exact = session.execute(select(ST_X(Case.point), ST_Y(Case.point)).where(Case.id == case.id)).one()
    lon, lat = session.execute(select(ST_X(PublicExposure.point), ST_Y(PublicExposure.point))).one()
    assert (lon, lat) == (pytest.approx(exact[0], abs=0.0003), pytest.approx(exact[1], abs=0.0003))
    assert (lon * 2000, lat * 2000) == (pytest.approx(round(lon * 2000)), pytest.approx(round(lat * 2000)))
    assert changes(session) == [("published", 1)]


def test_a_case_is_exposed_once_on_a_ground_at_a_time(session, case, district, publisher):
    published(session, case, district)
    with pytest.raises(Exception, match="uq_exposure_live"), session.begin_nested():
        exposure.draft(session, case, draft(), by=publisher, now=make.NOW)


def test_e9_a_withdrawal_leaves_place_and_reason_and_no_content(session, case, district, publisher):
    public = published(session, case, district)
    made = session.scalars(select(Exposure)).one()
    exposure.withdraw(session, case, made, reason="处罚决定已撤销", by=publisher, now=LATER)
    session.expire_all()
    assert made.state == "withdrawn"
    assert (public.status, public.version, public.withdraw_reason) == ("withdrawn", 2, "处罚决定已撤销")
    left = {column.name for column in PublicExposure.__table__.columns if getattr(public, column.name) is not None}
    assert left == {
        "public_id", "version", "status", "published_at", "updated_at", "withdrawn_at", "withdraw_reason",
    }  # fmt: skip
    assert changes(session) == [("published", 1), ("withdrawn", 2)]
    with pytest.raises(NotInState):
        exposure.withdraw(session, case, made, reason="再撤", by=publisher, now=LATER)


def test_e7_what_has_been_shown_for_its_time_is_taken_down(session, case, district):
    public = published(session, case, district)
    until = public.expires_at
    assert exposure.expire(session, now=until - timedelta(seconds=1)) == 0
    assert exposure.expire(session, now=until) == 1
    assert exposure.expire(session, now=until) == 0
    assert (public.status, public.title, public.withdraw_reason) == ("expired", None, "展示期满")
    assert changes(session) == [("published", 1), ("expired", 2)]


def test_e8_the_public_status_follows_the_case_once(session, case, district):
    public = published(session, case, district)
    exposure.follow_progress(session, case.id, now=LATER)
    assert public.version == 1
    case.state = "closure_review"
    for _ in range(2):
        exposure.follow_progress(session, case.id, now=LATER)
    assert (public.progress, public.version) == ("rectified", 2)
    assert changes(session) == [("published", 1), ("updated", 2)]


@pytest.mark.parametrize(("share", "days"), [(0.5, 100), (1, 200), (0.25, 50)])
def test_e8_what_is_rectified_is_shown_for_the_districts_share_of_what_was_left(session, case, district, share, days):
    make.value(session, "exposure_fixed_shown_share", share)
    public = published(session, case, district)
    usual = public.expires_at
    fixed = usual - timedelta(days=200)
    case.state = "closed"
    for later in range(2):
        exposure.follow_progress(session, case.id, now=fixed + timedelta(days=later))
    made = session.scalars(select(Exposure)).one()
    assert public.expires_at == made.expires_at == fixed + timedelta(days=days)
    case.state = "rectifying"
    exposure.follow_progress(session, case.id, now=fixed + timedelta(days=3))
    assert public.expires_at == made.expires_at == usual


def test_e8_a_withdrawn_exposure_follows_nothing(session, case, district, publisher):
    public = published(session, case, district)
    exposure.withdraw(session, case, session.scalars(select(Exposure)).one(), reason="错误", by=publisher, now=LATER)
    case.state = "closed"
    exposure.follow_progress(session, case.id, now=LATER)
    assert (public.progress, public.version) == (None, 2)


def test_an_exposure_that_is_not_there_is_not_found(session, district):
    with pytest.raises(NoSuchExposure):
        exposure.find(session, uuid4())
