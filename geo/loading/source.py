"""What a boundary file holds once it is read, the limits it must keep (import bombs), and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from kit.errors import Invalid, TooLarge

MEGABYTE: Final = 1_000_000
MOST_GEOJSON_BYTES: Final = 10 * MEGABYTE
MOST_TABLE_BYTES: Final = 64 * MEGABYTE
MOST_FEATURES: Final = 5_000
MOST_VERTICES: Final = 200_000


class FileUnreadable(Invalid):
    """The file is not what it says it is, or is damaged; `message` says where."""

    code = "boundaries.unreadable"
    message = "The file cannot be read."


class FormatUnknown(Invalid):
    """The file is neither GeoJSON nor GeoPackage nor Shapefile."""

    code = "boundaries.format_unknown"
    message = "Give a GeoJSON (.geojson, .json), a GeoPackage (.gpkg) or a Shapefile (.shp with its .dbf and .shx)."


class FileTooLarge(TooLarge):
    """The file has more bytes, features, vertices or nesting than a district's boundaries can need."""

    code = "boundaries.too_large"
    message = "The file is larger than the boundaries of a district can be."


class NotPolygons(Invalid):
    """A feature has no territory: a point, a line, a collection, a broken ring, or nothing at all."""

    code = "boundaries.not_polygons"
    message = "Every feature must be a polygon or a multi-polygon."


class EncodingUnknown(Invalid):
    """The names cannot be read as UTF-8 or GB18030."""

    code = "boundaries.encoding_unknown"
    message = "The names are neither UTF-8 nor GB18030; give the file's encoding."


class TableUnknown(Invalid):
    """The file holds several tables, or not the one that was named."""

    code = "boundaries.table_unknown"
    message = "The file holds several tables; name one."


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a file: its number from 1, its fields, and its polygon in the file's own coordinates, without z."""

    number: int
    facts: Mapping[str, Any]
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: `crs` is what it says of itself (`EPSG:4490`, or None), never to be believed unseen."""

    name: str
    sha256: str
    format: str
    encoding: str
    crs: str | None
    features: tuple[Feature, ...]


def within_limits(features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """The same features, if there are any, not too many, and all of them polygons; raises the refusals above."""
    if not features:
        raise FileUnreadable("The file holds no features.")
    if len(features) > MOST_FEATURES:
        raise FileTooLarge(f"The file holds more than {MOST_FEATURES:,} features.")
    for feature in features:
        if feature.shape.geom_type not in {"Polygon", "MultiPolygon"} or feature.shape.is_empty:
            kind = "nothing" if feature.shape.is_empty else feature.shape.geom_type
            raise NotPolygons(f"Feature {feature.number} is {kind}, not a polygon.", feature=feature.number)
    if sum(int(shapely.get_num_coordinates(feature.shape)) for feature in features) > MOST_VERTICES:
        raise FileTooLarge(f"The file holds more than {MOST_VERTICES:,} vertices.")
    return features
