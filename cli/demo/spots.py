"""Where the demo's reports lie: inside a town, on a border, outside the district; told in any of four datums."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from random import Random
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from cli.demo.district import responsible
from geo.datums import Datum, from_wgs84
from geo.points import Point

WELL_INSIDE: Final = 0.0016
"""Degrees, at least 150 m: farther from a border than any fix of the demo is unsure."""
JUST_OUTSIDE: Final = 0.004
DATUMS: Final = (Datum.GCJ02, Datum.WGS84, Datum.BD09, Datum.CGCS2000)


def inside(town: str, number: int) -> Point:
    """A place well inside a town."""
    return _within(_inner(town), number)


def on_border(number: int) -> Point:
    """A place on the border between two towns."""
    lines = _shared_borders()
    line = lines[number % len(lines)]
    middle = line.interpolate(0.3 + 0.1 * (number % 5), normalized=True)
    return Point(middle.x, middle.y)


def outside(number: int) -> Point:
    """A place some hundred metres outside the district."""
    edge = _district().buffer(JUST_OUTSIDE).exterior
    at = edge.interpolate((number * 0.137) % 1, normalized=True)
    return Point(at.x, at.y)


def told(point: Point, number: int) -> dict[str, object]:
    """A position as a phone tells it: in its own datum, as accurate as it believes."""
    datum = DATUMS[number % len(DATUMS)]
    shifted = from_wgs84(point, datum)
    method = "pin" if number % 5 == 0 else "gps"
    return {
        "lon": round(shifted.lon, 7), "lat": round(shifted.lat, 7), "crs": str(datum),
        "accuracy_m": 5.0 + number % 20, "method": method,
    }  # fmt: skip


def _within(area: BaseGeometry, number: int) -> Point:
    rng = Random(number)  # noqa: S311 - a place, not a secret
    west, south, east, north = area.bounds
    while True:
        at = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if area.contains(at):
            return Point(at.x, at.y)


@lru_cache(maxsize=32)
def _inner(town: str) -> BaseGeometry:
    return responsible()[town].buffer(-WELL_INSIDE)


@lru_cache(maxsize=1)
def _shared_borders() -> list[BaseGeometry]:
    areas = responsible()
    shared = (shapely.line_merge(shapely.intersection(areas[a], areas[b])) for a, b in combinations(sorted(areas), 2))
    lines = [part for line in shared for part in shapely.get_parts(line) if part.length > JUST_OUTSIDE]
    return sorted(lines, key=lambda line: line.wkt)


@lru_cache(maxsize=1)
def _district() -> shapely.Polygon:
    whole = shapely.union_all(list(responsible().values())).buffer(0.0001)
    return max(shapely.get_parts(whole), key=lambda part: part.area)
