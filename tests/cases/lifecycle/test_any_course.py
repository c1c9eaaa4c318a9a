"""Whatever is done to a case, in whatever order: the law of C4 holds after every act, and a refusal changes nothing.

Acts are drawn from the tables: those that the case's state lets begin, and any others, which must be refused.
HYPOTHESIS_COURSES plays more courses than the usual run does.
"""

import os
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from cases import clocks, holds, supervision
from cases.lifecycle import closing
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.machine import NotInState, sources
from cases.models.case import CaseEvent, Task
from cases.models.pause import Hold, Pause
from kit.errors import Refusal
from tests import make
from tests.cases.lifecycle.course import BESIDE, MOVES, Course, NothingThere
from tests.enforcement import Bureau

COURSES = int(os.environ.get("HYPOTHESIS_COURSES", "8"))
# The desk's own correction is one act; whether it goes to another body or to arbitration is found out on the way (X14).
TWIN = {"redispatch": "contest", "contest": "redispatch"}
AFTER_CLOSING = {"look_back", "stay_closed", "reopen", "redo"}  # redo: of a review, which a reporter asks for
WITHIN = {"done_on_spot"}  # by the order of what was fixed on the spot: handling/test_deadline_reached.py
STRAIGHT = (
    "dispatch", "sign", "start_visit", "propose_verdict", "order", "complete", "pass_acceptance", "close",
)  # fmt: skip
ENDED, UNDATED = {"closed", "void"}, {"registered", "closed", "void", "on_hold"}
AN_HOUR = timedelta(hours=1)


