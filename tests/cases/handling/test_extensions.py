"""D7, X15: more time is asked for in good time, granted once and one level up, and the first date is kept."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cases import access, clocks, deadlines, handling, holds, supervision
from cases.deadlines import ExtendedAlready, ExtensionTooLate, ExtensionTooLong
from cases.handling.extension import AskedAlready, NoSuchExtension
from cases.lifecycle import beside
from cases.lifecycle.extension import EXTENSION_MOVES, NotExtendable, StillGrantable, TooLateToGrant
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, WrongLevel
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import CaseEvent, Clock, Task
from cases.models.pause import Extension
from cases.models.supervision import Escalation
from kit.errors import Stale
from people.actors import SYSTEM
from people.roles import Role
from tests import desk, make
from tests.cases.holds.holding import held
from tests.cases.test_races import at_once
from tests.walk import Walk

DAYS_5 = timedelta(days=5)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


def the_clock(walk, kind="rectify"):
    return next(each for each in clocks.running(walk.session, walk.case) if each.kind == kind)


def ask(walk, by=None, *, more=DAYS_5, clock=None, reason="材料未到", now=None):
    clock = clock or the_clock(walk)
    return handling.request_extension(
        walk.session, walk.case, clock_id=clock.id, new_due_at=clock.due_at + more, reason=reason,
        by=by or walk.town.officer, now=now or walk.now,
    )  # fmt: skip


def grant(walk, wish, by=None, now=None):
    return handling.grant_extension(
        walk.session, walk.case, wish, comment="", by=by or walk.town.leader, now=now or walk.now
    )


def refuse(walk, wish, by=None, comment="不必"):
    return handling.refuse_extension(
        walk.session, walk.case, wish, comment=comment, by=by or walk.town.leader, now=walk.now
    )


def test_x15_granted_the_clock_ends_later_and_its_first_end_is_kept(session, ordered):
    clock = the_clock(ordered)
    first = clock.due_at
    wish = ask(ordered)
    assert (wish.state, clock.due_at) == ("requested", first)
    assert [each.id for each, _ in handling.extensions_to_decide(session, by=ordered.town.leader, limit=9)] == [wish.id]
    grant(ordered, wish)
    assert (wish.state, wish.old_due_at, clock.original_due_at) == ("granted", first, first)
    assert (clock.due_at, clock.extended_at) == (first + DAYS_5, ordered.now)
    main = session.scalars(select(Task).where(Task.case_id == ordered.case.id, Task.kind == "town")).one()
    session.refresh(main)
    assert main.due_at == first + DAYS_5
    kinds = list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == ordered.case.id)))
    assert kinds.count("extension_requested") == kinds.count("extension_granted") == 1
    for act in (grant, refuse):
        with pytest.raises(NotInState):
            act(ordered, wish)


def test_d7_refused_the_old_end_stays_and_a_reason_is_given(ordered):
    first, wish = the_clock(ordered).due_at, ask(ordered)
    with pytest.raises(Incomplete):
        refuse(ordered, wish, comment=" ")
    refuse(ordered, wish)
    assert (wish.state, the_clock(ordered).due_at, the_clock(ordered).extended_at) == ("refused", first, None)


def test_d7_a_deadline_is_extended_once(ordered):
    grant(ordered, ask(ordered))
    with pytest.raises(ExtendedAlready):
        ask(ordered)


def test_d7_one_request_waits_at_a_time(ordered):
    ask(ordered)
    with pytest.raises(AskedAlready):
        ask(ordered)


def test_d7_it_is_asked_a_working_day_before_the_end(ordered):
    with pytest.raises(ExtensionTooLate):
        ask(ordered, now=the_clock(ordered).due_at - timedelta(hours=3))
    with pytest.raises(ExtensionTooLate):
        ask(ordered, now=the_clock(ordered).due_at + timedelta(hours=3))


@given(minutes=st.integers(-60 * 24 * 5, 60 * 24 * 40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_d7_it_adds_something_and_at_most_the_old_length(ordered, minutes):
    clock, more = the_clock(ordered), timedelta(minutes=minutes)
    nested = ordered.session.begin_nested()
    if timedelta() < more <= clock.due_at - clock.started_at:
        old = clock.due_at
        grant(ordered, ask(ordered, more=more))
        assert old < clock.due_at <= old + (old - clock.started_at)
        assert clock.original_due_at == old
    else:
        with pytest.raises(ExtensionTooLong):
            ask(ordered, more=more)
    nested.rollback()
    ordered.session.expire_all()


def test_d7_only_running_deadlines_of_the_list_are_extended(session, ordered):
    gone = session.scalars(select(Clock).where(Clock.case_id == ordered.case.id, Clock.stopped_at.is_not(None))).first()
    clocks.start(session, ordered.case, "acceptance", now=ordered.now)
    for clock in (gone, the_clock(ordered, "acceptance")):
        with pytest.raises(NotExtendable):
            ask(ordered, clock=clock)
    with pytest.raises(Incomplete):
        ask(ordered, reason=" ")


def test_d7_the_handling_body_asks_and_nobody_else(ordered):
    for other in (ordered.district.east.officer, ordered.district.supervisor):
        with pytest.raises(NotYourBody):
            ask(ordered, by=other)
    with pytest.raises(NotYourRole):
        ask(ordered, by=ordered.district.intake)


def test_d7_one_level_up_decides(session, ordered):
    wish = ask(ordered)
    for other, refusal in (
        (ordered.town.officer, NotYourRole), (ordered.district.east.leader, NotYourBody),
        (ordered.district.supervisor, WrongLevel),
    ):  # fmt: skip
        for act in (grant, refuse):
            with pytest.raises(refusal):
                act(ordered, wish, by=other)
    grant(ordered, wish)


def test_d7_what_a_leader_asks_the_safety_office_decides(session, ordered):
    wish = ask(ordered, by=ordered.town.leader)
    with pytest.raises(SamePerson):
        grant(ordered, wish)
    with pytest.raises(WrongLevel):
        grant(ordered, wish, by=make.officer(session, ordered.town.org, Role.TOWN_LEADER))
    office = ordered.district.supervisor
    assert [each.id for each, _ in handling.extensions_to_decide(session, by=office, limit=9)] == [wish.id]
    assert handling.extensions_to_decide(session, by=ordered.town.officer, limit=9) == []
    grant(ordered, wish, by=office)


def test_d9_what_has_passed_or_is_done_is_not_extended_afterwards(session, ordered):
    wish = ask(ordered)
    with pytest.raises(TooLateToGrant):
        grant(ordered, wish, now=the_clock(ordered).due_at)
    ordered.complete_again()
    with pytest.raises(TooLateToGrant):
        grant(ordered, wish)
    refuse(ordered, wish)


def test_a_request_of_another_case_is_not_found(session, ordered):
    wish = ask(ordered)
    with pytest.raises(NoSuchExtension):
        handling.find_extension(session, make.case(session, ordered.town.org), wish.id)


def test_d8_an_extended_clock_is_not_told_late_at_its_first_end(session, ordered):
    clock = the_clock(ordered)
    first = clock.due_at
    grant(ordered, ask(ordered))
    supervision.climb(session, ordered.case, now=first + timedelta(hours=1))
    told = set(session.scalars(select(Escalation.rung).where(Escalation.clock_id == clock.id)))
    assert "alert" not in told


# --- two at once


@pytest.fixture
def asked(committing):
    with committing() as session:
        district = make.district(session)
        walk = Walk(session, district).ordered(days=10)
        return walk, ask(walk), the_clock(walk)


def test_of_two_deciders_one_decides(committing, asked):
    walk, wish, _clock = asked
    seen = walk.case.version

    def act(verb):
        def go():
            with committing() as session:
                case = access.lock(session, walk.case.id, by=walk.town.leader, expected_version=seen)
                found = handling.find_extension(session, case, wish.id)
                verb(session, case, found, comment="x", by=walk.town.leader, now=walk.now)

        return go

    told = at_once(act(handling.grant_extension), act(handling.refuse_extension))
    assert sorted(told, key=str) == sorted([None, Stale], key=str)


def test_an_extension_and_the_beat_at_the_same_moment_tell_it_late_or_move_it_never_both(committing, asked):
    walk, wish, clock = asked
    late = clock.due_at

    def extend():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=walk.town.leader, expected_version=walk.case.version)
            found = handling.find_extension(session, case, wish.id)
            moment = late - timedelta(seconds=1)
            handling.grant_extension(session, case, found, comment="", by=walk.town.leader, now=moment)

    def beat():
        with committing() as session:
            case = session.get_one(type(walk.case), walk.case.id, with_for_update=True)
            supervision.climb(session, case, now=late - timedelta(seconds=1))

    assert at_once(extend, beat) == [None, None]
    with committing() as session:
        now = session.get_one(Clock, clock.id)
        assert (now.due_at, now.original_due_at) == (late + DAYS_5, late)
        rungs = list(session.scalars(select(Escalation.rung).where(Escalation.clock_id == clock.id)))
        assert "alert" not in rungs
        assert len(rungs) == len(set(rungs))


# --- a request that nobody may grant any more lapses


def lapsed(walk, now=None):
    handling.lapse_extensions(walk.session, now=now or walk.now)
    handling.lapse_extensions(walk.session, now=now or walk.now)
    walk.session.flush()
    return desk.entries(walk.session, walk.case).count("extension_lapsed")


def moved(walk):
    clock = the_clock(walk)
    clocks.set_due(walk.session, walk.case, clock, deadlines.Due(clock.due_at + timedelta(days=1)), original=True)


@pytest.mark.parametrize(
    "end",
    [lambda walk: walk.complete_again(), lambda walk: held(walk, days=30), moved],
    ids=["met (T13)", "held (D6)", "moved by a calendar (D2)"],
)
def test_d7_a_request_lapses_once_its_deadline_is_gone_and_who_asked_is_told(session, ordered, end):
    wish = ask(ordered)
    assert lapsed(ordered) == 0
    end(ordered)
    assert lapsed(ordered) == 1
    assert (wish.state, wish.decided_by) == ("lapsed", None)
    assert handling.extensions_to_decide(session, by=ordered.town.leader, limit=9) == []
    told = desk.notices(session, "extension_decided")
    assert [(each.account_id, "已失效" in each.text) for each in told] == [(ordered.town.officer.account_id, True)]
    for act in (grant, refuse):
        with pytest.raises(NotInState):
            act(ordered, wish)


def test_d9_a_request_that_nobody_decided_lapses_at_the_deadline_and_not_before(ordered):
    wish, due = ask(ordered), the_clock(ordered).due_at
    assert lapsed(ordered, due - timedelta(microseconds=1)) == 0
    assert lapsed(ordered, due) == 1
    assert wish.state == "lapsed"


def test_d7_what_was_decided_does_not_lapse(ordered):
    wish = ask(ordered)
    grant(ordered, wish)
    assert lapsed(ordered) == 0
    assert wish.state == "granted"


def test_d6_after_a_hold_the_time_that_is_left_may_be_asked_for_anew(session, ordered):
    ask(ordered)
    hold = held(ordered, days=30)
    lapsed(ordered)
    holds.review(session, ordered.case, now=hold.review_at)
    assert ask(ordered, now=hold.review_at).state == "requested"


def test_d7_the_system_lets_go_of_nothing_that_can_be_granted(session, ordered):
    wish = ask(ordered)
    with pytest.raises(StillGrantable):
        beside.move(
            session, ordered.case, wish, EXTENSION_MOVES["lapse"], by=SYSTEM, now=ordered.now, clock=the_clock(ordered)
        )
    assert wish.state == "requested"


def test_a_refusal_and_the_beat_at_the_same_moment_leave_one_end(committing, asked):
    walk, wish, clock = asked
    late = clock.due_at

    def refuse_it():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=walk.town.leader, expected_version=walk.case.version)
            found = handling.find_extension(session, case, wish.id)
            handling.refuse_extension(session, case, found, comment="x", by=walk.town.leader, now=late)

    def beat():
        with committing() as session:
            handling.lapse_extensions(session, now=late)

    told = at_once(refuse_it, beat)
    with committing() as session:
        entries = desk.entries(session, walk.case)
        ends = [kind for kind in entries if kind in {"extension_refused", "extension_lapsed"}]
        state = session.get_one(Extension, wish.id).state
    assert ends == [f"extension_{state}"]
    assert (Stale in told) == (state == "lapsed")
