"""The feed of exposures, whole and not modified, against nginx serving the same bytes as a file.

From Python alone, and behind the shipped nginx configuration.
"""

from collections.abc import Iterator
from statistics import median

from bench import load
from bench.house import House, Server
from bench.table import Bar, Row

PATH = "/feeds/exposures.atom"
CONNECTIONS = (1, 8, 32)
Run = tuple[load.Http, float]
ALONE = {200: (Bar("≥", 0.40), Bar("≥", 0.55)), 304: (Bar("≥", 0.35), Bar("≥", 0.50))}
BEHIND = (Bar("≥", 0.80), Bar("≥", 0.90))


def measure(house: House, api: Server) -> Iterator[Row]:
    """Rows for 200 and 304 at each concurrency, then behind nginx."""
    _, headers, body = api.get(PATH)
    (house.static / "feed.atom").write_bytes(body)
    with house.nginx() as nginx, house.front(api) as front:
        tags = headers["etag"], nginx.get("/feed.atom")[1]["etag"]
        for status, bars in ALONE.items():
            for connections in CONNECTIONS:
                pairs = _pairs(house, nginx, api, tags if status == 304 else None, connections)  # noqa: PLR2004 - the row's name
                yield _row(f"feed {status}, c={connections}", "app", pairs, len(body), connections, *bars)
        for status in ALONE:
            pairs = _pairs(house, nginx, front, tags if status == 304 else None, CONNECTIONS[-1])  # noqa: PLR2004 - likewise
            yield _row(f"feed {status} behind nginx, c=32", "front", pairs, len(body), CONNECTIONS[-1], *BEHIND)


def _pairs(
    house: House, nginx: Server, server: Server, tags: tuple[str, str] | None, connections: int
) -> list[tuple[Run, Run]]:
    """Runs beside each other: of the file, and of the feed from `server`; conditional with `tags` of feed and file."""
    ours, theirs = ([f"If-None-Match: {tag}"] for tag in tags) if tags else ([], [])
    return [
        (_load(house, nginx, "/feed.atom", connections, theirs), _load(house, server, PATH, connections, ours))
        for _ in range(house.repeats)
    ]


def _load(house: House, server: Server, path: str, connections: int, headers: list[str]) -> Run:
    """A run, and the server's CPU for each request in µs."""
    cost = load.spent(server.pid)
    seen = load.wrk(server.url(path), "get", connections=connections, seconds=house.seconds, headers=headers)
    return seen, cost.us / seen.requests


def _row(path: str, server: str, pairs: list[tuple[Run, Run]], size: int, connections: int, must: Bar, aim: Bar) -> Row:
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
            f"{server} µs": median(us for _, (_, us) in pairs),
            "nginx µs": median(us for (_, us), _ in pairs),
        },
    )
