"""The feed inside the server's protocol: a plain request for it is answered where it is parsed.

ASGI makes a scope, a task, an event and two messages for each request; that is three quarters of what a feed of ready
bytes costs. Here only what is beyond doubt is answered: one GET or HEAD of exactly the feed's path, over HTTP/1.1, that
keeps its connection, brings no body and asks for nothing unusual, while nothing else is under way on its connection.
All else goes the server's own way to `RawFeed`, which says the same.
"""

from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.public.formats.atom import PATH
from api.public.raw_feed import RawFeed, Ready
from api.slow_clients import Patient

URL: Final = PATH.encode()
UNUSUAL: Final = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Spelled:
    """The feed's answers as bytes on the wire, with the server's own headers (Date), which change each second."""

    ready: Ready
    own: Headers
    whole: bytes
    head: bytes
    known: bytes


def spelled(ready: Ready, own: Headers) -> Spelled:
    """Spell the answers out, once a second."""
    head = _spell(200, [*own, *ready.full])
    return Spelled(ready, own, head + ready.body, head, _spell(304, [*own, *ready.bare]))


def _spell(status: int, headers: Headers) -> bytes:
    return STATUS_LINE[status] + b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n"


class QuickFeed(Patient):
    """The server's protocol, which knows the feed."""

    _spelled: Spelled | None = None
    """Shared by all connections of a process."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._feed = self.app if isinstance(self.app, RawFeed) else None
        self._answer: bytes | None = None

    def on_headers_complete(self) -> None:
        """Choose the answer if this is the feed; else do as ever."""
        self._answer = self._chosen() if self.url == URL else None
        if self._answer is None:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Write the chosen answer, and let the server count it and wait for the next request."""
        if self._answer is None:
            super().on_message_complete()
        else:
            self.all_is_there()
            self.transport.write(self._answer)
            self.on_response_complete()

    def _chosen(self) -> bytes | None:
        feed = self._feed
        if feed is None or feed.ready is None or not self._is_idle():
            return None
        method, known = self.parser.get_method(), False
        if method not in {b"GET", b"HEAD"} or not self._keeps_going():
            return None
        for name, value in self.headers:
            if name in UNUSUAL:
                return None
            known = known or (name == b"if-none-match" and feed.ready.is_known_by(value))
        feed.answered[304 if known else 200] += 1
        ready = self._as_bytes(feed.ready)
        if known:
            return ready.known
        return ready.whole if method == b"GET" else ready.head

    def _keeps_going(self) -> bool:
        """Whether the server would serve it, and leave the connection open."""
        asked = self.parser
        return self.limit_concurrency is None and asked.get_http_version() == "1.1" and asked.should_keep_alive()

    def _is_idle(self) -> bool:
        """Whether every request before is answered and its answer gone: a reader that does not read gets no more."""
        done = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # uvicorn begins so
        return done and self.transport.get_write_buffer_size() == 0 and not self.transport.is_closing()

    def _as_bytes(self, ready: Ready) -> Spelled:
        kept, own = QuickFeed._spelled, self.server_state.default_headers
        if kept is None or kept.own is not own or kept.ready is not ready:
            kept = QuickFeed._spelled = spelled(ready, own)
        return kept
