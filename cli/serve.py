"""`serve`: the one place that mounts the raw feed, the API and the pages into one process."""

import contextlib
import ctypes
import gc
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.app import create_app
from api.public.quick_feed import QuickFeed
from api.public.raw_feed import RawFeed
from kit import logs
from kit.settings import settings
from web import app as pages

M_ARENA_MAX = -8  # glibc, malloc.h


def application() -> ASGIApp:
    """The whole HTTP side of one process."""
    _keep_small()
    app = create_app()
    pages.install(app)
    feed = RawFeed(_behind(app, settings().proxies))
    if settings().metrics_port:
        _tell_metrics(app, feed)
    gc.collect()
    gc.freeze()  # what stands now lives as long as the process: no collection need look at it again
    return feed


def _tell_metrics(app: FastAPI, feed: RawFeed) -> None:
    from api import metrics as counts  # noqa: PLC0415 - several megabytes, for those who ask for them
    from kit import metrics  # noqa: PLC0415 - likewise

    told = metrics.registry()
    counts.install(app, feed, told)
    metrics.serve(told, metrics.API)


def _behind(app: FastAPI, proxies: list[str]) -> ASGIApp:
    """The application as its proxies see it: who connects through one of them is who it says (X-Forwarded-For)."""
    return cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), proxies)) if proxies else app


def _keep_small() -> None:
    """Let all threads share two arenas of the C library: one for each of forty threads keeps what nobody needs."""
    with contextlib.suppress(OSError, AttributeError):  # another C library has no such arenas
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def serve() -> None:
    """Answer phones, officers, media and browsers."""
    given = settings()
    logs.configure(given.log_level)
    uvicorn.run(
        "cli.serve:application",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.api_processes,
        loop="uvloop",
        http=QuickFeed,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # see _behind
        timeout_graceful_shutdown=10,
    )
