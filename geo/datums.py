"""Coordinates in and out of the datums that phones and files in China use (F95-F97, X01).

WGS-84 and CGCS2000 are equal here: they differ by centimetres. GCJ-02 lies some 500 m off, BD-09 over a kilometre.
The shift is applied to what *declares* it, never by guessing from the place: the formula's "China" is one rectangle.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from geocoordinates_ffi import (
    Bd09,
    Gcj02,
    Wgs84,
    bd09_to_wgs84_refined,
    gcj02_to_wgs84_refined,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

from geo.points import Point, checked


class Datum(StrEnum):
    """The datums that are spoken."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """The WGS-84 point of a pair given in `datum`, to within a millimetre; raises NotAPlace out of range (F96)."""
    lon, lat = checked(lon, lat)
    if datum not in _INWARD:
        return Point(lon, lat)
    kind, convert = _INWARD[datum]
    found = convert(kind(lat=lat, lon=lon))
    return Point.at(found.lon, found.lat)


def from_wgs84(point: Point, datum: Datum) -> Point:
    """The pair in `datum` (longitude first) of a WGS-84 point: for map sheets that are drawn in another datum."""
    lon, lat = checked(*point)
    if datum not in _OUTWARD:
        return Point(lon, lat)
    shifted = _OUTWARD[datum](Wgs84(lat=lat, lon=lon))
    return Point(shifted.lon, shifted.lat)


# The `_refined` inverses iterate; the library's `_fast` ones are 4 m off, which sends reports to the wrong town.
_INWARD: dict[Datum, tuple[Callable[..., Any], Callable[[Any], Any]]] = {
    Datum.GCJ02: (Gcj02, gcj02_to_wgs84_refined),
    Datum.BD09: (Bd09, bd09_to_wgs84_refined),
}
_OUTWARD: dict[Datum, Callable[[Any], Any]] = {Datum.GCJ02: wgs84_to_gcj02, Datum.BD09: wgs84_to_bd09}
