"""The feed before the framework: bytes and ETag kept ready, refreshed when the change log has grown (design.md §9).

A withdrawal is out of the feed within two seconds. While the database is away the last bytes are served for a minute,
and then nothing: a feed that cannot learn of a withdrawal must not go on.
"""

import asyncio
import contextlib
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.dependencies import OFFICERS
from api.public import atom
from cases import feeds
from kit import clock
from kit.db import unit_of_work
from kit.settings import settings

PATH = "/feeds/exposures.atom"
REFRESH_S = 1.0
STALE_AFTER = timedelta(seconds=60)

log = structlog.get_logger()


@dataclass(frozen=True)
class Ready:
    """A feed document with the headers of its two answers."""

    number: int
    made_on: datetime
    body: bytes
    tag: bytes
    full: list[tuple[bytes, bytes]]
    bare: list[tuple[bytes, bytes]]


class RawFeed:
    """An ASGI application that answers the feed itself and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._ready: Ready | None = None
        self._fresh_at: datetime | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the feed's path from memory."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH and scope["method"] in {"GET", "HEAD"}:
            await self._answer(scope, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        ready = self._ready
        if ready is None or self._fresh_at is None or clock.now() - self._fresh_at > STALE_AFTER:
            await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"5")]})
            await send({"type": "http.response.body"})
            return
        for name, value in scope["headers"]:
            if name == b"if-none-match" and ready.tag in value:
                await send({"type": "http.response.start", "status": 304, "headers": ready.bare})
                await send({"type": "http.response.body"})
                return
        await send({"type": "http.response.start", "status": 200, "headers": ready.full})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else ready.body})

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.refresh()
        self._keeper = asyncio.create_task(self._keep(), name="feed")
        try:
            await self.app(scope, receive, send)
        finally:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            await self.refresh()

    async def refresh(self) -> None:
        """Look whether the change log has grown, and make the document anew if it has, or if the day has changed."""
        try:
            self._ready = await run_in_threadpool(_made, self._ready)
            self._fresh_at = clock.now()
        except Exception as failure:  # noqa: BLE001 - the last document is served until it is too old
            log.warning("feed not refreshed", error=type(failure).__name__)


def _made(last: Ready | None) -> Ready:
    now = clock.now()
    with unit_of_work(OFFICERS, role="jz_public") as session:
        number = feeds.last_number(session)
        if last is not None and last.number == number and last.made_on.date() == now.date():
            return last
        body = atom.document(feeds.newest(session), base_url=settings().base_url, now=now)
    tag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
    bare = [
        (b"etag", tag),
        (b"cache-control", b"public, max-age=30, stale-while-revalidate=30"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
    ]
    full = [*bare, (b"content-type", b"application/atom+xml; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    return Ready(number, now, body, tag, full, bare)
