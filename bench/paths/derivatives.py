"""Clean copies of a photo of 12 megapixels: processor time in the sandbox against bare Pillow."""

import io
import resource
from collections.abc import Callable, Iterator
from functools import lru_cache
from statistics import median

import numpy as np
from PIL import Image

from bench.house import House
from bench.table import Bar, Row, beside
from kit.images.sandbox import finder, sandbox

SIZES = [1600, 320]
MUST = Bar("≤", 1.5)
PROPOSALS_MUST = Bar("≤", 1.0)
# A second with proposals, where the limit beside it takes so long: what is counted is the ratio, for machines differ.
PROPOSALS_MS, BARE_MS = 1000.0, 114.0


def measure(house: House) -> Iterator[Row]:
    """What every photo costs, and what it costs with proposals of what to mask."""
    photo, times = shot(), 3 * house.repeats
    copies = sandbox.run({"do": "clean", "sizes": SIZES}, photo).content
    large = copies[4 : 4 + int.from_bytes(copies[:4], "big")]
    small = copies[8 + len(large) :]
    finder.run({"do": "find"}, large)  # loads the models
    bare, clean, whole, found = [], [], [], []
    for _ in range(times):
        bare.append(_spent(lambda: shrink(photo)))
        clean.append(1000 * sandbox.run({"do": "clean", "sizes": SIZES}, photo).cpu_s)
        beside_it = [sandbox.run({"do": "capture"}, photo), sandbox.run({"do": "likeness"}, small)]
        whole.append(clean[-1] + sum(1000 * each.cpu_s for each in beside_it))
        found.append(whole[-1] + 1000 * finder.run({"do": "find"}, large).cpu_s)
    finder.stop()
    sandbox.stop()
    yield Row(
        "photo of 12 MP → clean 1600 + 320 px", "ms CPU", median(whole), median(bare),
        median(ours / limit for ours, limit in zip(whole, bare, strict=True)), must=MUST,
        notes={"copies alone": median(clean)},
    )  # fmt: skip
    a_second = PROPOSALS_MS * median(bare) / BARE_MS
    yield beside("the same with what to mask", "ms CPU", median(found), a_second, must=PROPOSALS_MUST)


@lru_cache(maxsize=1)
def shot() -> bytes:
    """A JPEG of 12 megapixels, somewhat noisy."""
    noise = np.random.default_rng(1).normal(0, 12, (3000, 4000, 1))
    slopes = np.linspace(40, 200, 4000)[None, :, None] + np.linspace(-30, 30, 3000)[:, None, None]
    sink = io.BytesIO()
    Image.fromarray((slopes + noise).clip(0, 255).repeat(3, axis=2).astype(np.uint8)).save(sink, "JPEG", quality=85)
    return sink.getvalue()


def shrink(photo: bytes) -> list[bytes]:
    """The limit: Pillow at its best, without a look at anything, a canvas or a proof."""
    copies = []
    with Image.open(io.BytesIO(photo)) as image:
        image.draft("RGB", (SIZES[0], SIZES[0] * image.height // image.width))
        for size in SIZES:
            image.thumbnail((size, size), reducing_gap=2.0)
            copy = io.BytesIO()
            image.save(copy, "JPEG", quality=82)
            copies.append(copy.getvalue())
    return copies


def _spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
