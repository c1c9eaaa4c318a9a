"""How a process without an address says that it is ready: the protocol of systemd's notify, which needs no library."""

import os
import socket
from contextlib import suppress
from pathlib import Path

READY = b"READY=1"
VARIABLE = "NOTIFY_SOCKET"


def tell_ready() -> None:
    """Say that this process does its work now, to whoever started it and wants to know; otherwise nothing."""
    where = os.environ.get(VARIABLE, "")
    if not where:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire, suppress(OSError):
        wire.sendto(READY, f"\0{where[1:]}" if where.startswith("@") else where)


class Notice:
    """The other end: a socket on which one process says that it is ready."""

    def __init__(self, path: Path) -> None:
        """Listen at `path`; what an earlier run left there is replaced."""
        path.unlink(missing_ok=True)
        self._path = path
        self.environment = {VARIABLE: str(path)}
        self._wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._wire.bind(str(path))
        self._wire.setblocking(False)

    def has_come(self) -> bool:
        """Whether the process has said so. It is heard once; then the socket goes away."""
        said = b""
        with suppress(OSError):  # nothing more to read, or already gone
            while True:
                said += self._wire.recv(4096)
        if READY in said:
            self.close()
        return READY in said

    def close(self) -> None:
        """Stop listening."""
        self._wire.close()
        self._path.unlink(missing_ok=True)
