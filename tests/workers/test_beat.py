"""The beat: each slot of the schedule is taken once, whoever strikes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases.models.job import Job, Slot
from tests.make import NOW
from workers import beat
from workers.schedule import SCHEDULE, Sweep

STEPS = sorted(str(sweep.step) for sweep in SCHEDULE)


def steps(committing):
    with committing() as session:
        return sorted(session.scalars(select(Job.step)))


def test_the_first_stroke_puts_in_every_sweep_and_the_next_none(committing):
    assert beat.strike(now=NOW) == len(SCHEDULE)
    assert steps(committing) == STEPS
    assert beat.strike(now=NOW + timedelta(seconds=1)) == 0
    assert steps(committing) == STEPS


def test_two_beats_take_a_slot_once(committing):
    struck: list[int] = []
    beats = [threading.Thread(target=lambda: struck.append(beat.strike(now=NOW))) for _ in range(4)]
    for each in beats:
        each.start()
    for each in beats:
        each.join()
    assert sum(struck) == len(SCHEDULE)
    assert steps(committing) == STEPS


def test_a_clock_that_jumps_back_runs_no_slot_again(committing):
    beat.strike(now=NOW)
    assert beat.strike(now=NOW - timedelta(seconds=1)) > 0  # the slots before were never taken
    assert beat.strike(now=NOW) == 0


def test_a_beat_that_was_dead_for_an_hour_does_not_make_up_for_it(committing):
    beat.strike(now=NOW)
    hourly = [sweep for sweep in SCHEDULE if sweep.every <= timedelta(hours=1)]
    assert beat.strike(now=NOW + timedelta(hours=1)) == len(hourly) > 1
    assert beat.strike(now=NOW + timedelta(days=9)) == len(SCHEDULE)


def test_old_slots_are_let_go(committing):
    beat.strike(now=NOW)
    beat.strike(now=NOW + beat.KEPT + timedelta(days=1))
    with committing() as session:
        assert min(session.scalars(select(Slot.slot_at))) > NOW


@pytest.mark.parametrize("seconds", [0, 29])
def test_a_slot_begins_at_the_same_moment_for_everybody(seconds):
    half_minute = Sweep(SCHEDULE[0].step, every=timedelta(seconds=30))
    start = datetime(2026, 11, 24, 2, 0, 30, tzinfo=UTC)
    assert beat.slot(half_minute, start + timedelta(seconds=seconds)) == start


def test_the_beat_stops_when_told(committing, monkeypatch):
    monkeypatch.setattr(beat, "PAUSE_S", 0)
    turns = iter([True, False])
    beat.run(keep_going=lambda: next(turns))
    assert steps(committing) == STEPS
