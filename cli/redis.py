"""A private Redis on a unix socket. It only wakes workers, so it keeps nothing on disk."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.refusal import CannotGoOn

NAME = "redis.sock"


@dataclass(frozen=True)
class Redis:
    """One Redis server: `program` runs it, `sockets` holds its socket, `folder` is where it stands."""

    program: Path
    folder: Path
    sockets: Path

    @property
    def socket(self) -> Path:
        """The server's only address."""
        return self.sockets / NAME

    @property
    def url(self) -> str:
        """The address in Celery's words."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "logfile": "",
        }
        return [str(self.program), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def is_ready(self) -> bool:
        """Whether the server answers a ping now."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(2)
            try:
                wire.connect(str(self.socket))
                wire.sendall(b"PING\r\n")
                return wire.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def find_program(folder: Path) -> Path:
    """The program that is a Redis server: an installed one, or a link in `folder` to the one in Debian's redis-tools.

    That package holds the whole server under another name, and unlike redis-server it starts no service.
    Raises CannotGoOn when there is neither.
    """
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    same = shutil.which("redis-check-rdb")
    if same is None:
        raise CannotGoOn("No Redis is installed here. Install it (Debian: redis-tools) and run this again.")
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "redis-server"
    if not link.exists() or link.resolve() != Path(same).resolve():
        link.unlink(missing_ok=True)
        link.symlink_to(same)
    return link


@contextmanager
def running(redis: Redis, log: Path, *, seconds: float = 20) -> Iterator[Redis]:
    """The server, running while the block lasts. Raises CannotGoOn when it does not start."""
    with log.open("ab") as sink:
        server = subprocess.Popen(
            redis.command(), stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        deadline = time.monotonic() + seconds
        while not redis.is_ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise CannotGoOn(f"Redis did not start; {log} says why.")
            time.sleep(0.05)
        yield redis
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
