"""Areas in memory: shapely polygons in WGS-84 degrees, measured in metres, and their form in the database."""

from __future__ import annotations

from math import cos, radians
from typing import TypeAlias

import shapely
from geoalchemy2 import WKBElement
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.points import SRID

Area: TypeAlias = Polygon | MultiPolygon
EMPTY = MultiPolygon()


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude at `lat`, on the WGS-84 ellipsoid, to a few parts in 1e6."""
    phi = radians(lat)
    along = 111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi)
    across = 111_132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi) - 0.0023 * cos(6 * phi)
    return along, across


def area_m2(shape: BaseGeometry) -> float:
    """The area in square metres: right to 1e-4 for anything the size of a district."""
    if shape.is_empty:
        return 0.0
    along, across = metres_per_degree(shape.centroid.y)
    return float(shape.area) * along * across


def length_m(shape: BaseGeometry) -> float:
    """The length of lines, or of an area's rings, in metres: right to 1e-3 for anything the size of a district."""
    if shape.is_empty:
        return 0.0
    along, across = metres_per_degree(shape.centroid.y)
    return float(shapely.transform(shape, lambda pairs: pairs * (along, across)).length)


def areal(shape: BaseGeometry) -> MultiPolygon:
    """Only the polygons of a geometry, as one multi-polygon: what operations leave of lines and points is dropped."""
    parts = [shape]
    while any(hasattr(part, "geoms") for part in parts):
        parts = list(shapely.get_parts(parts))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])


def holes(shape: BaseGeometry) -> list[Polygon]:
    """The holes of all polygons of a geometry, each as a polygon."""
    return [Polygon(ring) for part in areal(shape).geoms for ring in part.interiors]


def stored(area: Area) -> WKBElement:
    """An area as the database keeps it: multi-polygon, SRID 4326."""
    # Not by GeoAlchemy's own conversion: processes that need no areas let it load without shapely (cli/lean.py).
    content = shapely.to_wkb(shapely.set_srid(areal(area), SRID), include_srid=True)
    return WKBElement(content, srid=SRID, extended=True)


def loaded(element: WKBElement) -> MultiPolygon:
    """An area from the database."""
    data = element.data
    return areal(shapely.from_wkb(data if isinstance(data, str) else bytes(data)))
