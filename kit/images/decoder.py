"""The sandbox's own process: `python -m kit.images.decoder FD`. Starts once, then forks a child for each photo.

It is started with an empty environment, no open files but one socket, and no network, so a photo that takes a decoder
over finds no secret, no database and nobody to talk to. Each child has one photo, one file to write to, and hard limits
that the kernel keeps; it dies with its photo.
"""

import contextlib
import gc
import json
import os
import socket
import sys
from typing import Any

from kit.confinement import isolate, limit
from kit.images.fingerprint import read_likeness
from kit.images.rendering import prepare, read_capture, render

MEMORY_BYTES = 1024**3
CPU_S = 10
WALL_S = 15
FILE_BYTES = 32 * 1024**2
NOT_DECODABLE = 3  # exit status of a child whose photo could not be decoded

_MESSAGE_BYTES = 4096
_READ = {"capture": read_capture, "likeness": read_likeness}


def main(fd: int) -> None:
    """Do one job after another until the other end of the socket is closed."""
    isolate()
    prepare()
    gc.freeze()
    with socket.socket(fileno=fd) as door:
        door.send(b"ready")
        while True:
            message, fds, _flags, _address = socket.recv_fds(door, _MESSAGE_BYTES, 2)
            if not message:
                return
            status, cpu_s = _in_child(json.loads(message), *fds)
            for each in fds:
                os.close(each)
            door.send(json.dumps({"status": status, "cpu_s": cpu_s}).encode())


def _in_child(job: dict[str, Any], source: int, target: int) -> tuple[int, float]:
    """Do the job in a child; how it ended (as `waitpid` says) and the CPU seconds it took."""
    child = os.fork()
    if child == 0:
        status = NOT_DECODABLE
        with contextlib.suppress(BaseException):
            _limit()
            _work(job, source, target)
            status = 0
        os._exit(status)
    _, status, usage = os.wait4(child, 0)
    return status, usage.ru_utime + usage.ru_stime


def _limit() -> None:
    """Limits that the kernel keeps, also against a decoder that was taken over."""
    limit(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, file_bytes=FILE_BYTES, wall_s=WALL_S)


def _work(job: dict[str, Any], source: int, target: int) -> None:
    with os.fdopen(source, "rb", closefd=False) as photo, os.fdopen(target, "wb", closefd=False) as answer:
        if job["do"] in _READ:
            answer.write(json.dumps(_READ[job["do"]](photo)).encode())
            return
        copies = render(photo, job["sizes"])
        answer.write(b"".join(len(copy).to_bytes(4, "big") + copy for copy in copies))


if __name__ == "__main__":
    main(int(sys.argv[1]))
