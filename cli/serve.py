"""`serve`: the one place that mounts the raw feed, the API and the pages into one process."""

import contextlib
import ctypes
import gc
from collections.abc import Callable
from functools import lru_cache
from threading import Thread
from typing import Any, cast

from cli import lean  # isort: skip  # noqa: F401 - before all that loads GeoAlchemy, structlog or FastAPI

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.app import create_app
from api.public.quick_feed import QuickFeed
from api.public.raw_feed import RawFeed
from kit import clock, logs
from kit.settings import settings
from web import app as pages

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # glibc, malloc.h
BIG = 4 * 1024 * 1024
GIVE_BACK_S = 2.0


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


@lru_cache(maxsize=1)
def _keep_small() -> None:
    """Let the C library give back what threads and photos have used.

    By itself it keeps an arena for each of forty threads, and after the first photo takes buffers of any size from the
    heap, where one that stays holds all below it. The room that photos' pieces leave between others is given back every
    other second, and not at once: each page that is given back costs a fault when the next piece comes, a thousand of
    them for a photo.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library has no such knobs
        knobs = ctypes.CDLL(None)
        knobs.mallopt(M_ARENA_MAX, 2)
        knobs.mallopt(M_MMAP_THRESHOLD, BIG)
        knobs.mallopt(M_TRIM_THRESHOLD, BIG)
        knobs.malloc_trim(0)  # of what the imports have left
        Thread(target=_give_back, args=(knobs.malloc_trim,), name="give back", daemon=True).start()


def _give_back(trim: Callable[[int], int]) -> None:
    while True:
        clock.sleep(GIVE_BACK_S)
        trim(0)


def serve() -> None:
    """Answer phones, officers, media and browsers."""
    given = settings()
    logs.begin(given.log_level)
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
        log_config=logs.of_a_server(given.log_level),
        server_header=False,
        proxy_headers=False,  # see _behind
        timeout_graceful_shutdown=10,
    )
