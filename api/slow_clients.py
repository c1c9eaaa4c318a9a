"""Clients that dawdle are let go: a head that drips, a body that drips, a reader that does not read (T15, G16).

uvicorn waits for ever for all three. A proxy in front cuts a dripping head, and never a body that keeps dripping; so
the server itself has a clock for each connection. A bad network is no attack: its time is measured generously.
"""

import asyncio
from math import inf
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MOST_HEAD: Final = 64 * 1024
UNKNOWN_LENGTH: Final = 256 * 1024  # of a body that does not say: what all but photos may have
_TOO_SLOW: Final = (
    '{"type":"/problems/request.too_slow","title":"请求传输过慢，请重试","status":408,"code":"request.too_slow",'
    '"retryable":true,"errors":[],"retry_after_s":5}'
).encode()
_TOO_MUCH: Final = (
    '{"type":"/problems/head.too_large","title":"请求头过大","status":431,"code":"head.too_large","retryable":false,'
    '"errors":[]}'
).encode()


class Patient(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience, in seconds and bytes a second."""

    HEAD_S: ClassVar[float] = 15.0
    BODY_S: ClassVar[float] = 30.0
    RATE: ClassVar[int] = 16 * 1024
    READ_S: ClassVar[float] = 30.0
    LOOK_S: ClassVar[float] = 1.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count: also who says nothing at all is somebody who drips."""
        super().connection_made(transport)
        self._until = self.loop.time() + self.HEAD_S
        self._read_until = inf
        self._head = 0
        self._watch: asyncio.TimerHandle | None = self.loop.call_later(self.LOOK_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to watch any more."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._until, self._head = self.loop.time() + self.HEAD_S, 0

    def on_url(self, url: bytes) -> None:
        """A path counts to the head."""
        super().on_url(url)
        self._count(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header more."""
        super().on_header(name, value)
        self._count(name)
        self._count(value)

    def on_headers_complete(self) -> None:
        """A body begins, or there is none."""
        length = next((value for name, value in self.headers if name == b"content-length"), b"")
        promised = int(length) if length.isdigit() and len(length) < 12 else UNKNOWN_LENGTH  # noqa: PLR2004 - digits
        self._until = self.loop.time() + self.BODY_S + promised / self.RATE
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All is there; how long the answer takes is ours to say."""
        self.all_is_there()
        super().on_message_complete()

    def all_is_there(self) -> None:
        """Wait for nothing more of this client until its next request begins."""
        self._until = inf

    def pause_writing(self) -> None:
        """The client does not read, or does so slowly."""
        super().pause_writing()
        self._read_until = self.loop.time() + self.READ_S

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        self._read_until = inf

    def timeout_keep_alive_handler(self) -> None:
        """An idle connection ends; one that has not taken its last answer by now is not waited for."""
        if self.transport.get_write_buffer_size() and not self.transport.is_closing():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def _count(self, piece: bytes) -> None:
        self._head += len(piece)
        if self._head > MOST_HEAD and not self.transport.is_closing():
            self._refuse(b"431 Request Header Fields Too Large", _TOO_MUCH)

    def _look(self) -> None:
        now = self.loop.time()
        if now > self._read_until:
            self.transport.abort()
        elif now > self._until and not self.transport.is_closing():
            self._refuse(b"408 Request Timeout", _TOO_SLOW)
        else:
            self._watch = self.loop.call_later(self.LOOK_S, self._look)

    def _refuse(self, status: bytes, body: bytes) -> None:
        """Say why, where no answer has begun, and end it without waiting for anybody."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn begins without one
        if cycle is None or cycle.response_complete or not cycle.response_started:
            head: dict[str, Any] = {"content-type": "application/problem+json", "content-length": len(body)}
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode()
            self.transport.write(b"HTTP/1.1 " + status + b"\r\n" + lines + b"connection: close\r\n\r\n" + body)
            self.transport.close()
            self.loop.call_later(self.LOOK_S, self.transport.abort)
        else:
            self.transport.abort()
