"""The supervisor starts in order, revives what dies, and leaves nothing behind."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from cli.child import LONGEST_LOG, Log, Service
from cli.refusal import CannotGoOn
from cli.supervisor import Step, Supervisor

FOREVER = "import time\nwhile True: time.sleep(0.1)"
DEAF = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\n{FOREVER}"


def service(name, code, **options):
    return Service(name, (sys.executable, "-c", code), environment=dict(os.environ), **options)


class Stage:
    """A supervisor under test, with all that it said."""

    def __init__(self, logs):
        self.said, self.lines = [], []
        self.supervisor = Supervisor(
            logs, say=self.said.append, echo=lambda name, line: self.lines.append((name, line))
        )
        self.pids = {}

    def hear(self, name, line):
        self.lines.append((name, line))

    def run(self, stages, *, then=lambda: None, stop_after=None):
        """Run until `then` or `stop_after` (a condition asked every tick) sends a signal."""

        def ready():
            self.pids = {name: child.process.pid for name, child in self.supervisor.children.items()}
            then()
            if stop_after is None:
                os.kill(os.getpid(), signal.SIGTERM)

        if stop_after is not None:
            turn = self.supervisor._turn

            def watching(*tick):
                turn(*tick)
                if stop_after():
                    os.kill(os.getpid(), signal.SIGINT)

            self.supervisor._turn = watching
        self.supervisor.run(stages, on_ready=ready)


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_stage_begins_when_the_one_before_is_ready(stage, tmp_path):
    mark = tmp_path / "mark"
    first = service(
        "first",
        f"import time, pathlib\ntime.sleep(0.4)\npathlib.Path({str(mark)!r}).write_text('up')\n{FOREVER}",
        is_ready=mark.exists,
    )
    second = service("second", f"import pathlib\nprint(pathlib.Path({str(mark)!r}).read_text(), flush=True)\n{FOREVER}")
    saw = []

    stage.run([[first], [Step("look", lambda: saw.append(mark.exists()))], [second]], then=lambda: time.sleep(0.5))

    assert saw == [True]
    assert ("second", "up") in stage.lines
    assert not any(is_alive(pid) for pid in stage.pids.values())
    assert (tmp_path / "second.log").read_text() == "up\n"


def test_what_ends_by_itself_must_end_well_before_the_next_begins(stage):
    once = service("once", "print('done')", ends=True)

    stage.run([[once], [service("long", FOREVER)]])

    assert list(stage.pids) == ["long"]
    assert ("once", "done") in stage.lines


def test_what_ends_badly_stops_everything_with_the_end_of_its_log(stage):
    bad = service("bad", "import sys\nprint('the reason')\nsys.exit(7)", ends=True)

    with pytest.raises(CannotGoOn, match=r"(?s)bad ended with status 7.*the reason"):
        stage.run([[service("long", FOREVER)], [bad], [service("never", FOREVER)]])

    assert stage.supervisor.children == {}
    assert ("never", "") not in stage.lines


def test_a_program_that_does_not_exist_is_one_sentence(stage):
    with pytest.raises(CannotGoOn, match="ghost could not be started"):
        stage.run([[Service("ghost", ("/no/such/program",))]])


def test_what_is_never_ready_is_given_up(stage):
    with pytest.raises(CannotGoOn, match="slow did not become ready in time"):
        stage.run([[service("slow", FOREVER, is_ready=lambda: False, ready_seconds=0.5)]])


def test_a_killed_process_is_started_again_and_it_is_said(stage):
    supervisor = stage.supervisor

    def kill():
        os.kill(stage.pids["one"], signal.SIGKILL)

    def is_back():
        child = supervisor.children.get("one")
        return supervisor.restarts.get("one") == 1 and child is not None

    stage.run([[service("one", FOREVER), service("two", FOREVER)]], then=kill, stop_after=is_back)

    assert any("one ended with signal 9; starting it again" in said for said in stage.said)
    assert supervisor.restarts == {"one": 1}


def test_a_process_that_keeps_dying_ends_everything(stage, monkeypatch):
    monkeypatch.setattr("cli.supervisor.LONGEST_PAUSE", 0.01)
    dying = service("dying", "import sys; print('I cannot'); sys.exit(3)", retries_start=True, settle_seconds=1)

    with pytest.raises(CannotGoOn, match=r"(?s)dying keeps ending \(5 times within a minute\).*I cannot"):
        stage.run([[service("long", FOREVER)], [dying]])

    assert stage.supervisor.children == {}


def test_the_latest_started_is_stopped_first_also_after_a_revival(stage, tmp_path):
    ends = tmp_path / "ends"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(ends)!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('ready', flush=True)\n" + FOREVER
    )

    def noisy(name):
        heard = [("first", 0)]
        command = (sys.executable, "-c", code, name)
        return Service(name, command, environment=dict(os.environ), is_ready=lambda: bool(heard), settle_seconds=0.5)

    def kill():
        os.kill(stage.pids["first"], signal.SIGKILL)

    def is_back():
        return stage.lines.count(("first", "ready")) == 2

    stage.run([[noisy("first")], [noisy("second")], [noisy("third")]], then=kill, stop_after=is_back)

    assert ends.read_text().split() == ["third", "second", "first"]


def test_what_was_started_together_is_asked_to_end_together(stage, tmp_path):
    code = (
        "import pathlib, signal, sys, time\n"
        f"marks = pathlib.Path({str(tmp_path)!r})\n"
        "def end(*_):\n"
        "    (marks / sys.argv[1]).touch()\n"
        "    while not (marks / sys.argv[2]).exists(): time.sleep(0.01)\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "(marks / f'{sys.argv[1]} hears').touch()\n" + FOREVER
    )

    def waiting_for(name, other):
        heard = (tmp_path / f"{name} hears").exists
        return Service(
            name, (sys.executable, "-c", code, name, other), environment=dict(os.environ), is_ready=heard,
        )  # fmt: skip

    stage.run([[waiting_for("one", "other"), waiting_for("other", "one")]])

    assert stage.said == ["stopping ..."]


def test_one_that_does_not_end_is_killed_after_its_time_with_all_it_started(stage):
    family = (
        f"import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', {FOREVER!r}]).pid, flush=True)\n{DEAF}"
    )

    stage.run([[service("deaf", family, stop_seconds=0.3, settle_seconds=0.8)]], then=lambda: time.sleep(0.2))

    assert "deaf did not end; killing it." in stage.said
    grandchild = int(stage.lines[0][1])
    deadline = time.monotonic() + 5
    while is_alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(grandchild)


def test_signals_are_handled_as_before_once_it_has_ended(stage):
    before = signal.getsignal(signal.SIGTERM)

    stage.run([[service("one", FOREVER)]])

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_process_that_closes_its_output_does_not_keep_the_loop_busy(stage):
    quiet = service("quiet", f"import os\nos.close(1); os.close(2)\n{FOREVER}", settle_seconds=1)
    spent = time.process_time()

    stage.run([[quiet]])

    assert time.process_time() - spent < 0.5


def test_a_log_keeps_two_lengths_of_history_at_most(tmp_path):
    log = Log(tmp_path / "long.log")

    for _ in range(3):
        log.write(b"x" * LONGEST_LOG + b"\n")
    log.write(b"last\n")

    assert {path.name for path in tmp_path.iterdir()} == {"long.log", "long.log.1"}
    assert log.tail(1) == "last"


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path):
    Log(tmp_path / "no" / "folder" / "x.log").write(b"lost\n")

    assert Log(tmp_path / "no" / "folder" / "x.log").tail(3) == ""


def test_a_step_that_ends_with_a_sentence_is_told_by_that_sentence_alone(stage):
    code = "import sys\nprint('a line', flush=True)\nsys.exit('jz: Nobody is there. Call again.')"

    with pytest.raises(CannotGoOn) as told:
        stage.run([[service("migrate", code, ends=True)]])

    assert str(told.value) == "Nobody is there. Call again."


def test_what_is_not_needed_is_not_waited_for_and_dies_as_often_as_it_likes(stage, monkeypatch):
    """Intake works without the vault: one that cannot run stops nobody."""
    monkeypatch.setattr("cli.supervisor.DEATHS", 2)
    hopeless = service("vault", "raise SystemExit(1)", is_ready=lambda: False, retries_start=True, needed=False)
    steady = service("api", FOREVER)
    stage.run([[hopeless, steady]], stop_after=lambda: stage.supervisor.restarts.get("vault", 0) >= 2)
    assert stage.supervisor.restarts == {"vault": 2}
    assert "api" in stage.pids
    assert stage.said[-2:] == ["vault ended with status 1; starting it again in 60.0 s.", "stopping ..."]
