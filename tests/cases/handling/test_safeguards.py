"""What must be safe first: somebody there, the police told, a cordon, the work stopped, each in its time ((d), C5)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, handling, supervision
from cases.handling import CheckIn
from cases.handling.safeguard import MayNotSafeguard, NotAskedFor
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.models.case import CaseEvent, Clock, Notice
from cases.routing import redispatch
from people.roles import Role
from tests import make
from tests.walk import Walk, order_draft

HOUR = timedelta(hours=1)


def running(walk):
    return {each.kind: each for each in clocks.running(walk.session, walk.case)}


def done(walk, kind, *, by=None, note="已落实", picture=None):
    handling.safeguard(
        walk.session, walk.case, kind=kind, note=note, picture_id=picture and picture.id, by=by or walk.town.officer,
        now=walk.now,
    )  # fmt: skip


def picture(walk):
    (made,) = make.pictures(walk.session, walk.case, "near")
    made.received_at = walk.now
    walk.session.flush()
    return made


# category: what else runs from dispatch, and how long (domain.md (d); C5 for every immediate case).
FROM_DISPATCH = {
    "FW-02": {"first_arrival": 2 * HOUR},
    "FW-03": {"first_arrival": 2 * HOUR, "relay": HOUR},
    "TRN-03": {"first_arrival": 2 * HOUR, "relay": HOUR},
    "PUB-01": {"first_arrival": 2 * HOUR, "cordon": 2 * HOUR},
    "CCL-01": {"first_arrival": 2 * HOUR, "verify_start": 24 * HOUR},
    "GAS-01": {"first_arrival": 2 * HOUR},
    "BLD-01": {},
    "IND-01": {},
}


@pytest.mark.parametrize("category", FROM_DISPATCH)
def test_d_what_must_be_done_first_runs_from_dispatch(session, district, category):
    walk = Walk(session, district, category=category).dispatched()
    first = {"first_arrival", "relay", "cordon", "verify_start"}
    found = {kind: each.due_at - walk.now for kind, each in running(walk).items() if kind in first}
    assert found == FROM_DISPATCH[category]


def test_d_verify_the_first_to_arrive_stops_the_arrival_and_the_start_and_not_the_verification(session, district):
    """An immediate case: somebody there within two hours, the result within its own time (D-verify)."""
    walk = Walk(session, district, category="CCL-01").signed()
    handling.start_visit(
        session, walk.case, check_in=CheckIn("verification", make.IN_WEST, [], None), by=walk.town.officer, now=walk.now
    )
    assert set(running(walk)) == {"verify"}


def test_x33_nobody_at_an_immediate_case_within_two_hours_is_told_at_once(session, district):
    walk = Walk(session, district, category="FW-02").signed()
    late = running(walk)["first_arrival"].due_at
    supervision.climb(session, walk.case, now=late)
    told = session.scalars(select(Notice.text).where(Notice.case_id == walk.case.id, Notice.kind == "overdue")).all()
    assert any("到场" in text for text in told)


def test_d_the_police_who_sign_have_been_told(session, district):
    walk = Walk(session, district, category="FW-03").dispatched()
    who = district.police_officer
    handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
    assert "relay" not in running(walk)


def test_d_a_department_that_only_helps_is_not_whom_it_had_to_be_passed_on_to(session, district):
    transport = make.org(session, "department", department_kind="transport")
    who = make.officer(session, transport, Role.DEPT_OFFICER)
    walk = Walk(session, district, category="FW-03").dispatched()
    handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
    assert "relay" in running(walk)


def test_d_the_desk_or_the_town_passes_it_on_by_phone_and_says_to_whom(session, district):
    for by in (district.intake, district.west.clerk):
        walk = Walk(session, district, category="TRN-03").dispatched()
        with pytest.raises(Incomplete):
            done(walk, "relay", by=by, note=" ")
        done(walk, "relay", by=by, note="10:05电话转告交警指挥中心，接话人12号")
        assert "relay" not in running(walk)
        said = session.scalars(
            select(CaseEvent.body).where(CaseEvent.case_id == walk.case.id, CaseEvent.kind == "safeguarded")
        ).one()
        assert (said["what"], said["picture"]) == ("relay", None)


def test_d_a_cordon_is_shown_by_a_new_picture_of_this_place_x20(session, district):
    walk = Walk(session, district, category="PUB-01").signed()
    foreign = picture(Walk(session, district, category="PUB-01").signed())
    old, reused, rejected, good = (picture(walk) for _ in range(4))
    old.received_at, reused.reused, rejected.state = walk.now - 30 * HOUR, True, "rejected"
    session.flush()
    for shown in (None, foreign, old, reused, rejected):
        with pytest.raises(Incomplete) as refusal:
            done(walk, "cordon", picture=shown)
        assert refusal.value.extra["missing"] == ["picture_id"]
    done(walk, "cordon", picture=good)
    with pytest.raises(NotAskedFor):
        done(walk, "cordon", picture=good)


def ordered(walk):
    walk.proposed()
    draft = order_draft(due_at=walk.now + timedelta(days=10))
    handling.order(walk.session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    return walk


@pytest.mark.parametrize("category", ["BLD-01", "BLD-03"])
def test_d_f76_the_work_stops_within_four_working_hours_of_the_order(session, district, category):
    """Beside the time to correct, which runs as well: two clocks in one case, and the penalty's own (BLD-03)."""
    walk = ordered(Walk(session, district, category=category))
    found = running(walk)
    stop = found["stop_work"]
    assert (stop.amount, stop.unit) == (4, "work_h")
    assert found["rectify"].due_at > stop.due_at
    done(walk, "stop_work", picture=picture(walk))
    assert "stop_work" not in running(walk)
    assert "rectify" in running(walk)


def test_d_whoever_states_completion_has_stopped_the_work_late_or_not(session, district):
    walk = ordered(Walk(session, district, category="BLD-01"))
    walk.complete_again()
    assert "stop_work" not in running(walk)


def test_only_those_who_handle_a_case_make_it_safe_m07(session, district):
    walk = Walk(session, district, category="PUB-01").signed()
    for who, refusal in (
        (district.east.officer, NotYourBody),
        (district.supervisor, MayNotSafeguard),
        (district.intake, MayNotSafeguard),  # the desk passes on, and cordons off nothing
    ):
        with pytest.raises(refusal):
            done(walk, "cordon", by=who, picture=picture(walk))


def test_what_a_category_does_not_ask_for_cannot_be_said_to_be_done(session, district):
    walk = Walk(session, district, category="FIR-02").signed()
    for kind in ("relay", "cordon", "stop_work"):
        with pytest.raises(NotAskedFor):
            done(walk, kind, picture=picture(walk))


def test_t5_a_case_that_goes_to_another_town_has_its_first_times_anew(session, district):
    walk = Walk(session, district, category="PUB-01").dispatched()
    later = walk.now + HOUR
    redispatch(
        session, walk.case, to=district.east.org, move="redispatch", why="不在本辖区", by=district.intake, now=later
    )
    assert {each.due_at - later for kind, each in running(walk).items() if kind in {"first_arrival", "cordon"}} == {
        2 * HOUR
    }
    everything = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "cordon")).all()
    assert [each.stopped_at is None for each in sorted(everything, key=lambda each: each.id)] == [False, True]
