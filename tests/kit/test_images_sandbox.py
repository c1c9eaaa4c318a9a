"""The sandbox: what its process knows and may do, how it ends, and that the next photo is served all the same."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.images import PhotoBroken, PhotoWaits, clean
from kit.images import sandbox as near_side
from kit.images.sandbox import sandbox
from tests.kit.photos import encoded, quarters

ROOT = Path(__file__).parents[2]


def python(script: str, *args: str, status: int = 0) -> str:
    """Run a script in a process of its own that ends with `status`; what it printed."""
    command = [sys.executable, "-c", script, *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout.strip()


def test_it_knows_no_secret_and_holds_no_file_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("JZ_SECRET_KEY", "s" * 40)
    sandbox.stop()
    with (tmp_path / "open").open("wb"), socket.socket():
        clean(encoded(quarters(), "PNG"))
        assert sandbox._process is not None
        inside = Path(f"/proc/{sandbox._process.pid}")
        assert b"JZ_SECRET_KEY" not in (inside / "environ").read_bytes()
        held = {fd.name: str(fd.readlink()) for fd in (inside / "fd").iterdir() if int(fd.name) > 2}
    assert [target.split(":")[0] for target in held.values()] == ["socket"]


def test_it_has_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = (
            "import socket, kit.confinement as c; c.isolate()\n"
            f"try: socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2); print('reached')\n"
            "except OSError: print('nobody')"
        )
        allowed = any(
            subprocess.run(["unshare", *way, "true"], capture_output=True, check=False).returncode == 0
            for way in (["--net"], ["--user", "--net"])
        )
        assert python(script) == ("nobody" if allowed else "reached")


LIMITED = """
import io, os, resource, signal, sys
from kit.images import child, decoder
child.bound(decoder.MEMORY_BYTES)
most = lambda what: resource.getrlimit(what)[1]
try:
    exec(sys.argv[1])
    print("fine")
except Exception as stopped:
    print(type(stopped).__name__)
"""


@pytest.mark.parametrize(
    ("does", "ends"),
    [
        ("bytearray(2 * 1024**3)", "MemoryError"),
        ("os.truncate(os.memfd_create('x'), 33 * 1024**2)", "OSError"),
        ("assert most(resource.RLIMIT_CPU) == 10", "fine"),
        ("assert most(resource.RLIMIT_NPROC) == most(resource.RLIMIT_CORE) == 0", "fine"),
        ("assert 0 < signal.alarm(0) <= 15", "fine"),
    ],
)
def test_its_children_are_limited(does, ends):
    assert python(LIMITED, does) == ends


def test_one_that_was_killed_is_started_again():
    clean(encoded(quarters(), "PNG"))
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    assert clean(encoded(quarters(), "PNG"))


def test_one_that_does_not_answer_makes_the_photo_wait_and_the_next_is_served(monkeypatch):
    monkeypatch.setattr(near_side, "_ANSWER_S", 0.3)
    sandbox.stop()
    sandbox._open_door()
    assert sandbox._process is not None
    sandbox._process.send_signal(signal.SIGSTOP)
    with pytest.raises(PhotoWaits) as waits:
        clean(encoded(quarters(), "PNG"))
    assert (waits.value.code, waits.value.retryable) == ("photo.waits", True)
    monkeypatch.undo()
    assert clean(encoded(quarters(), "PNG"))


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        (signal.SIGALRM, PhotoWaits),
        (signal.SIGKILL, PhotoWaits),
        (signal.SIGXCPU, PhotoBroken),
        (signal.SIGSEGV, PhotoBroken),
        (3 << 8, PhotoBroken),
    ],
)
def test_how_a_child_ended_says_whether_the_photo_or_the_machine_failed(how, refusal):
    with pytest.raises(refusal):
        near_side._judge(int(how))


def test_a_forked_worker_gets_one_of_its_own():
    script = (
        "import os\nfrom kit.images import clean\nfrom tests.kit.photos import encoded, quarters\n"
        "photo = encoded(quarters(), 'JPEG'); clean(photo)\n"
        "child = os.fork()\n"
        "if child == 0:\n    clean(photo); os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0; clean(photo); print('both')"
    )
    assert python(script) == "both"


def test_it_ends_with_its_owner():
    script = (
        "from kit.images import clean\nfrom kit.images.sandbox import sandbox\n"
        "from tests.kit.photos import encoded, quarters\nimport os\n"
        "clean(encoded(quarters(), 'JPEG')); print(sandbox._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    gone = Path("/proc", python(script, status=-signal.SIGKILL))
    until = time.monotonic() + 5
    while gone.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not gone.exists()
