"""From a file to its features: what kind it is, what it weighs, and by what hash it is known again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from geo.loading import geojson, tables
from geo.loading.source import MOST_GEOJSON_BYTES, FileTooLarge, FileUnreadable, Source

GEOJSON: Final = (".geojson", ".json")


def read(path: Path, *, encoding: str | None = None, table: str | None = None, box: tables.Box | None = None) -> Source:
    """The features of a boundary file. `table` names one of a GeoPackage's; `encoding` overrides what is found.

    `box` leaves out what lies elsewhere, so that a country's outlines may be given whole (not for GeoJSON).

    Raises the refusals of geo.loading.source; nothing is stored.
    """
    if not path.is_file():
        raise FileUnreadable(f"There is no file {path}.")
    if path.suffix.lower() in GEOJSON:
        if path.stat().st_size > MOST_GEOJSON_BYTES:
            raise FileTooLarge(f"A GeoJSON file may have {MOST_GEOJSON_BYTES // 1_000_000} MB.")
        return read_geojson(path.name, path.read_bytes(), encoding=encoding)
    features, crs, used = tables.parse(path, encoding, table, box)
    digest = sha256()
    for part in tables.content(path):
        digest.update(part)
    return Source(path.name, digest.hexdigest(), tables.FORMATS[path.suffix.lower()], used, crs, features)


def read_geojson(name: str, data: bytes, *, encoding: str | None = None) -> Source:
    """The features of a GeoJSON document in memory; raises the refusals of geo.loading.source."""
    features, crs, used = geojson.parse(data, encoding)
    return Source(name, sha256(data).hexdigest(), "GeoJSON", used, crs, features)
