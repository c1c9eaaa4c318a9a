"""X20, T14, T15: an acceptance needs somebody at the place, with a new photo of their own, and at the hour it takes."""

from datetime import datetime, timedelta

import pytest

from cases import handling
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.proof import PictureReused
from cases.models.handling import Picture
from kit.clock import LOCAL_ZONE
from tests import desk, make
from tests.make import NOW
from tests.walk import Walk, all_passed

MINUTE = timedelta(minutes=1)
ACTS = pytest.mark.parametrize("act", [handling.pass_, handling.fail])


@pytest.fixture
def done(walk):
    """A case whose work was said to be done."""
    return walk.completed()


def arrive(walk, *, by=None, now=None, point=make.IN_WEST, reason=None):
    return handling.arrive(
        walk.session, walk.case, point=point, distance_reason=reason, by=by or walk.town.colleague, now=now or walk.now
    )


def judge(walk, act, *, by=None, now=None):
    checks = all_passed(walk.session, walk.case) if act is handling.pass_ else []
    return act(
        walk.session, walk.case, note="-", findings=["仍堵"], checks=checks, by=by or walk.town.colleague,
        now=now or walk.now,
    )  # fmt: skip


def refused(walk, act, missing, **facts):
    with pytest.raises(Incomplete) as refusal:
        judge(walk, act, **facts)
    assert refusal.value.extra["missing"] == [missing]


@ACTS
def test_x20_nobody_accepts_from_the_office_on_the_handlers_photo(done, act):
    refused(done, act, "arrival")
    arrive(done)
    refused(done, act, "photo_after")
    make.pictures(done.session, done.case, "after", at=done.now, by=done.town.officer)
    refused(done, act, "photo_after")
    make.pictures(done.session, done.case, "near", at=done.now, by=done.town.colleague)
    refused(done, act, "photo_after")
    make.pictures(done.session, done.case, "after", at=done.now, by=done.town.colleague)
    made = judge(done, act)
    (arrival,) = handling.dossier(done.session, done.case, by=done.town.officer).arrivals
    assert (made.arrival_id, arrival.account_id, arrival.distance_m) == (arrival.id, made.accepted_by, 0)


@ACTS
def test_x20_a_photo_of_before_one_came_or_an_image_that_was_used_shows_nothing(done, session, act):
    (old,) = make.pictures(session, done.case, "after", at=done.now, by=done.town.colleague)
    arrive(done, now=done.now + MINUTE)
    refused(done, act, "photo_after", now=done.now + MINUTE)
    again = {"case_id": done.case.id, "account_id": done.town.colleague.account_id, "role": "after", "state": "stored"}
    session.add(Picture(**again, received_at=done.now + 2 * MINUTE, sha256=old.sha256))
    session.add(Picture(**again, received_at=done.now + 2 * MINUTE, sha256=b"elsewhere", reused=True))
    session.flush()
    with pytest.raises(PictureReused):
        judge(done, act, now=done.now + 2 * MINUTE)


def test_t15_a_check_in_is_at_the_place_or_says_why_not(done, session):
    for point in (make.OUTSIDE, None):
        with pytest.raises(Incomplete) as refusal:
            arrive(done, point=point)
        assert refusal.value.pointer == "/distance_reason"
    assert arrive(done, point=None, reason="手机无定位").distance_reason == "手机无定位"
    assert (done.case.state, desk.entries(session, done.case)[-1]) == ("acceptance", "acceptance_begun")


def test_m64_only_who_may_accept_checks_in_and_only_while_it_waits_for_that(done):
    for who, refusal in (
        (done.town.officer, SamePerson), (done.town.leader, SamePerson), (done.town.clerk, NotYourRole),
        (done.district.supervisor, NotYourRole), (done.district.east.officer, NotYourBody),
    ):  # fmt: skip
        with pytest.raises(refusal):
            arrive(done, by=who)
    done.case.state = "rectifying"
    with pytest.raises(NotInState):
        arrive(done)


def test_t14_a_check_in_serves_one_acceptance_by_whoever_made_it(done, session):
    other = make.deputy(session, done.town)
    arrive(done)
    make.pictures(session, done.case, "after", at=done.now, by=done.town.colleague)
    refused(done, handling.pass_, "arrival", by=other)
    judge(done, handling.fail)
    done.complete_again()
    refused(done, handling.pass_, "arrival")


@pytest.mark.parametrize(("hour", "accepted"), [(18, False), (19, True), (5, True), (6, False)])
def test_x20_what_happens_by_night_is_accepted_by_night_and_found_undone_at_any_hour(session, district, hour, accepted):
    walk = Walk(session, district, category="FIR-03").completed()
    at = datetime.combine(walk.now.astimezone(LOCAL_ZONE).date() + timedelta(days=1), NOW.time(), LOCAL_ZONE)
    at = at.replace(hour=hour, minute=0)
    arrive(walk, now=at)
    make.pictures(session, walk.case, "after", at=at, by=walk.town.colleague)
    if accepted:
        judge(walk, handling.pass_, now=at + timedelta(hours=12))
    else:
        refused(walk, handling.pass_, "night_visit", now=at)
        judge(walk, handling.fail, now=at)
    assert walk.case.state == ("closure_review" if accepted else "rectifying")
