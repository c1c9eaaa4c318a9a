"""Whether a Redis answers, asked in its own words: the client library is twelve megabytes, and this is one question."""

import socket
import ssl
from contextlib import ExitStack
from urllib.parse import unquote, urlsplit

PORT = 6379
UNIX = ("unix", "redis+socket")


class NoAnswer(OSError):
    """It said something else than yes."""


def ping(url: str, *, timeout_s: float) -> None:
    """Sign in if the address says how, and ask. Raises OSError when nothing, or no good answer, comes."""
    where = urlsplit(url)
    questions: list[tuple[str, ...]] = [("PING",)]
    if where.password:
        names = [unquote(where.username)] if where.username else []
        questions.insert(0, ("AUTH", *names, unquote(where.password)))
    with ExitStack() as stack:
        wire = stack.enter_context(_connected(url, timeout_s))
        answers = stack.enter_context(wire.makefile("rb"))
        for words in questions:
            wire.sendall(_spelled(words))
            if not answers.readline(512).startswith(b"+"):
                raise NoAnswer


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


def _spelled(words: tuple[str, ...]) -> bytes:
    """The words as Redis reads them: each with its length, so that none can be taken for another."""
    parts = [b"$%d\r\n%b\r\n" % (len(word.encode()), word.encode()) for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(parts)
