"""The feed of exposures, whole and not modified, against nginx serving the same bytes as a file."""

from collections.abc import Iterator
from statistics import median

from bench import load
from bench.house import House, Server
from bench.table import Bar, Row

PATH = "/feeds/exposures.atom"
CONNECTIONS = (1, 8, 32)
Run = tuple[load.Http, float]
BARS = {200: (Bar("≥", 0.40), Bar("≥", 0.55)), 304: (Bar("≥", 0.35), Bar("≥", 0.50))}


def measure(house: House, api: Server) -> Iterator[Row]:
    """Rows for 200 and 304 at each concurrency."""
    _, headers, body = api.get(PATH)
    (house.static / "feed.atom").write_bytes(body)
    with house.nginx() as nginx:
        tag = nginx.get("/feed.atom")[1]["etag"]
        for status, (must, aim) in BARS.items():
            conditional = status == 304  # noqa: PLR2004 - it is the name of the row
            ours = [f"If-None-Match: {headers['etag']}"] if conditional else []
            theirs = [f"If-None-Match: {tag}"] if conditional else []
            for connections in CONNECTIONS:
                pairs = [
                    (
                        _load(house, nginx, "/feed.atom", connections, theirs),
                        _load(house, api, PATH, connections, ours),
                    )
                    for _ in range(house.repeats)
                ]
                yield _row(f"feed {status}, c={connections}", pairs, len(body), connections, must, aim)


def _load(house: House, server: Server, path: str, connections: int, headers: list[str]) -> Run:
    """A run, and the server's CPU for each request in µs."""
    cost = load.spent(server.pid)
    seen = load.wrk(server.url(path), "get", connections=connections, seconds=house.seconds, headers=headers)
    return seen, cost.us / seen.requests


def _row(path: str, pairs: list[tuple[Run, Run]], size: int, connections: int, must: Bar, aim: Bar) -> Row:
    held = connections == CONNECTIONS[-1]
    return Row(
        path,
        "/s",
        figure=median(ours.rate for _, (ours, _) in pairs),
        limit=median(limit.rate for (limit, _), _ in pairs),
        ratio=median(ours.rate / limit.rate for (limit, _), (ours, _) in pairs),
        must=must if held else None,
        aim=aim if held else None,
        notes={
            "p95 ms": median(ours.p95_ms for _, (ours, _) in pairs),
            "kB": size / 1000,
            "app µs": median(us for _, (_, us) in pairs),
            "nginx µs": median(us for (_, us), _ in pairs),
        },
    )
