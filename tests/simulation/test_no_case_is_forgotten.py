"""A hundred and twenty days of a district whose officers are honest, lazy or gaming (C4, C5, D8, M67).

No case ends without an outcome, none sits past a deadline without its rung of the ladder, no shortcut is let through,
and the totals agree with the trail. SIMULATED_CASES=2000 plays a whole district; the usual run plays a small one.
"""

import os
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import func, select

from cases import policy
from cases.journey import Kind
from cases.lifecycle.case import CASE_MOVES
from cases.models.case import Case, CaseEvent, Clock
from cases.models.handling import Acceptance
from cases.models.report import Report
from cases.models.supervision import Escalation
from cases.supervision import ladder
from tests import make
from tests.simulation.play import A_SWEEP, Play

CASES, DAYS = int(os.environ.get("SIMULATED_CASES", "60")), 120
A_LOOK = A_SWEEP * 2  # a rung may wait for the next look
ENDED = {"closed", "void"}
HANDED_OVER = {"refer", "take_back"}  # and back to where it was


@pytest.fixture
def played(session):
    play = Play(session, make.district(session), DAYS, Random(20261124))  # noqa: S311 - dice
    play.run(CASES)
    session.expire_all()
    return play


def test_no_case_is_forgotten(session, played):
    cases = session.scalars(select(Case)).all()
    assert len(cases) == session.scalar(select(func.count()).select_from(Report)) == CASES
    assert played.let_through == []
    assert {name for name, count in played.tricks.items() if count}  # somebody did try
    for case in cases:
        if case.state in ENDED:
            assert case.outcome is not None
            assert not case.replies_open
        else:
            assert running(session, case), (case.number, case.state)
    assert sum(case.state == "closed" for case in cases) > CASES * 0.8
    every_deadline_was_seen_to(session, played)
    the_trail_tells_the_same(session, cases)


def every_deadline_was_seen_to(session, played):
    told = policy.value(session, "escalation_ladder", played.end)
    share = policy.value(session, "yellow_share", played.end)
    calendar = policy.calendar(session, played.end)
    fired = {(row.clock_id, row.rung) for row in session.execute(select(Escalation.clock_id, Escalation.rung))}
    late = 0
    for clock, urgency in session.execute(select(Clock, Case.urgency).join(Case, Case.id == Clock.case_id)):
        until = clock.stopped_at or played.end
        for rung in ladder.ladder(told, urgency, clock.started_at, clock.due_at, calendar, share=share):
            if rung.at <= until - A_LOOK:
                late += rung.name != ladder.YELLOW
                line = of_its_time(session, clock)
                assert any((each, rung.name) in fired for each in line), (clock.kind, rung)
            elif rung.at > until:
                assert (clock.id, rung.name) not in fired, (clock.kind, rung)
    assert late > 0


def of_its_time(session, clock):
    """The clock, and those whose remaining time it runs: what they told is not told again (D8)."""
    line = [clock.id]
    while clock.continues_id is not None:
        clock = session.get_one(Clock, clock.continues_id)
        line.append(clock.id)
    return line


def the_trail_tells_the_same(session, cases):
    entries = {str(move.entry): move for name, move in CASE_MOVES.items() if name not in HANDED_OVER}
    for case in cases:
        told = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)).all()
        assert [event.seq for event in told] == list(range(1, len(told) + 1))
        moves = [entries[event.kind] for event in told if event.kind in entries]
        assert moves[-1].target == case.state
        for before, after in pairwise(moves):
            assert before.target in after.source
        kinds = [event.kind for event in told]
        assert kinds.count(Kind.CLOSED) == (case.state == "closed")
        failed = select(func.count()).where(Acceptance.case_id == case.id, Acceptance.result == "fail")
        assert kinds.count(Kind.ACCEPTANCE_FAILED) == case.rework_count == session.scalar(failed)


def running(session, case):
    return session.scalars(select(Clock.id).where(Clock.case_id == case.id, Clock.stopped_at.is_(None))).all()
