"""What the worker asks for: clean copies of a photo, and what its camera said. Both are done in the sandbox."""

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.images.judge import NotClean, prove_clean
from kit.images.refusals import PhotoBroken
from kit.images.sandbox import sandbox

SIZES = (1600, 320)


@dataclass(frozen=True, slots=True)
class Derivative:
    """A clean JPEG of a photo, proven to carry nothing but pixels; its longer side is at most `longest` pixels."""

    longest: int
    width: int
    height: int
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What the camera noted, to be graded and then forgotten: never store it.

    `position` is (longitude, latitude) in degrees, WGS 84 as EXIF says, though some phones write GCJ-02.
    """

    taken_at: datetime | None
    position: tuple[float, float] | None


def clean(photo: Path | bytes, sizes: tuple[int, ...] = SIZES) -> list[Derivative]:
    """Clean upright copies, largest first, at most `sizes` pixels on the longer side (never enlarged).

    Raises PhotoBroken for what cannot be decoded within the limits, PhotoWaits when the machine failed, and NotClean,
    a fault, when a copy does not stand the proof.
    """
    wanted = sorted(sizes, reverse=True)
    return derivatives(sandbox.run({"do": "clean", "sizes": wanted}, photo).content, wanted)


def capture_facts(photo: Path | bytes) -> CaptureFacts:
    """EXIF time and position, if there are any. Raises PhotoWaits; a photo that cannot be read says nothing."""
    try:
        said = json.loads(sandbox.run({"do": "capture"}, photo).content)
        return CaptureFacts(_instant(said["taken_at"]), _position(said["position"]))
    except (PhotoBroken, ValueError, TypeError, KeyError):
        return CaptureFacts(None, None)


def derivatives(content: bytes, wanted: list[int]) -> list[Derivative]:
    """The copies in an answer, each proven. Raises NotClean."""
    copies = _split(content, len(wanted))
    return [_proven(longest, copy) for longest, copy in zip(wanted, copies, strict=True)]


def _split(content: bytes, count: int) -> list[bytes]:
    copies, at = [], 0
    for _ in range(count):
        length = int.from_bytes(content[at : at + 4], "big")
        copies.append(content[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(content):
        raise NotClean("answer")
    return copies


def _proven(longest: int, copy: bytes) -> Derivative:
    width, height = prove_clean(copy)
    if not 0 < min(width, height) <= max(width, height) <= longest:
        raise NotClean(f"{width}×{height} for {longest}")
    return Derivative(longest, width, height, copy, hashlib.sha256(copy).hexdigest())


def _instant(said: Any) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said).astimezone(UTC)


def _position(said: Any) -> tuple[float, float] | None:
    if said is None:
        return None
    lon, lat = map(float, said)
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None
