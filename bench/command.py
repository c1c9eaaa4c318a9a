"""`./jz bench`: every path beside its limit, as one table, kept in bench/results/."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bench import cpu, seeding
from bench.house import DATABASE, House, Server, open_house
from bench.paths import derivatives, feed, intake, photo, queue, routing
from bench.table import Bar, Row, as_json, as_markdown, beside
from bench.towns import Grid
from cli.migrate import migrate
from cli.places import Places
from cli.terminal import say
from kit import clock
from kit.db import OWNER, engine

RESULTS = Path(__file__).parent / "results"
TOWNS, CASES = 200, 100_000
GRID = Grid(columns=20, side=120)
MEMORY_MB = 150.0
SETTLES_S = 4.0  # cli/serve.py gives back what was used every two seconds


def bench(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="One run of a second each: whether it works, not how well.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this path; may be given more than once.")] = None,
    keep: Annotated[bool, typer.Option(help="Write the table to bench/results.")] = True,
) -> None:
    """Measure load and limit side by side on a private cluster; takes about ten minutes, --quick two."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers below are stopped, too
    began = time.monotonic()
    seconds, repeats = (1.0, 1) if quick else (2.0, 3)
    rows: list[Row] = []
    with open_house(Places(), seconds=seconds, repeats=repeats, quick=quick) as house:
        for row in measured(house, set(only or ())):
            say(f"{row.path}: {row.figure:,.3g} {row.unit}, {row.ratio:.2f} of {row.limit:,.3g}")
            rows.append(row)
    about = {**machine(), "quick": quick, "took_s": round(time.monotonic() - began)}
    print(as_markdown(rows), flush=True)
    if keep:
        write(rows, about, now=clock.now())


def measured(house: House, only: set[str]) -> Iterator[Row]:
    """The rows of every path, or of those in `only`: see PATHS."""
    now = clock.now()
    say("bringing the bench's database to the newest schema ...")
    migrate()
    if not only or "routing" in only:
        engine(OWNER).dispose()  # a database with sessions cannot be copied
        yield from routing.measure(house, now)
    say(f"putting in {TOWNS} towns and {CASES:,} cases ...")
    _seed(house, now=now)
    with house.api() as api:
        paths: dict[str, Callable[[], Iterable[Row]]] = {
            "intake": lambda: intake.measure(house, api, GRID, TOWNS, now=now),
            "photo": lambda: photo.measure(house, api),
            "derivatives": lambda: derivatives.measure(house),
            "queue": lambda: queue.measure(house, api, now=now),
            "feed": lambda: feed.measure(house, api),
            "memory": lambda: [_memory(api)],
        }
        for name, measure in paths.items():
            if not only or name in only:
                yield from measure()


def _seed(house: House, *, now: datetime) -> None:
    with house.cluster.connect(DATABASE) as connection:
        seeding.towns(connection, GRID, 0, TOWNS)
        seeding.offices(connection, TOWNS)
        seeding.cases(connection, CASES, now=now)
        seeding.exposures(connection, now=now)


def _memory(api: Server) -> Row:
    """What it holds after the load, once it has given back what it does in a moment, and at the most."""
    time.sleep(SETTLES_S)
    now, most = cpu.resident_mb(api.pid)
    return beside(
        "memory of the API's process", "MB", now, MEMORY_MB, must=Bar("≤", 1.0), notes={"at the most, MB": most}
    )


def machine() -> dict[str, Any]:
    """What a reader must know of the machine and of the code to compare two results."""
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=Places().root
    )
    return {
        "revision": revision.stdout.strip(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def write(rows: list[Row], about: dict[str, Any], *, now: datetime) -> Path:
    """Keep a result as JSON and as a table, under the day and minute it was made; gives the JSON's path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}.json"
    document = {"at": f"{now:%Y-%m-%dT%H:%M:%SZ}", **about, "rows": as_json(rows)}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    facts = "".join(f"- {name}: {value}\n" for name, value in document.items() if name != "rows")
    path.with_suffix(".md").write_text(f"# Bench of {now:%Y-%m-%d}\n\n{facts}\n{as_markdown(rows)}", encoding="utf-8")
    return path
