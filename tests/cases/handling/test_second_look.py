"""T9, X21: what was not found is drawn for the safety office, can be drawn again, and does not close unlooked at."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, handling, lots
from cases.access import NotTheOffice
from cases.handling.second_look import NoSuchLook
from cases.lifecycle import closing
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.second_look import NotByOthers
from cases.models.case import Case, Notice
from cases.models.second_look import SecondLook
from people.roles import Role
from tests import make
from tests.walk import Walk


@pytest.fixture
def share(session):
    return lambda to: make.value(session, "second_look_share", to)


def denied(walk):
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(walk.session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    return walk.session.scalars(
        select(SecondLook).where(SecondLook.case_id == walk.case.id).order_by(SecondLook.drawn_at.desc()).limit(1)
    ).one()


def confirm(walk, look, by=None, comment="属实"):
    return handling.confirm_look(
        walk.session, walk.case, look, comment=comment, by=by or walk.district.supervisor, now=walk.now
    )


def send_back(walk, look, by=None, comment="夜间再查"):
    return handling.return_look(
        walk.session, walk.case, look, comment=comment, by=by or walk.district.supervisor, now=walk.now
    )


def line(walk):
    (found,) = [state for state in closing.panel(walk.session, walk.case) if state.code == "G-LOOK"]
    return found


def test_x21_every_draw_is_kept_with_what_draws_it_again(session, district, share):
    share(0.5)
    looks = [denied(Walk(session, district)) for _ in range(12)]
    for look in looks:
        drawn = lots.is_drawn(look.seed, look.ticket, share=0.5)
        assert (look.state, look.why, look.share) == ("waiting" if drawn else "not_drawn", "sample", 0.5)
        assert look.score == lots.score(look.seed, look.ticket)
        assert str(look.verdict_id) in look.ticket
    assert len({look.seed for look in looks}) == len(looks)
    shown = handling.draws(session, "2026-11", by=district.supervisor)
    assert {look.id for look in looks} <= {look.id for look in shown}
    for stranger in (district.west.leader, district.intake):
        with pytest.raises(NotTheOffice):
            handling.draws(session, "2026-11", by=stranger)


def test_t9_a_share_of_none_draws_none_and_an_outcome_stands_at_once(walk, share):
    share(0)
    look = denied(walk)
    assert (look.state, walk.case.outcome, line(walk).holds) == ("not_drawn", "unsubstantiated", True)
    with pytest.raises(NoSuchLook):
        handling.find_look(walk.session, walk.case, look.id)


def test_t9_an_immediate_case_is_looked_at_again_whatever_the_share(session, walk, share):
    share(0)
    walk.case.urgency = "immediate"
    look = denied(walk)
    assert (look.state, look.why) == ("waiting", "immediate")
    (clock,) = [each for each in clocks.beside(session, walk.case) if each.kind == "second_look"]
    assert clock.due_at > walk.now
    told = select(Notice.account_id).where(Notice.case_id == walk.case.id, Notice.kind == "second_look")
    assert list(session.scalars(told)) == [walk.district.supervisor.account_id]


def test_t9_while_it_waits_there_is_no_outcome_and_no_closing(walk, share):
    share(1)
    look = denied(walk)
    assert walk.case.outcome is None
    assert (line(walk).holds, line(walk).reason) == (False, "second_look_waits")
    assert line(walk).link.endswith(f"/cases/{walk.case.id}#/second_looks")
    with pytest.raises(GuardsOpen):
        handling.close(walk.session, walk.case, note="办结", by=walk.town.leader, now=walk.now)

    confirm(walk, look)

    assert (look.state, walk.case.outcome, line(walk).holds) == ("confirmed", "unsubstantiated", True)
    assert [each.kind for each in clocks.beside(walk.session, walk.case) if each.kind == "second_look"] == []
    for act in (confirm, send_back):
        with pytest.raises(NotInState):
            act(walk, look)


@pytest.mark.parametrize("act", [confirm, send_back])
def test_x21_only_the_safety_office_decides_and_says_why(walk, share, act):
    share(1)
    look = denied(walk)
    for stranger in (walk.town.leader, walk.town.officer, walk.district.intake, walk.district.fire_leader):
        with pytest.raises(NotYourRole):
            act(walk, look, by=stranger)
    with pytest.raises(Incomplete):
        act(walk, look, comment=" ")
    assert look.state == "waiting"


def test_x21_whoever_visited_does_not_look_again(session, walk, share):
    share(1)
    both = make.officer(session, walk.town.org, Role.TOWN_OFFICER, Role.SAFETY_OFFICE)
    walk.visited(companions=(both,))
    walk.propose_again("unsubstantiated")
    handling.find_unsubstantiated(session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    look = session.scalars(select(SecondLook).where(SecondLook.case_id == walk.case.id)).one()
    for act in (confirm, send_back):
        with pytest.raises(SamePerson):
            act(walk, look, by=both)


def test_x21_sent_back_others_make_a_new_visit_and_it_is_always_looked_at_again(session, walk, share):
    share(1)
    look = denied(walk)
    send_back(walk, look)
    share(0)
    assert (look.state, walk.case.state, walk.case.outcome) == ("returned", "verifying", None)
    assert "verify" in {each.kind for each in clocks.running(session, walk.case)}
    assert handling.waiting_looks(session, by=walk.district.supervisor, limit=5) == []

    with pytest.raises(NotByOthers):
        walk.propose_again("unsubstantiated")  # on the old visit
    walk.now += timedelta(hours=1)
    walk.visit_again()
    with pytest.raises(NotByOthers):
        walk.propose_again("unsubstantiated")  # by the same person
    who = walk.town
    walk.town = make.Town(who.org, who.clerk, officer=who.colleague, colleague=who.officer, leader=who.leader)
    walk.visit_again().propose_again("unsubstantiated")
    handling.find_unsubstantiated(session, walk.case, comment="仍无", by=walk.town.leader, now=walk.now)
    again = session.scalars(
        select(SecondLook).where(SecondLook.case_id == walk.case.id, SecondLook.state == "waiting")
    ).one()
    assert again.why == "returned"


def test_what_waits_is_listed_for_the_safety_office_the_oldest_first(session, district, share):
    share(1)
    first, second = denied(Walk(session, district)), denied(Walk(session, district, now=make.NOW + timedelta(hours=9)))
    rows = handling.waiting_looks(session, by=district.supervisor, limit=1)
    assert [(look.id, case.id) for look, case in rows] == [(first.id, first.case_id)]
    (row,) = handling.waiting_looks(session, by=district.supervisor, limit=5, after=(first.drawn_at, first.id))
    assert row[0].id == second.id
    assert isinstance(row[1], Case)
    with pytest.raises(NotTheOffice):
        handling.waiting_looks(session, by=district.west.leader, limit=5)
