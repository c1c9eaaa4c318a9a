"""Posting to an address that a stranger has given: the one way by which a machine outside is called (SSRF, T19).

Over TLS and on two ports only. The name is resolved once, every address that it has must be one of the internet, and
the call goes to that very address, so that a name which changes its mind reaches nothing else. No redirect is followed
and no proxy of the environment is asked. All of it has five seconds, and of the answer 64 kB are read.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from urllib.parse import SplitResult, urlsplit

from kit import clock
from kit.errors import Invalid
from kit.settings import settings

WHOLE_S = 5.0
LONGEST_ANSWER = 64 * 1024
KEPT_ANSWER = 500
LONGEST_URL = 1000
PORTS = frozenset({443, 8443})
MOST_ADDRESSES = 8
LONGEST_WAIT_DIGITS = 9
# Python takes some of these for addresses of the internet: they lead to others that are written inside them.
LEADING_ELSEWHERE = tuple(
    ip_network(each)
    for each in (
        "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96",
        "64:ff9b:1::/48", "2001::/23", "2002::/16", "fec0::/10",
    )
)  # fmt: skip

Resolve = Callable[[str, int], Sequence[str]]


class BadAddress(Invalid):
    """The address is none that a stranger may have called."""

    code = "webhook.address"
    message = "Give an https address of the internet, on port 443 or 8443, without a name or a password in it."
    pointer = "/url"


class NotReached(Exception):
    """Nobody answered, or nobody who may be called; its text is one word for a log."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the first words of the body, and for how long we are asked to wait."""

    status: int
    said: str
    wait_s: float | None = None


def check(url: str) -> SplitResult:
    """The parts of an address that may be tried. Raises BadAddress.

    Where its name leads is seen when it is called.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as broken:
        raise BadAddress from broken
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= LONGEST_URL
    if not plain or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise BadAddress
    if port not in PORTS and not settings().named_networks:
        raise BadAddress
    if _is_literal(parts.hostname) and not may_be_called(parts.hostname, port):
        raise BadAddress
    return parts


def may_be_called(address: str, port: int = 443) -> bool:
    """Whether it is an address of the internet with nothing else written inside, or of a network that is named."""
    try:
        found = ip_address(address)
    except ValueError:  # also one with a zone
        return False
    if any(found in network for network in settings().named_networks):
        return True
    if isinstance(found, IPv6Address) and (found.scope_id or found.is_site_local):
        return False
    elsewhere = any(found in network for network in LEADING_ELSEWHERE)
    return port in PORTS and found.is_global and not found.is_multicast and not elsewhere


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def post(url: str, body: bytes, headers: Mapping[str, str], *, resolve: Resolve = resolved) -> Answer:
    """Post a body; gives whatever was answered, a redirect too. Raises BadAddress, NotReached."""
    parts, until = check(url), time.monotonic() + WHOLE_S
    host, port = parts.hostname or "", parts.port or 443
    addresses = _in_time(resolve, host, port, until)
    if not addresses or not all(may_be_called(each, port) for each in addresses):
        raise NotReached("address_not_allowed")
    try:
        with _connected(addresses, port, until) as raw, _secured(raw, host, until) as tls:
            tls.sendall(_request(parts, body, headers))
            return _answer(tls, until)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise NotReached(_word(failure)) from failure


def _in_time(resolve: Resolve, host: str, port: int, until: float) -> Sequence[str]:
    """Resolved beside, since the system's resolver cannot be told when to give up."""
    found = SimpleQueue[Sequence[str]]()

    def ask() -> None:
        try:
            found.put(resolve(host, port))
        except (OSError, ValueError):
            found.put(())

    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = found.get(timeout=_left(until))
    except (Empty, TimeoutError) as late:
        raise NotReached("timeout") from late
    if not addresses:
        raise NotReached("name_unknown")
    return addresses[:MOST_ADDRESSES]


def _connected(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), timeout=_left(until) / 2)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), timeout=_left(until))


def _secured(raw: socket.socket, host: str, until: float) -> ssl.SSLSocket:
    raw.settimeout(_left(until))
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def _request(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    head = {"Host": parts.netloc, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {target} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + body


def _answer(tls: ssl.SSLSocket, until: float) -> Answer:
    """The status decides: where it came in time and its body does not, it was answered all the same."""
    reading = http.client.HTTPResponse(_Bounded(tls, until))  # type: ignore[arg-type]  # it asks for makefile alone
    reading.begin()
    try:
        said = reading.read(KEPT_ANSWER * 4)
    except (OSError, http.client.HTTPException, ValueError):
        said = b""
    return Answer(reading.status, _plain(said), asked_to_wait(reading.headers.get("Retry-After", "")))


def asked_to_wait(said: str, *, now: datetime | None = None) -> float | None:
    """The seconds that a `Retry-After` says, as a number or as a date (RFC 9110 10.2.3); None where it says nothing."""
    if said.isascii() and said.isdigit() and len(said) <= LONGEST_WAIT_DIGITS:
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:  # "-0000": the sender does not say where it is
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or clock.now())).total_seconds())


def _plain(said: bytes) -> str:
    text = said.decode(errors="replace")
    return "".join(each if each.isprintable() else " " for each in text)[:KEPT_ANSWER]


def _left(until: float) -> float:
    """The seconds that are left. Raises TimeoutError when none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _is_literal(host: str) -> bool:
    """Whether it looks like a number: also 127.1, 0x7f.1 and the like, which resolvers take for addresses."""
    return ":" in host or host.rpartition(".")[2][:1].isdigit()


def _word(failure: Exception) -> str:
    if isinstance(failure, TimeoutError):
        return "timeout"
    return "certificate" if isinstance(failure, ssl.SSLCertVerificationError) else type(failure).__name__


class _Bounded(io.RawIOBase):
    """What an answer is read from: so many bytes and no more, until the time is over however slowly they drip."""

    def __init__(self, tls: ssl.SSLSocket, until: float) -> None:
        self._tls, self._until, self._room = tls, until, LONGEST_ANSWER

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As a socket's, for http.client."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer
        """Some bytes, none at the end. Raises LineTooLong when the room is full, TimeoutError when the time is over."""
        if not self._room:
            raise http.client.LineTooLong("answer")
        self._tls.settimeout(_left(self._until))
        got = self._tls.recv_into(buffer, min(len(buffer), self._room))
        self._room -= got
        return got
