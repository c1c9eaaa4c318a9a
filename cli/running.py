"""What runs now: a lock that one supervisor holds, and a small file in which it writes down what it started."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cli.places import Places


@dataclass
class Started:
    """A process that the supervisor started. `identity` tells it from a later process with the same pid."""

    pid: int
    identity: str
    since: str
    restarts: int = 0


@dataclass
class State:
    """What `status`, `down` and the next `up` read. `since` is RFC 3339, UTC; the API listens on `host`:`port`."""

    pid: int
    phase: str
    url: str
    since: str
    host: str = "127.0.0.1"
    port: int = 8000
    failure: str = ""
    processes: dict[str, Started] = field(default_factory=dict)


def write_state(places: Places, state: State) -> None:
    """Put the state down as a whole; a full disk leaves the last one."""
    path = places.run / "state.json"
    unfinished = path.with_suffix(".unfinished")
    with suppress(OSError):
        unfinished.write_text(json.dumps(asdict(state), indent=2))
        unfinished.replace(path)


def read_state(places: Places) -> State | None:
    """The last state put down, by a supervisor that may be gone; None when there is none that can be read."""
    try:
        told = json.loads((places.run / "state.json").read_text())
        processes = {name: Started(**started) for name, started in told.pop("processes").items()}
        return State(**told, processes=processes)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


@contextmanager
def the_only_one(places: Places) -> Iterator[bool]:
    """True for the one supervisor of this checkout, False while another holds the lock, which dies with its holder."""
    with (places.run / "lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def is_running(places: Places) -> bool:
    """Whether a supervisor of this checkout is alive."""
    if not (places.run / "lock").exists():
        return False
    with the_only_one(places) as free:
        return not free


def identity(pid: int) -> str:
    """The moment a process started, in the kernel's ticks; empty when there is none, or only its remains."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if facts[0] == "Z" else facts[19]


def end_leftovers(state: State, *, seconds: float = 30) -> list[str]:
    """End what a supervisor left behind that was killed; the names of what was still there.

    All get SIGTERM, for PostgreSQL SIGINT, which does not wait for clients; what is left after `seconds` is killed.
    """
    left = {
        name: started
        for name, started in state.processes.items()
        if started.identity and identity(started.pid) == started.identity
    }
    for name, started in left.items():
        with suppress(ProcessLookupError):
            os.kill(started.pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    deadline = time.monotonic() + seconds
    for started in left.values():
        while identity(started.pid) == started.identity:
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.killpg(started.pid, signal.SIGKILL)
            time.sleep(0.05)
    return list(left)
