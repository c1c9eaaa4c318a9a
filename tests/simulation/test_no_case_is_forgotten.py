"""A hundred and twenty days of a district whose people are honest, lazy or gaming (C3, C4, C5, D8, M67, X08 to X37).

No case ends without an outcome, none sits past a deadline without its rung of the ladder, no trick is let through, and
after each day the totals agree with the trail. SIMULATED_CASES=2000 plays a whole district,
SIMULATION_SEED another one; the usual run plays a small one.
"""

import os
import re
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import func, select

from cases import history
from cases.lifecycle import closing
from cases.models.case import Case
from cases.models.report import Report
from kit.signed_note import public_key
from tests.simulation.oracle import clocks, holds, ladders, replies
from tests.simulation.oracle.counts import Retold
from tests.simulation.play import MANY, Play

SMALL = 20
CASES = int(os.environ.get("SIMULATED_CASES", "10"))
SEED = int(os.environ.get("SIMULATION_SEED", "20261124"))
DAYS = int(os.environ.get("SIMULATED_DAYS", "120" if CASES > SMALL else "75"))
ENDED = {"closed", "void", "look_back"}


@pytest.fixture
def played(session, monkeypatch):
    """The whole play, checked after each day. What the product draws is drawn alike by the same seed."""
    retold, lots = Retold(), Random(SEED)  # noqa: S311 - dice
    monkeypatch.setattr(secrets, "token_hex", lambda length: lots.randbytes(length).hex())

    def check(now):
        session.flush()
        for oracle in (clocks.hold, ladders.nobody_is_overlooked, holds.hold, replies.hold, retold.agrees):
            play.faults.judge(f"{now:%Y-%m-%d}", oracle, session, now)
        if now.day in {1, 11, 21}:
            sys.stdout.write(f"{now:%Y-%m-%d}: {retold.read} entries\n")
            sys.stdout.flush()

    play = Play(session, CASES, DAYS, SEED, check)
    sys.stdout.write(f"SIMULATED_CASES={CASES} SIMULATED_DAYS={DAYS} SIMULATION_SEED={SEED}\n")
    play.run()
    return play


def test_no_case_is_forgotten(session, played):
    book, world = played.scene.book, played.scene.world
    sys.stdout.write(f"done: {dict(book.done)}\nstumbled: {dict(book.stumbled)}\ntricks: {dict(book.tricks)}\n")
    assert book.let_through == []
    assert session.scalar(select(func.count()).select_from(Report)) == CASES
    for oracle, given in (
        (every_case_has_ended_well, (session, played)),
        (everything_was_tried, (book,)),
        (ladders.each_rung_was_seen_to, (session, world, played.end)),
        (ladders.each_told_whom_it_must, (session, world)),
        (ladders.nobody_pays_for_another, (session, world)),
        (holds.gave_back_what_was_left, (session, played.end)),
        (replies.each_has_its_own, (session,)),
        (history_is_whole, (session,)),
    ):
        played.faults.judge("at the end", oracle, *given)
    assert played.faults.found == []


def every_case_has_ended_well(session, played):
    cases = session.scalars(select(Case)).all()
    old = [case for case in cases if case.opened_at < played.end - timedelta(days=75)]
    open_ = [(case.number, case.state, case.urgency, shut(session, case)) for case in old if case.state not in ENDED]
    sys.stdout.write(f"{len(cases)} cases, {len(old)} old, {len(open_)} of them open: {open_[:20]}\n")
    assert len(open_) <= len(old) * 0.25  # a lazy department has ninety days for a penalty (F24)
    for case in cases:
        assert case.state != "closed" or case.outcome is not None


def shut(session, case):
    """Why it is still open."""
    return [line.reason for line in closing.panel(session, case) if not line.holds]


def everything_was_tried(book):
    """Of many, each act that somebody of the play may do was done by somebody, and each trick was tried."""
    if CASES >= MANY:
        sources = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))
        named = set(re.findall(r'yield "([^"]+)", ', sources)) | set(re.findall(r'"([A-Z]\d+ [a-z][^"]+)": ', sources))
        assert named <= set(book.done) | set(book.tricks), named - set(book.done) - set(book.tricks)


def history_is_whole(session):
    """As `./jz verify-history` reads it."""
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    found = history.audit(history.as_dumped(raw), public_key(history.signer().verifier)[1])
    assert found.faults == []
    assert found.entries > 0
