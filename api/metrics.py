"""What the API counts: requests, the queue of intake, connections in use. Loaded only where metrics are asked for."""

from collections.abc import Iterator
from time import perf_counter
from typing import Final

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.dependencies import CITIZENS, OFFICERS
from api.public.formats import atom
from api.public.raw_feed import RawFeed
from kit.db import engine

METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
OTHER: Final = "other"


def install(app: FastAPI, feed: RawFeed, told: CollectorRegistry) -> None:
    """Count what `app`, which stands behind its feed, and the feed answer."""
    feed.app = Counted(feed.app, told)
    told.register(_Own(app, feed))


class Counted:
    """Counts each request by its route as the code writes it; a path nobody knows is `other`."""

    def __init__(self, app: ASGIApp, told: CollectorRegistry) -> None:
        self.app = app
        self._requests = Counter("jz_http_requests", "Requests.", ["method", "route", "status"], registry=told)
        self._seconds = Histogram(
            "jz_http_request_seconds", "Until the answer is sent.", ["route"], registry=told, buckets=BUCKETS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, and count it when it is answered, broken off or failed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 0, perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            route = _route(scope)
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self._requests.labels(method, route, str(status)).inc()
            self._seconds.labels(route).observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """The route's whole path as the code writes it; FastAPI keeps that of an included router beside the route."""
    included = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(included or scope.get("route"), "path", OTHER))


class _Own(Collector):
    """What is looked up when it is asked for, and costs nothing else."""

    def __init__(self, app: FastAPI, feed: RawFeed) -> None:
        self._app, self._feed = app, feed

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The feed's answers, the queue of intake, and the pools."""
        feed = CounterMetricFamily("jz_feed_requests", "Answers of the feed.", labels=["path", "status"])
        for status, number in sorted(self._feed.answered.items()):
            feed.add_metric([atom.PATH, str(status)], number)
        yield feed
        mouth = getattr(self._app.state, "mouth", None)
        yield GaugeMetricFamily("jz_intake_waiting", "Reports that wait to be stored.", mouth.waiting if mouth else 0)
        used = GaugeMetricFamily("jz_database_connections", "Connections in use.", labels=["pool"])
        for login in (CITIZENS, OFFICERS):
            pool = engine(login).pool
            used.add_metric([login], pool.checkedout() if isinstance(pool, QueuePool) else 0)
        yield used
