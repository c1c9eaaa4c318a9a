"""The near side of the sandbox: one process of each trade for each of ours, started when the first photo needs it."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from kit.images.refusals import PhotoBroken, PhotoWaits

ANSWER_BYTES = 32 * 1024**2
_ANSWER_S = 20.0  # the child's own wall limit is 15
_START_S = 30.0
_HERE = Path(__file__).resolve().parents[2]
# Nothing of ours goes along, no secret above all. Large pages: a fresh child else spends a fifth of its time on
# page faults (measured 1.48 against 1.25 times the cost of the bare decoding). No threads: a child may start none.
_ENVIRONMENT = {
    "PYTHONPATH": str(_HERE), "LANG": "C.UTF-8", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
}  # fmt: skip
_NOBODYS_FAULT = {signal.SIGALRM, signal.SIGKILL, signal.SIGTERM}  # too slow or short of memory: the machine is busy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job wrote, and the CPU seconds it took. To be distrusted: a decoder that was taken over wrote it."""

    content: bytes
    cpu_s: float


@dataclass
class Sandbox:
    """Jobs one at a time, each in a limited child of a process without secrets or network."""

    module: str  # what its process runs
    idle_s: float = 0  # after which it ends by itself; 0: never
    _process: subprocess.Popen[bytes] | None = None
    _door: socket.socket | None = None
    _owner: int = 0
    _turn: Lock = field(default_factory=Lock)

    def run(self, job: dict[str, Any], photo: Path | bytes) -> Answer:
        """Do a job on a photo. Raises PhotoBroken, or PhotoWaits when it is the machine that failed."""
        source = _opened(photo)
        target = os.memfd_create("answer")
        try:
            with self._turn:
                told = self._ask(job, source, target)
            _judge(int(told["status"]))
            content = os.pread(target, ANSWER_BYTES, 0)
        finally:
            os.close(source)
            os.close(target)
        return Answer(content, float(told["cpu_s"]))

    def stop(self) -> None:
        """End the decoder; the next job starts another."""
        door, process = self._door, self._process
        self._door = self._process = None
        if door is not None:
            door.close()
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()

    def _ask(self, job: dict[str, Any], source: int, target: int) -> dict[str, Any]:
        try:
            door = self._open_door()
            socket.send_fds(door, [json.dumps(job).encode()], [source, target])
            told: dict[str, Any] = json.loads(door.recv(4096))
        except (OSError, ValueError) as lost:
            self.stop()
            raise PhotoWaits(reason="decoder_lost") from lost
        return told

    def _open_door(self) -> socket.socket:
        """The socket to a living decoder of this very process: one that a fork brought along is its parent's."""
        alive = self._process is not None and self._owner == os.getpid() and self._process.poll() is None
        if self._door is not None and alive:
            return self._door
        self.stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-s", "-m", self.module, str(theirs.fileno()), str(self.idle_s)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        self._door, self._owner = ours, os.getpid()
        ours.settimeout(_START_S)
        if ours.recv(16) != b"ready":
            raise OSError("the decoder did not start")
        ours.settimeout(_ANSWER_S)
        return ours


sandbox = Sandbox("kit.images.decoder")
finder = Sandbox("kit.images.finder", idle_s=30)
atexit.register(sandbox.stop)
atexit.register(finder.stop)


def _opened(photo: Path | bytes) -> int:
    """A descriptor to read the photo from, so that the decoder needs no file of ours."""
    if isinstance(photo, Path):
        return os.open(photo, os.O_RDONLY)
    fd = os.memfd_create("photo")
    with os.fdopen(fd, "wb", closefd=False) as file:
        file.write(photo)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _judge(status: int) -> None:
    """What the child's end says of the photo, or of the machine."""
    if status == 0:
        return
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in _NOBODYS_FAULT:
        raise PhotoWaits(reason=signal.Signals(os.WTERMSIG(status)).name)
    raise PhotoBroken(reason="not_decodable")
