"""Upload of a photo: CPU per MB against a raw stream that is hashed, sealed and made durable."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from bench import cpu, load
from bench.house import House, Server
from bench.table import Bar, Row

PATH = "/m/v1/photos"
CONNECTIONS = (1, 8, 32)
MUST = Bar("≤", 2.0)
LONGER = 2  # than other paths: a photo takes longer than a report


def measure(house: House, api: Server) -> Iterator[Row]:
    """A row for each concurrency; beside its ratio that to a stream which is written in clear."""
    file = house.folder / "photo.jpg"
    file.write_bytes(photo())
    with house.null("photo") as clear, house.null("sealed_photo") as sealed:
        for connections in CONNECTIONS:
            runs = [
                (
                    _per_mb(house, clear, file, house.photos, connections, form=False),
                    _per_mb(house, sealed, file, house.photos, connections, form=False),
                    _per_mb(house, api, file, house.storage, connections, form=True),
                )
                for _ in range(house.repeats)
            ]
            yield Row(
                f"photo upload, c={connections}",
                "ms CPU/MB",
                figure=median(ours[0] for _, _, ours in runs),
                limit=median(limit[0] for _, limit, _ in runs),
                ratio=median(ours[0] / limit[0] for _, limit, ours in runs),
                must=MUST,
                notes={
                    "/s": median(ours[1] for _, _, ours in runs),
                    "raw /s": median(limit[1] for _, limit, _ in runs),
                    "times one in clear": median(ours[0] / bare[0] for bare, _, ours in runs),
                },
            )


def photo() -> bytes:
    """A JPEG of about 2 MB, noisy as a dark staircase is."""
    noise = np.random.default_rng(1).normal(120, 28, (1500, 2000, 3)).clip(0, 255).astype(np.uint8)
    sink = io.BytesIO()
    Image.fromarray(noise).save(sink, "JPEG", quality=92)
    return sink.getvalue()


def _per_mb(
    house: House, server: Server, file: Path, folder: Path, connections: int, *, form: bool
) -> tuple[float, float]:
    """Milliseconds of CPU for each MB, and photos per second; what was written is deleted.

    What is under way when a run ends has cost its time, and counts by what has come of it.
    """
    arguments = (str(file), hashlib.sha256(file.read_bytes()).hexdigest(), "yes" if form else "no")
    cost, before_mb = load.spent(server.pid), cpu.read_mb(server.pid)
    seconds = LONGER * house.seconds
    seen = load.wrk(server.url(PATH), "photo", connections=connections, seconds=seconds, arguments=arguments)
    used_ms, came_mb = cost.us / 1000, cpu.read_mb(server.pid) - before_mb
    for left in folder.rglob("*"):
        if left.is_file():  # folders stay, as in an installation that has taken photos before
            left.unlink(missing_ok=True)  # an upload that wrk has left may still be written
    return used_ms / came_mb, seen.rate
