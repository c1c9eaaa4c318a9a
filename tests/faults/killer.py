"""Who kills: a plan of faults drawn from a seed, so that a run can be walked again, and the hands that carry it out."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.installation import Installation

KILLED = ("api", "worker", "relay", "beat", "redis", "vault", "postgres", "supervisor")
FROZEN = ("api", "worker", "relay", "redis", "postgres")
DECK = (
    *(("kill", name) for name in KILLED),
    *(("freeze", name) for name in FROZEN),
    ("kill", "a job's process"),
    ("kill", "a database session's process"),
    ("flush", "redis"),
)


class Fault(NamedTuple):
    """What is done to whom, how long after the one before, and for how long."""

    kind: str
    whom: str
    after_s: float
    lasts_s: float


def plan(seed: int) -> Iterator[Fault]:
    """Every fault in a mixed order, then all again in another, without end. The same seed gives the same plan.

    Nobody is killed more often than a supervisor thinks a process may end: it gives up after five times in a minute.
    """
    rng = Random(seed)
    while True:
        for kind, whom in rng.sample(DECK, len(DECK)):
            yield Fault(kind, whom, round(rng.uniform(0.5, 3), 2), round(rng.uniform(0.5, 2.5), 2))


class Killer(threading.Thread):
    """Carries out a plan until told to stop; `done` is what it did, and `failed` what it could not."""

    def __init__(self, it: Installation, seed: int) -> None:
        super().__init__(name="killer", daemon=True)
        self.done: list[Fault] = []
        self.failed: list[str] = []
        self._it, self._plan, self._enough = it, plan(seed), threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        for fault in self._plan:
            if self._enough.wait(fault.after_s):
                return
            try:
                self._do(fault)
            except AssertionError as failure:
                self.failed.append(f"{fault}: {failure}")
                return
            self.done.append(fault)

    def stop(self) -> None:
        """No more faults after the one that is under way."""
        self._enough.set()
        self.join()

    def _do(self, fault: Fault) -> None:
        if fault.kind == "flush":
            self._flush()
        elif fault.kind == "freeze":
            self._freeze(fault)
        else:
            for pid in self._whose(fault.whom)[:1]:
                _signal(pid, signal.SIGKILL, group=fault.whom in KILLED and fault.whom != "supervisor")
            if fault.whom == "supervisor":
                self._it.up()

    def _freeze(self, fault: Fault) -> None:
        """Stopped in the middle of whatever it does, and let go on: to all others it hangs."""
        frozen = self._whose(fault.whom) if fault.whom != "postgres" else sorted(self._of_postgres())
        for pid in frozen:
            _signal(pid, signal.SIGSTOP, group=fault.whom != "postgres")
        time.sleep(fault.lasts_s)
        for pid in frozen:
            _signal(pid, signal.SIGCONT, group=fault.whom != "postgres")

    def _flush(self) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(5)
            wire.connect(str(self._it.redis))
            wire.sendall(b"FLUSHALL\r\n")
            wire.recv(16)

    def _whose(self, whom: str) -> list[int]:
        """The process that is meant, if it lives now."""
        if whom == "a job's process":
            return _children(self._it.pid("worker"))
        if whom == "a database session's process":
            return sorted(self._of_postgres() - {self._it.pid("postgres")}, reverse=True)
        pid = self._it.pid(whom)
        return [pid] if pid else []

    def _of_postgres(self) -> set[int]:
        """Every process that stands in the database's folder, as each of a PostgreSQL does."""
        return {int(cwd.parent.name) for cwd in Path("/proc").glob("[0-9]*/cwd") if _is(cwd, self._it.cluster.data)}


def _signal(pid: int, number: signal.Signals, *, group: bool) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(pid, number)


def _children(pid: int | None) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _is(cwd: Path, folder: Path) -> bool:
    try:
        return cwd.samefile(folder)
    except OSError:
        return False
