"""Two at once after a closing: look-back and reopening, review and closing, two who draw lots (R8, T17, T18, M52)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from cases import access, aftercare, handling
from cases.aftercare import Grounds
from cases.deadlines import Unit
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.machine import NotInState
from cases.models.aftercare import LookBack, LookBackDraw, Reopening, Review
from cases.models.case import Case
from cases.models.reply import ReviewRequest
from cases.policy import Limit
from kit.errors import Stale
from people.roles import Role
from tests import make
from tests.cases.test_races import at_once, in_version_seen
from tests.looking_back import arrived, closed, pictured, planned
from tests.walk import Walk


@pytest.fixture
def visiting(committing):
    """A closed case whose look-back is under way, with its picture taken."""
    with committing() as session:
        walk = closed(Walk(session, make.district(session)))
        look, who = planned(walk)[0], walk.district.fire_leader
        arrived(walk, look, who)
        walk.now = look.due_at
        pictured(session, walk.case, at=walk.now, by=who)
        return walk


def ends(committing, walk, verb):
    who = walk.district.fire_leader

    def act(session, case):
        look = session.scalars(select(LookBack).where(LookBack.case_id == case.id)).one()
        verb(session, case, look, findings="x", by=who, now=walk.now)

    return in_version_seen(committing, walk.case, who, act)


def reopens(committing, walk):
    office = walk.district.supervisor

    def act(session, case):
        aftercare.reopen(session, case, Grounds("new_report", "同一处"), by=office, now=walk.now)

    return in_version_seen(committing, walk.case, office, act)


def state(committing, walk):
    with committing() as session:
        case = session.get_one(Case, walk.case.id)
        look = session.scalars(select(LookBack.state).where(LookBack.case_id == case.id)).one()
        count = session.scalar(select(func.count()).select_from(Reopening).where(Reopening.case_id == case.id))
        return case.state, look, case.reopen_count, count


def test_of_holds_and_rebound_at_once_one_is_written_down(committing, visiting):
    told = at_once(ends(committing, visiting, aftercare.confirm), ends(committing, visiting, aftercare.rebound))
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    assert state(committing, visiting) in {("closed", "confirmed", 0, 0), ("rectifying", "rebound", 1, 1)}


def test_of_a_rebound_and_a_reopening_for_a_new_report_one_opens_it_and_once(committing, visiting):
    told = at_once(ends(committing, visiting, aftercare.rebound), reopens(committing, visiting))
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    now, look, rounds, rows = state(committing, visiting)
    assert (now, rounds, rows) == ("rectifying", 1, 1)
    assert look in {"rebound", "visiting"}
    with committing() as session:  # and what was under way about the old closing ends
        aftercare.drop_rest(session, session.get_one(Case, visiting.case.id, with_for_update=True), now=visiting.now)
    assert state(committing, visiting)[1] in {"rebound", "dropped"}


def test_whoever_comes_after_the_reopening_with_the_new_version_is_told_as_well(committing, visiting):
    reopens(committing, visiting)()
    with committing() as session:
        seen = session.get_one(Case, visiting.case.id).version
        case = access.lock(session, visiting.case.id, by=visiting.district.fire_leader, expected_version=seen)
        look = session.scalars(select(LookBack).where(LookBack.case_id == case.id)).one()
        with pytest.raises(NotInState):
            aftercare.confirm(session, case, look, findings="x", by=visiting.district.fire_leader, now=visiting.now)


def test_of_two_who_plan_or_draw_at_once_one_does(committing):
    october = datetime(2026, 10, 5, tzinfo=UTC)
    with committing() as session:
        district = make.district(session)
        urgent = make.case(session, district.west.org, state="closed", urgency="urgent", closed_at=october)
        for _ in range(6):
            make.case(session, district.west.org, state="closed", urgency="normal", closed_at=october)

    def plan():
        with committing() as session:
            aftercare.plan(session, urgent.id, now=make.NOW)

    def draw():
        with committing() as session:
            aftercare.draw(session, now=make.NOW)

    assert at_once(plan, plan, draw, draw) == [None] * 4
    with committing() as session:
        assert session.scalar(select(func.count()).where(LookBackDraw.period == "2026-10")) == 1
        assert session.scalar(select(func.count()).where(LookBack.case_id == urgent.id)) == 1
        assert session.scalar(select(func.count()).where(LookBack.origin == "sample")) == 1


@pytest.fixture
def reviewed(committing):
    """A case that may be closed, whose reporter asked for a review that is given to somebody of another body."""
    with committing() as session:
        walk = Walk(session, make.district(session)).closable()
        other = make.officer(session, make.org(session, "department", department_kind="education"), Role.DEPT_OFFICER)
        review = aftercare.open_or_join(
            session, walk.case, due_at=walk.now, limit=Limit("re_verify", 30, Unit.CAL_D), since=walk.now, now=walk.now
        )
        aftercare.assign_review(
            session, walk.case, review, account_id=other.account_id, by=walk.district.supervisor, now=walk.now
        )
        return walk, other


def decides(committing, walk, who, verb):
    seen = walk.case.version

    def act():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=who, expected_version=seen)
            review = session.scalars(select(Review).where(Review.case_id == case.id)).one()
            verb(session, case, review, finding="x", by=who, now=walk.now)

    return act


def test_r8_of_upheld_and_dismissed_at_once_one_is_written_down(committing, reviewed):
    walk, other = reviewed
    told = at_once(
        decides(committing, walk, other, aftercare.uphold), decides(committing, walk, other, aftercare.dismiss)
    )
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        state = session.scalars(select(Review.state)).one()
        assert (state, session.get_one(Case, walk.case.id).state) in {
            ("upheld", "rectifying"), ("dismissed", "closure_review"),
        }  # fmt: skip


def test_r8_a_case_is_not_closed_while_its_review_is_upheld(committing, reviewed):
    walk, other = reviewed
    seen = walk.case.version

    def close():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=walk.town.leader, expected_version=seen)
            handling.close(session, case, note="办结", by=walk.town.leader, now=walk.now)

    told = at_once(decides(committing, walk, other, aftercare.uphold), close)
    assert None in told
    assert set(told) & {Stale, GuardsOpen}
    with committing() as session:
        assert session.get_one(Case, walk.case.id).state == "rectifying"


def test_x42_two_requests_at_once_open_one_review(committing):
    with committing() as session:
        walk = closed(Walk(session, make.district(session)))
        reports = [
            make.joined(
                session, make.report(session, replied_at=walk.now, outcome="partly"), walk.case, state="replied"
            )
            for _ in range(2)
        ]
        session.add_all(
            ReviewRequest(report_id=each.id, reason="x", asked_at=walk.now, due_at=walk.now) for each in reports
        )

    def opens(report):
        def act():
            with committing() as session:
                aftercare.open_review(session, report.id, now=walk.now)

        return act

    assert at_once(*map(opens, reports)) == [None, None]
    with committing() as session:
        review_id = session.scalars(select(Review.id)).one()
        assert session.scalars(select(ReviewRequest.review_id)).all() == [review_id] * 2
