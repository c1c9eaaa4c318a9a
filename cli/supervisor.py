"""A small supervisor: starts in order, waits until ready, revives what dies, stops everything in reverse order.

One thread, one loop: it waits for output, for signals and for the next moment at which something is due.
"""

import os
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.child import Child, Log, Service
from cli.refusal import CannotGoOn

TICK = 0.2
STARTING_TICK = 0.05  # a start has five stages, and each waits for a tick at most
DEATHS = 5
WINDOW = 60.0
LONGEST_PAUSE = 8.0
SENTENCE = "jz: "  # so begins what a process of ours says when it cannot go on, before it ends with 1 (cli/__main__.py)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Step:
    """Something done once by the supervisor itself, between processes."""

    name: str
    act: Callable[[], None]


Stage = Sequence[Service | Step]


class _Stopped(Exception):
    """A signal asked for the end while something was awaited."""


class Supervisor:
    """Runs stages of services. `say` tells what happens, `echo` hands on output, `changed` is called after a change."""

    def __init__(
        self,
        logs: Path,
        *,
        say: Callable[[str], None],
        echo: Callable[[str, str], None] = lambda _name, _line: None,
        changed: Callable[["Supervisor"], None] = lambda _supervisor: None,
    ) -> None:
        """Nothing runs yet."""
        self.children: dict[str, Child] = {}
        self.restarts: dict[str, int] = {}
        self._logs = logs
        self._say, self._echo, self._changed = say, echo, changed
        self._begun: list[list[str]] = []
        self._deaths: dict[str, deque[float]] = {}
        self._due: dict[str, tuple[float, Service]] = {}
        self._ready: set[str] = set()
        self._selector = selectors.DefaultSelector()
        self._signals = 0

    def run(self, stages: Sequence[Stage], *, on_ready: Callable[[], None]) -> None:
        """Start the stages one after the other, call `on_ready`, then watch until a signal asks for the end.

        A stage begins when all of the one before are ready. Whatever happens, everything started is stopped, in reverse
        order. Raises CannotGoOn when something does not start or keeps dying.
        """
        with self._listening():
            try:
                for stage in stages:
                    self._start(stage)
                on_ready()
                while True:
                    self._turn()
            except _Stopped:
                self._say("stopping ...")
            finally:
                self._stop_all()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Signals wake the loop through a pipe, so that none comes between looking and sleeping."""
        reader, writer = os.pipe()
        for end in (reader, writer):
            os.set_blocking(end, False)
        self._selector.register(reader, selectors.EVENT_READ, None)
        woken = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        before = {number: signal.signal(number, self._heard) for number in STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
            self._selector.unregister(reader)
            os.close(reader)
            os.close(writer)

    def _heard(self, _number: int, _frame: object) -> None:
        self._signals += 1

    def _start(self, stage: Stage) -> None:
        self._begun.append([item.name for item in stage if isinstance(item, Service)])
        for item in stage:
            if isinstance(item, Step):
                item.act()
            else:
                self._launch(item)
        services = [item for item in stage if isinstance(item, Service)]
        deadline = time.monotonic() + max((service.ready_seconds for service in services), default=0)
        while waiting := [service for service in services if not self._is_ready(service) and service.needed]:
            if time.monotonic() > deadline:
                raise CannotGoOn(self._why(waiting[0].name, "did not become ready in time"))
            self._turn(STARTING_TICK)

    def _launch(self, service: Service) -> None:
        try:
            child = Child(service, Log(self._logs / f"{service.name}.log"), time.monotonic())
        except OSError as failure:
            raise CannotGoOn(f"{service.name} could not be started: {failure}.") from failure
        self.children[service.name] = child
        self._selector.register(child.output, selectors.EVENT_READ, child)
        self._changed(self)

    def _is_ready(self, service: Service) -> bool:
        """Whether a service is up (or, if it is one that ends, has ended well). Once ready, it is not asked again."""
        if service.name in self._ready:
            return True
        child = self.children.get(service.name)
        if child is None or service.ends:
            return False
        if time.monotonic() - child.started >= service.settle_seconds and service.is_ready():
            self._ready.add(service.name)
            self._changed(self)
        return service.name in self._ready

    def _turn(self, tick: float = TICK) -> None:
        """Wait a tick at most; read output, bury the dead, revive those whose pause is over."""
        if self._signals:
            raise _Stopped
        self._read(tick)
        for child in list(self.children.values()):
            if child.process.poll() is not None:
                self._bury(child)
        for name, (moment, service) in list(self._due.items()):
            if moment <= time.monotonic():
                del self._due[name]
                self._launch(service)
        if self._signals:
            raise _Stopped

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                for line in key.data.pump():
                    self._echo(key.data.service.name, line)
                if key.data.is_silent:
                    self._selector.unregister(key.fd)
            else:
                os.read(key.fd, 64)

    def _forget(self, child: Child) -> None:
        with_fd = {key.fd for key in self._selector.get_map().values()}
        if child.output in with_fd:
            self._selector.unregister(child.output)
        for line in child.close():
            self._echo(child.service.name, line)
        del self.children[child.service.name]

    def _bury(self, child: Child) -> None:
        """A process has ended: rightly, or it is started again after a pause, or too often and everything ends."""
        service, code = child.service, child.process.returncode
        child.kill()  # what it started must not live on beside its successor
        self._forget(child)
        if service.ends and code == 0:
            self._ready.add(service.name)
            return
        if service.ends and code == 1 and child.last_line.startswith(SENTENCE):
            raise CannotGoOn(child.last_line.removeprefix(SENTENCE))
        how = f"signal {-code}" if code < 0 else f"status {code}"
        if service.ends or not (service.retries_start or service.name in self._ready):
            raise CannotGoOn(self._why(service.name, f"ended with {how}"))
        pause = self._pause_after_death(service)
        self.restarts[service.name] = self.restarts.get(service.name, 0) + 1
        self._say(f"{service.name} ended with {how}; starting it again in {pause:.1f} s.")
        self._due[service.name] = (time.monotonic() + pause, service)
        self._changed(self)

    def _pause_after_death(self, service: Service) -> float:
        name, now = service.name, time.monotonic()
        deaths = self._deaths.setdefault(name, deque())
        deaths.append(now)
        while deaths[0] < now - WINDOW:
            deaths.popleft()
        if len(deaths) >= DEATHS and not service.needed:
            return WINDOW
        if len(deaths) >= DEATHS:
            raise CannotGoOn(self._why(name, f"keeps ending ({len(deaths)} times within a minute)"))
        return min(0.25 * (1 << len(deaths)), LONGEST_PAUSE)

    def _why(self, name: str, what: str) -> str:
        log = Log(self._logs / f"{name}.log")
        return f"{name} {what}. The end of its log ({log.path}):\n{log.tail(12)}"

    def _stop_all(self) -> None:
        """Stop all, the latest stage first; a second signal ends the waiting."""
        self._due.clear()
        asked, self._signals = self._signals, 0
        for stage in reversed(self._begun):
            self._stop([self.children[name] for name in reversed(stage) if name in self.children])
        self._signals += asked

    def _stop(self, together: Sequence[Child]) -> None:
        """What was started together ends together, each given its time."""
        for child in together:
            child.ask_to_stop()
        began = time.monotonic()
        for child in together:
            while child.process.poll() is None:
                if time.monotonic() > began + child.service.stop_seconds or self._signals:
                    self._say(f"{child.service.name} did not end; killing it.")
                    child.kill()
                    child.process.wait()
                self._read(0.05)
            child.kill()
            self._forget(child)
            self._changed(self)
