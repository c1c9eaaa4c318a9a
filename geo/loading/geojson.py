"""GeoJSON from strangers: scanned before it is parsed, and believed in nothing (security.md, import bombs)."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, Final, NoReturn

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geo.loading.source import (
    MOST_FEATURES,
    MOST_GEOJSON_BYTES,
    MOST_VERTICES,
    EncodingUnknown,
    Feature,
    FileTooLarge,
    FileUnreadable,
    NotPolygons,
    within_limits,
)

DEEPEST: Final = 12
MOST_BRACKETS: Final = MOST_VERTICES + 40 * MOST_FEATURES
ENCODINGS: Final = ("utf-8-sig", "gb18030")
LARGEST_NUMBER: Final = 1e9  # projected metres stay far below it
LONGEST_POSITION: Final = 4
FEWEST_IN_RING: Final = 4

_STRINGS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OPENING: Final = np.frombuffer(b"[{", dtype=np.uint8)
_CLOSING: Final = np.frombuffer(b"]}", dtype=np.uint8)
_DEGREES: Final = {"OGC:1.3:CRS84": "EPSG:4326", "OGC::CRS84": "EPSG:4326", "OGC:CRS84": "EPSG:4326"}


def parse(data: bytes, encoding: str | None = None) -> tuple[tuple[Feature, ...], str, str]:
    """The features of a FeatureCollection, with the CRS it names (else EPSG:4326) and its encoding.

    Raises FileTooLarge, FileUnreadable, NotPolygons or EncodingUnknown.
    """
    if len(data) > MOST_GEOJSON_BYTES:
        raise FileTooLarge(f"A GeoJSON file may have {MOST_GEOJSON_BYTES // 1_000_000} MB.")
    text, used = _decoded(data, encoding)
    _scan(text)
    document = _loaded(text)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise FileUnreadable("The file is not a GeoJSON FeatureCollection.")
    rows = document.get("features")
    if not isinstance(rows, list) or len(rows) > MOST_FEATURES:
        raise FileTooLarge(f"`features` must be a list of at most {MOST_FEATURES:,}.")
    features = tuple(_feature(number, row) for number, row in enumerate(rows, 1))
    return within_limits(features), _crs(document.get("crs")), used


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    for each in (encoding,) if encoding else ENCODINGS:
        try:
            return data.decode(each), each.removesuffix("-sig").upper()
        except (UnicodeDecodeError, LookupError):
            continue
    raise EncodingUnknown


def _scan(text: str) -> None:
    """Refuse a bomb before the parser unpacks it: depth, and lists that weigh twenty times their text."""
    bare = np.frombuffer(_STRINGS.sub("", text).encode("ascii", "replace"), dtype=np.uint8)
    opening = np.isin(bare, _OPENING)
    steps = opening.astype(np.int32) - np.isin(bare, _CLOSING)
    if steps.size and int(steps.cumsum().max()) > DEEPEST:
        raise FileTooLarge(f"The file is nested deeper than {DEEPEST}.")
    if int(opening.sum()) > MOST_BRACKETS:
        raise FileTooLarge(f"The file holds more than {MOST_VERTICES:,} vertices.")


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as broken:
        raise FileUnreadable(f"The file is not JSON: {broken}") from broken


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _crs(named: Any) -> str:
    """The CRS of an old-style `crs` member; RFC 7946 has none and means WGS-84."""
    if named is None:
        return "EPSG:4326"
    name = named.get("properties", {}).get("name") if isinstance(named, dict) else None
    if not isinstance(name, str):
        raise FileUnreadable("The `crs` member names no coordinate system.")
    short = name.removeprefix("urn:ogc:def:crs:")
    found = re.fullmatch(r"EPSG:[\d.]*:?(\d{4,5})", short)
    return f"EPSG:{found[1]}" if found else _DEGREES.get(short, short)


def _feature(number: int, row: Any) -> Feature:
    facts = row.get("properties") if isinstance(row, dict) else None
    geometry = row.get("geometry") if isinstance(row, dict) else None
    if not isinstance(facts, dict | None) or not isinstance(geometry, dict):
        raise NotPolygons(f"Feature {number} has no geometry.", feature=number)
    try:
        return Feature(number, facts or {}, _shape(geometry))
    except (ValueError, TypeError, OverflowError, shapely.errors.GEOSException) as broken:
        raise NotPolygons(f"Feature {number}: {broken}.", feature=number) from broken


def _shape(geometry: dict[str, Any]) -> Polygon | MultiPolygon:
    parts = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        return _polygon(parts)
    if geometry.get("type") == "MultiPolygon" and isinstance(parts, list):
        return MultiPolygon([_polygon(part) for part in parts])
    raise ValueError(f"{geometry.get('type')!s:.40} is not a polygon")


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise ValueError("a polygon has no ring")
    outer, *inner = [_ring(ring) for ring in rings]
    return Polygon(outer, inner)


def _ring(positions: Any) -> list[tuple[float, float]]:
    if not isinstance(positions, list) or len(positions) < FEWEST_IN_RING:
        raise ValueError(f"a ring needs at least {FEWEST_IN_RING} positions")
    pairs = [_pair(position) for position in positions]
    if pairs[0] != pairs[-1]:
        raise ValueError("a ring does not end where it began")
    return pairs


def _pair(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or not 2 <= len(position) <= LONGEST_POSITION:  # noqa: PLR2004 - x and y
        raise ValueError("a position is not a pair of numbers")
    if any(type(number) not in {int, float} for number in position):
        raise ValueError("a coordinate is not a number")
    x, y = float(position[0]), float(position[1])
    if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) < LARGEST_NUMBER):
        raise ValueError("a coordinate is out of range")
    return x, y
