"""A line to Redis in its own words: the client library is twelve megabytes, and what is asked here is little.

One connection, kept; when it breaks it is made anew once. After a failure nobody waits for Redis for a while: whoever
asks is told at once that it is away.
"""

import socket
import ssl
import time
from threading import Lock
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

PORT = 6379
UNIX = ("unix", "redis+socket")
REST_S = 2.0

Answer = int | bytes | None


class NoAnswer(OSError):
    """It said something else than an answer."""


class RedisLine:
    """Asks one question at a time; safe to share between threads."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        """Nothing is connected before the first question."""
        self._url, self._timeout_s = url, timeout_s
        self._wire: socket.socket | None = None
        self._answers: BinaryIO | None = None
        self._lock = Lock()
        self._away_until = 0.0

    def ask(self, *words: str | bytes | float) -> Answer:
        """The answer to a command, a number or some bytes. Raises OSError when nothing, or no good answer, comes."""
        with self._lock:
            if time.monotonic() < self._away_until:
                raise ConnectionError("Redis was away a moment ago.")
            if self._wire is not None:
                try:
                    return self._asked(words)
                except OSError:  # it may have been restarted since
                    self._hang_up()
            try:
                return self._asked(words)
            except OSError:
                self._hang_up()
                self._away_until = time.monotonic() + REST_S
                raise

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._hang_up()

    def _asked(self, words: tuple[str | bytes | int | float, ...]) -> Answer:
        wire, answers = self._connected()
        wire.sendall(_spelled(words))
        return _read(answers)

    def _connected(self) -> tuple[socket.socket, BinaryIO]:
        if self._wire is None or self._answers is None:
            self._wire = _connected(self._url, self._timeout_s)
            self._answers = self._wire.makefile("rb")
            for words in _introduction(self._url):
                self._wire.sendall(_spelled(words))
                _read(self._answers)
        return self._wire, self._answers

    def _hang_up(self) -> None:
        for end in (self._answers, self._wire):
            if end is not None:
                end.close()
        self._wire = self._answers = None


def _connected(url: str, timeout_s: float) -> socket.socket:
    where = urlsplit(url)
    if where.scheme in UNIX:
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(timeout_s)
        try:
            wire.connect(where.path)
        except OSError:
            wire.close()
            raise
        return wire
    wire = socket.create_connection((where.hostname or "localhost", where.port or PORT), timeout_s)
    if where.scheme == "rediss":
        return ssl.create_default_context().wrap_socket(wire, server_hostname=where.hostname)
    return wire


def _introduction(url: str) -> list[tuple[str, ...]]:
    """Who asks, and which of the numbered databases is meant."""
    where = urlsplit(url)
    said = []
    if where.password:
        names = [unquote(where.username)] if where.username else []
        said.append(("AUTH", *names, unquote(where.password)))
    path = "" if where.scheme in UNIX else where.path.strip("/")
    number = parse_qs(where.query).get("virtual_host", [path or "0"])[-1].strip("/") or "0"
    return [*said, ("SELECT", number)] if number != "0" else said


def _spelled(words: tuple[str | bytes | int | float, ...]) -> bytes:
    """The words as Redis reads them: each with its length, so that none can be taken for another."""
    parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)


def _read(answers: BinaryIO) -> Answer:
    line = answers.readline(512)
    kind, rest = line[:1], line[1:].strip()
    if kind == b"+":
        return rest
    if kind in {b":", b"$"} and rest.lstrip(b"-").isdigit():
        number = int(rest)
        if kind == b":":
            return number
        return None if number < 0 else answers.read(number + 2)[:-2]
    raise NoAnswer(line.decode(errors="replace").strip() or "Redis hung up.")
