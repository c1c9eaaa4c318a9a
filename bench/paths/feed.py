"""The feed of exposures, whole and not modified, against nginx serving the same bytes as a file."""

from collections.abc import Iterator
from statistics import median

from bench import load
from bench.house import House, Server
from bench.table import Bar, Row

PATH = "/feeds/exposures.atom"
CONNECTIONS = (1, 8, 32)
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
                        _load(house, nginx.url("/feed.atom"), connections, theirs),
                        _load(house, api.url(PATH), connections, ours),
                    )
                    for _ in range(house.repeats)
                ]
                yield _row(f"feed {status}, c={connections}", pairs, len(body), connections, must, aim)


def _load(house: House, url: str, connections: int, headers: list[str]) -> load.Http:
    return load.wrk(url, "get", connections=connections, seconds=house.seconds, headers=headers)


def _row(path: str, pairs: list[tuple[load.Http, load.Http]], size: int, connections: int, must: Bar, aim: Bar) -> Row:
    held = connections == CONNECTIONS[-1]
    return Row(
        path,
        "/s",
        figure=median(ours.rate for _, ours in pairs),
        limit=median(limit.rate for limit, _ in pairs),
        ratio=median(ours.rate / limit.rate for limit, ours in pairs),
        must=must if held else None,
        aim=aim if held else None,
        notes={"p95 ms": median(ours.p95_ms for _, ours in pairs), "kB": size / 1000},
    )
