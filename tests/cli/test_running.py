"""One supervisor for each checkout; what a killed one left is found and ended, and nothing else is."""

import os
import subprocess
import sys

import pytest

from cli import running
from cli.places import Places

SINCE = "2026-11-24T02:00:00+00:00"
HOLD = """
import sys, time
from pathlib import Path
from cli import running
from cli.places import Places
with running.the_only_one(Places(Path(sys.argv[1]))) as alone:
    print(alone, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path)
    made.make()
    return made


@pytest.fixture
def started():
    processes = []

    def start(*command, **options):
        processes.append(subprocess.Popen(command, start_new_session=True, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def state_with(**processes):
    known = {
        name: running.Started(pid, identity, "2026-11-24T02:00:00+00:00") for name, (pid, identity) in processes.items()
    }
    return running.State(1, "ready", "http://127.0.0.1:8000", "2026-11-24T02:00:00+00:00", processes=known)


def test_the_lock_dies_with_its_holder(places, started):
    assert not running.is_running(places)
    holder = started(sys.executable, "-c", HOLD, str(places.root), stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "True\n"
    assert running.is_running(places)
    with running.the_only_one(places) as alone:
        assert not alone

    holder.kill()
    holder.wait()

    assert not running.is_running(places)


def test_what_was_written_down_is_read_back(places):
    state = state_with(api=(os.getpid(), running.identity(os.getpid())))

    running.write_state(places, state)

    assert running.read_state(places) == state


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 1}', '{"processes": {"api": {}}}'])
def test_a_state_that_cannot_be_read_is_none(places, text):
    (places.run / "state.json").write_text(text)

    assert running.read_state(places) is None


def test_a_leftover_is_ended(started):
    left = started("sleep", "60")

    ended = running.end_leftovers(state_with(worker=(left.pid, running.identity(left.pid))), seconds=5)

    assert ended == ["worker"]
    assert left.wait(timeout=5) != 0


def test_one_that_does_not_listen_is_killed(started):
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(flush=True)\ntime.sleep(60)"
    left = started(sys.executable, "-c", deaf, stdout=subprocess.PIPE)
    left.stdout.readline()

    ended = running.end_leftovers(state_with(worker=(left.pid, running.identity(left.pid))), seconds=0.3)

    assert ended == ["worker"]
    assert left.wait(timeout=5) == -9


def test_another_process_that_got_the_same_pid_is_left_alone(started):
    innocent = started("sleep", "60")

    ended = running.end_leftovers(state_with(worker=(innocent.pid, "12345"), api=(innocent.pid, "")), seconds=1)

    assert ended == []
    assert innocent.poll() is None
