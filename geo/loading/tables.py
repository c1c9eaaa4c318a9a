"""GeoPackage, Shapefile and FlatGeobuf, read through GDAL, after a look at what GDAL would open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from geo.loading.source import (
    MOST_FEATURES,
    MOST_TABLE_BYTES,
    EncodingUnknown,
    Feature,
    FileTooLarge,
    FileUnreadable,
    FormatUnknown,
    NotPolygons,
    TableUnknown,
    within_limits,
)

MAGIC: Final = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a", ".fgb": b"fgb\x03"}
FORMATS: Final = {".gpkg": "GeoPackage", ".shp": "Shapefile", ".fgb": "FlatGeobuf"}
COMPANIONS: Final = (".shp", ".dbf", ".shx", ".prj", ".cpg")
ENCODINGS: Final = ("UTF-8", "GB18030")
REPLACEMENT: Final = "�"


Box = tuple[float, float, float, float]


def parse(
    path: Path, encoding: str | None, table: str | None, box: Box | None = None
) -> tuple[tuple[Feature, ...], str | None, str]:
    """The features of one table of a file, with the CRS it names (or None) and the encoding that fitted.

    `box` (west, south, east, north in the file's coordinates) reads only what lies there.

    Raises FormatUnknown, FileTooLarge, FileUnreadable, TableUnknown, NotPolygons or EncodingUnknown.
    """
    _look_at(path)
    try:
        table = _table(path, table)
        found = pyogrio.read_info(path, layer=table, force_feature_count=True)
        if found["features"] > MOST_FEATURES:
            raise FileTooLarge(f"The file holds more than {MOST_FEATURES:,} features.")
        meta, shapes, columns, used = _rows(path, table, encoding, box)
    except (DataSourceError, DataLayerError, sqlite3.Error) as broken:
        raise FileUnreadable(f"The file cannot be read: {broken}") from broken
    names = [str(name) for name in meta["fields"]]
    features = (
        Feature(number, dict(zip(names, (column[number - 1] for column in columns), strict=True)), _shape(number, wkb))
        for number, wkb in enumerate(shapes, 1)
    )
    return within_limits(tuple(features)), meta["crs"], used


def weight(path: Path) -> int:
    """The bytes of a file; of a Shapefile, with its companions."""
    return sum(each.stat().st_size for each in _parts(path))


def content(path: Path) -> list[bytes]:
    """The bytes by which a file is known again; of a Shapefile, with its companions in a fixed order."""
    return [each.read_bytes() for each in _parts(path)]


def _parts(path: Path) -> list[Path]:
    if path.suffix.lower() != ".shp":
        return [path]
    beside = {each.suffix.lower(): each for each in path.parent.glob(f"{glob_safe(path.stem)}.*")}
    return [beside[suffix] for suffix in COMPANIONS if suffix in beside]


def glob_safe(stem: str) -> str:
    """A file's stem with the signs that a glob pattern would read otherwise put in brackets."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in stem)


def _look_at(path: Path) -> None:
    """GDAL opens a file by its content, so that a VRT named .shp would reach other files: look first."""
    suffix = path.suffix.lower()
    if suffix not in MAGIC:
        raise FormatUnknown
    if weight(path) > MOST_TABLE_BYTES:
        raise FileTooLarge(f"The file may have {MOST_TABLE_BYTES // 1_000_000} MB.")
    with path.open("rb") as file:
        if not file.read(16).startswith(MAGIC[suffix]):
            raise FormatUnknown(f"The content is not that of a {FORMATS[suffix]}.")
    if suffix == ".shp" and {".dbf", ".shx"} - {part.suffix.lower() for part in _parts(path)}:
        raise FileUnreadable("A Shapefile needs its .dbf and .shx files beside it.")


def _table(path: Path, wanted: str | None) -> str:
    tables = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if wanted is None and len(tables) == 1:
        wanted = tables[0]
    if wanted not in tables:
        raise TableUnknown(f"The file holds the tables {', '.join(tables) or '(none)'}; name one of them.")
    if path.suffix.lower() == ".gpkg" and not _is_stored(path, wanted):
        raise FileUnreadable("The table is a view or a virtual table: give one whose rows are stored.")
    return wanted


def _is_stored(path: Path, table: str) -> bool:
    """Whether a table's rows are stored: a view of a GeoPackage may count without an end."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        rows = database.execute("select sql from sqlite_master where type = 'table' and name = ?", (table,)).fetchall()
    return len(rows) == 1 and not str(rows[0][0]).lower().startswith("create virtual")


def _rows(path: Path, table: str, encoding: str | None, box: Box | None) -> tuple[dict[str, Any], Any, list[Any], str]:
    """Read under each encoding until one fits: a Shapefile without .cpg is UTF-8 or, mostly, GB18030."""
    stated = path.suffix.lower() != ".shp" or any(part.suffix.lower() == ".cpg" for part in _parts(path))
    order = (encoding,) if encoding else (None, *ENCODINGS) if stated else ENCODINGS
    for each in order:
        try:
            meta, _, shapes, columns = read(path, layer=table, encoding=each, force_2d=True, bbox=box)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        words = [value for column in columns if column.dtype == object for value in column if isinstance(value, str)]
        if shapes is None:
            raise FileUnreadable("The table has no geometry.")
        if not any(REPLACEMENT in word for word in words):
            return meta, shapes, [_values(column) for column in columns], each or str(meta["encoding"])
    raise EncodingUnknown


def _values(column: Any) -> list[Any]:
    return [None if isinstance(value, float) and np.isnan(value) else value for value in column.tolist()]


def _shape(number: int, wkb: bytes | None) -> Any:
    try:
        shape = shapely.from_wkb(wkb)
    except shapely.errors.GEOSException as broken:
        raise NotPolygons(f"Feature {number}: {broken}.", feature=number) from broken
    if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise NotPolygons(f"Feature {number} has no usable geometry.", feature=number)
    return shape