class AnyCourse(RuleBasedStateMachine):
    """One case from its registration on."""

    session, district, bureau = None, None, None

    def __init__(self):
        super().__init__()
        self.nested = self.session.begin_nested()
        self.course = Course(self.session, self.district, self.bureau, category="FIR-02")
        self.case = self.course.case

    def teardown(self):
        self.nested.rollback()
        self.session.expire_all()

    @rule(data=st.data(), outcome=st.sampled_from(("substantiated", "partly", "unsubstantiated", "unverifiable")))
    def what_may_begin(self, data, outcome):
        """A move that starts from the state in which the case is."""
        names = [name for name in sources(CASE_MOVES, self.case.state) if name in MOVES]
        if names:
            self.course.outcome = outcome
            self.play(data.draw(st.sampled_from(names)), MOVES)

    @precondition(lambda self: self.case.state not in ENDED)
    @rule()
    def straight_on(self):
        """The next act of the straight path, so that a course goes far; before closing what closing asks for."""
        self.course.outcome = "substantiated"
        if self.case.state == "closure_review":
            for name in ("answer_tasks", "deliver_copies", "confirm_look"):
                self.play(name, BESIDE)
        names = [name for name in STRAIGHT if self.case.state in CASE_MOVES[name].source]
        if names:
            self.play(names[-1], MOVES)

    @rule(name=st.sampled_from(sorted(MOVES)))
    def anything(self, name):
        """Any move at all."""
        self.play(name, MOVES)

    @rule(name=st.sampled_from(sorted(BESIDE)))
    def beside(self, name):
        """An act on what lies beside the case."""
        self.play(name, BESIDE)

    @rule(hours=st.integers(1, 24 * 12))
    def time_goes_on(self, hours):
        """The beat comes: rungs of the ladder, and holds that are over."""
        self.course.walk.now += hours * AN_HOUR
        supervision.climb(self.session, self.case, now=self.course.now)
        self.review()

    def review(self):
        """What the worker does as soon as it is told (T19)."""
        holds.review(self.session, self.case, now=self.course.now)
        self.session.flush()

    def play(self, name, acts):
        """Try an act; what is refused has changed nothing, what is done is what its row says."""
        self.course.walk.now += AN_HOUR
        state, version = self.case.state, self.case.version
        closes = name == "close" and state == "closure_review"
        shut = closes and [each.code for each in closing.panel(self.session, self.case) if not each.holds]
        attempt, refusal = self.session.begin_nested(), None
        try:
            acts[name](self.course)
            self.session.flush()
        except (Refusal, NothingThere) as refused:
            refusal = type(refused)
        if refusal is not None:
            attempt.rollback()
            self.session.expire_all()
            assert (self.case.state, self.case.version) == (state, version)
            assert not closes or (refusal is GuardsOpen) == bool(shut)
            return
        attempt.commit()
        if acts is MOVES:
            assert self.case.version > version
            rows = [CASE_MOVES[each] for each in (name, TWIN.get(name)) if each]
            assert any(state in row.source and self.case.state in row.targets for row in rows), (name, state)
        assert not shut
        self.review()

    @invariant()
    def the_trail_has_no_gap_and_tells_the_state_of_the_row(self):
        events = self.session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == self.case.id).order_by(CaseEvent.seq)
        ).all()
        assert [each.seq for each in events] == list(range(1, len(events) + 1))
        assert all(first.at <= then.at for first, then in pairwise(events))
        assert self.case.state == told_by(events)

    @invariant()
    def a_held_case_has_only_clocks_that_a_hold_does_not_stop(self):
        hold = self.session.scalars(select(Hold).where(Hold.case_id == self.case.id, Hold.state == "active")).all()
        assert len(hold) == (self.case.state == "on_hold")
        if hold:
            running = [*clocks.running(self.session, self.case), *clocks.beside(self.session, self.case)]
            assert [each.kind for each in running if each.about_id is None and each.kind != "arbitrate"] == []
            assert self.case.urgency != "immediate"
            assert self.course.now < hold[0].review_at

    @invariant()
    def no_interval_is_open_without_its_hold(self):
        open_ = select(Pause.hold_id).where(Pause.case_id == self.case.id, Pause.to_at.is_(None))
        held = select(Hold.id).where(Hold.case_id == self.case.id, Hold.state == "active")
        assert set(self.session.scalars(open_)) <= set(self.session.scalars(held))

    @invariant()
    def a_case_that_has_not_ended_has_a_deadline_and_one_body_that_answers(self):
        running = clocks.running(self.session, self.case)
        assert bool(running) or self.case.state in UNDATED, self.case.state
        if self.case.state == "void":
            everything = [*running, *clocks.beside(self.session, self.case)]
            assert everything == []
        if self.case.state not in {"registered", *ENDED}:
            main = select(Task).where(
                Task.case_id == self.case.id, Task.kind.in_(clocks.MAIN), Task.state.in_(("open", "signed"))
            )
            task = self.session.scalars(main.execution_options(populate_existing=True)).one()
            assert task.org_id == self.case.responsible_org_id
            theirs = {(each.kind, each.due_at) for each in running if each.kind != "arbitrate"}
            assert (task.due_what, task.due_at) in theirs or task.due_what == "hold"
            assert (task.due_what == "hold") == (self.case.state == "on_hold")

    @invariant()
    def nobody_is_asked_once_a_case_has_ended(self):
        if self.case.state in ENDED:
            live = select(Task.kind).where(Task.case_id == self.case.id, Task.state.in_(("open", "signed")))
            assert self.session.scalars(live).all() == []
            assert clocks.running(self.session, self.case) == []


def told_by(events):
    """The state that a trail tells of, entry by entry, by the rows of the machine."""
    state, before = "registered", "registered"
    for event in events:
        rows = [row for row in CASE_MOVES.values() if row.entry == event.kind and state in row.source]
        if not rows or rows[0].stays:
            continue
        target = before if rows[0].returns_to else rows[0].target
        if target in {"referred", "on_hold"}:
            before = state
        state = target
    return state


def test_every_move_of_the_case_is_played():
    assert set(CASE_MOVES) - AFTER_CLOSING - WITHIN <= set(MOVES)


def test_c4_holds_on_any_course(session):
    AnyCourse.session, AnyCourse.district = session, make.district(session)
    AnyCourse.bureau = Bureau(session, AnyCourse.district)
    run_state_machine_as_test(
        AnyCourse,
        settings=settings(
            max_examples=COURSES, stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(MOVES))
def test_a_new_case_takes_only_what_begins_there(session, name):
    district = make.district(session)
    course = Course(session, district, Bureau(session, district), category="FIR-02")
    if "registered" in CASE_MOVES[name].source:
        MOVES[name](course)
        assert course.case.state in CASE_MOVES[name].targets
    else:
        with pytest.raises((NotInState, Refusal, NothingThere)):
            MOVES[name](course)
