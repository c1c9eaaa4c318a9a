"""The sandbox's own process, whatever it does: it starts once, then forks a child for each photo.

It is started with an empty environment, no open files but one socket, and no network, so a photo that takes a decoder
over finds no secret, no database and nobody to talk to. Each child has one photo, one file to write to, and hard limits
that the kernel keeps; it dies with its photo.
"""

import contextlib
import ctypes
import gc
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from kit.confinement import isolate, limit

Work = Callable[[dict[str, Any], BinaryIO], bytes]
CPU_S = 10
WALL_S = 15
FILE_BYTES = 32 * 1024**2
NOT_DECODABLE = 3  # exit status of a child whose photo could not be decoded

_MESSAGE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Trade:
    """What this process is for: `prepare` once, then `work` on each photo, which gives the answer's bytes."""

    prepare: Callable[[], None]
    work: Work
    memory_bytes: int


def serve(trade: Trade, fd: str, idle_s: str) -> None:
    """Do one job after another until the other end of the socket is closed; both values are of the command line.

    It also ends when nothing has come for so many seconds (0: never), and gives its memory back.
    """
    isolate()
    trade.prepare()
    gc.freeze()
    ctypes.CDLL(None).malloc_trim(0)  # what is free here a child would copy, page by page, before it uses it
    with socket.socket(fileno=int(fd)) as door:
        door.send(b"ready")
        door.settimeout(float(idle_s) or None)
        while True:
            try:
                message, fds, _flags, _address = socket.recv_fds(door, _MESSAGE_BYTES, 2)
            except TimeoutError:
                return
            if not message:
                return
            status, cpu_s = _in_child(trade, json.loads(message), *fds)
            for each in fds:
                os.close(each)
            door.send(json.dumps({"status": status, "cpu_s": cpu_s}).encode())


def bound(memory_bytes: int) -> None:
    """Limits that the kernel keeps, also against a decoder that was taken over."""
    limit(memory_bytes=memory_bytes, cpu_s=CPU_S, file_bytes=FILE_BYTES, wall_s=WALL_S)


def _in_child(trade: Trade, job: dict[str, Any], source: int, target: int) -> tuple[int, float]:
    """Do the job in a child; how it ended (as `waitpid` says) and the CPU seconds it took."""
    child = os.fork()
    if child == 0:
        status = NOT_DECODABLE
        with contextlib.suppress(BaseException):
            bound(trade.memory_bytes)
            _work(trade, job, source, target)
            status = 0
        os._exit(status)
    _, status, usage = os.wait4(child, 0)
    return status, usage.ru_utime + usage.ru_stime


def _work(trade: Trade, job: dict[str, Any], source: int, target: int) -> None:
    with os.fdopen(source, "rb", closefd=False) as photo, os.fdopen(target, "wb", closefd=False) as answer:
        answer.write(trade.work(job, photo))
