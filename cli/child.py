"""One supervised process: started in a session of its own, its output cut into lines and kept in a log."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_LOG = 10 << 20
PIECE = 1 << 16


def _is_always_ready() -> bool:
    return True


@dataclass(frozen=True)
class Service:
    """What to run, and how to know that it is ready and how to end it. Times are seconds.

    What is not `needed` is not waited for, and is started again and again however often it ends.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    is_ready: Callable[[], bool] = _is_always_ready
    ready_seconds: float = 60
    settle_seconds: float = 0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    ends: bool = False
    retries_start: bool = False
    needed: bool = True


class Log:
    """A log file that keeps two lengths of history at most. A full disk silences it; it never stops a process."""

    def __init__(self, path: Path) -> None:
        """The file is opened at the first line."""
        self.path = path

    def write(self, text: bytes) -> None:
        """Add text, and put the file aside as `.1` once it is long."""
        with contextlib.suppress(OSError):
            with self.path.open("ab") as sink:
                sink.write(text)
                length = sink.tell()
            if length > LONGEST_LOG:
                self.path.replace(self.path.with_name(f"{self.path.name}.1"))

    def tail(self, lines: int) -> str:
        """The last lines, for a person who wants to know why."""
        try:
            with self.path.open("rb") as source:
                source.seek(max(0, source.seek(0, os.SEEK_END) - PIECE))
                return "\n".join(source.read().decode(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


class Child:
    """A running service. Its output is read when `pump` is called, so that one loop can serve many."""

    def __init__(self, service: Service, log: Log, now: float) -> None:
        """Start it at monotonic time `now`. Raises OSError when there is no such program."""
        self.service = service
        self.log = log
        self.started = now
        self.is_silent = False  # its output has come to an end
        self.last_line = ""
        self._rest = b""
        self.process = subprocess.Popen(
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(service.environment) or None,
            cwd=service.folder,
            start_new_session=True,  # so that Ctrl-C reaches the supervisor alone, which ends all in order
            bufsize=0,
        )
        os.set_blocking(self.output, False)

    @property
    def output(self) -> int:
        """The file descriptor to wait on."""
        return self.process.stdout.fileno() if self.process.stdout else -1

    def pump(self) -> list[str]:
        """The whole lines that came since the last call; they are in the log already."""
        text = b""
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self.output, PIECE):
                text += piece
            self.is_silent = True
        if text:
            self.log.write(text)
        *whole, self._rest = (self._rest + text).split(b"\n")
        lines = [line.decode(errors="replace") for line in whole]
        self.last_line = lines[-1] if lines else self.last_line
        return lines

    def ask_to_stop(self) -> None:
        """Send the service's own signal to its first process, which ends its helpers itself."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.service.stop_signal)

    def kill(self) -> None:
        """End it and everything it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> list[str]:
        """Give back what a process that has ended still holds; its last lines."""
        lines = self.pump()
        if self._rest:
            lines.append(self._rest.decode(errors="replace"))
        if self.process.stdout:
            self.process.stdout.close()
        return lines
