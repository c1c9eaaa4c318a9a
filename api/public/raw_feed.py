"""The feed before the framework: bytes and ETag kept ready, refreshed when the change log has grown (design.md §9).

A withdrawal is out of the feed within two seconds. While the database is away the last bytes are served for a minute,
and then nothing: a feed that cannot learn of a withdrawal must not go on.

Most requests never come here: `quick_feed` answers them inside the server's protocol from the same bytes.
"""

import asyncio
import contextlib
import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.dependencies import OFFICERS
from api.public.caching import FRESH
from api.public.formats import atom
from cases import feeds, history
from cases.feeds.items import item
from kit import clock
from kit.db import unit_of_work
from kit.settings import settings

REFRESH_S = 1.0
STALE_AFTER_S = 60.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Ready:
    """A feed document with the headers of its two answers."""

    grown: tuple[int, int, int]
    made_on: datetime
    body: bytes
    tag: bytes
    full: list[tuple[bytes, bytes]]
    bare: list[tuple[bytes, bytes]]

    def is_known_by(self, if_none_match: bytes) -> bool:
        """Whether a reader that sends this If-None-Match has the document already."""
        return self.tag in if_none_match or if_none_match == b"*"


class RawFeed:
    """An ASGI application that answers the feed itself and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.ready: Ready | None = None
        """The document as it stands; None before the first was made, and once it is too old to be told."""
        self.answered: Counter[int] = Counter()
        """Answers by their status."""
        self._too_old: asyncio.TimerHandle | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the feed's path from memory."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == atom.PATH and scope["method"] in {"GET", "HEAD"}:
            await self._answer(scope, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        ready = self.ready
        if ready is None:
            await self._send(send, 503, [(b"retry-after", b"5"), (b"content-length", b"0")])
        elif any(name == b"if-none-match" and ready.is_known_by(value) for name, value in scope["headers"]):
            await self._send(send, 304, ready.bare)
        else:
            await self._send(send, 200, ready.full, b"" if scope["method"] == "HEAD" else ready.body)

    async def _send(self, send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.answered[status] += 1
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.refresh()
        self._keeper = asyncio.create_task(self._keep(), name="feed")
        try:
            await self.app(scope, receive, send)
        finally:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            if self._too_old is not None:
                self._too_old.cancel()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            await self.refresh()

    async def refresh(self) -> None:
        """Look whether the change log has grown, and make the document anew if it has, or if the day has changed."""
        try:
            self.ready = await run_in_threadpool(_made, self.ready)
            self._live_on()
        except Exception as failure:  # noqa: BLE001 - the last document is served until it is too old
            log.warning("feed not refreshed", error=type(failure).__name__)

    def _live_on(self) -> None:
        """Start the minute anew after which the document is dropped, whatever keeps the next look from ending."""
        if self._too_old is not None:
            self._too_old.cancel()
        self._too_old = asyncio.get_running_loop().call_later(STALE_AFTER_S, self._drop)

    def _drop(self) -> None:
        self.ready = None
        log.warning("feed too old to be told")


def _made(last: Ready | None) -> Ready:
    now = clock.now()
    with unit_of_work(OFFICERS, role="jz_public") as session:
        grown = feeds.grown(session)
        if last is not None and last.grown == grown and last.made_on.date() == now.date():
            return last
        head = history.of_the_day(session, now=now)
        body = atom.document(
            [item(row) for row in feeds.newest(session)], base_url=settings().base_url, now=now,
            log_head=head.note if head else None, earlier=next(iter(feeds.months(session)), None),
        )  # fmt: skip
    tag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
    bare = [
        (b"etag", tag),
        (b"cache-control", FRESH.encode()),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
    ]
    full = [*bare, (b"content-type", f"{atom.TYPE}; charset=utf-8".encode()), (b"content-length", b"%d" % len(body))]
    return Ready(grown, now, body, tag, full, bare)
