"""From a file's own coordinates to degrees, and from its datum to WGS-84 (F95, X04)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.datums import Datum, to_wgs84
from geo.points import SRID
from kit.errors import Invalid


class CrsUnknown(Invalid):
    """The file has no coordinate system, or one that cannot be turned into degrees without guessing."""

    code = "boundaries.crs_unknown"
    message = "Name the file's coordinate system, such as EPSG:4490 or EPSG:4548."


class AxesSwapped(Invalid):
    """The file gives latitude before longitude."""

    code = "boundaries.axes_swapped"
    message = "The file gives latitude first: longitude must stand before latitude."


class NotInDegrees(Invalid):
    """The coordinates are no degrees of longitude and latitude."""

    code = "boundaries.not_in_degrees"
    message = "The coordinates are no degrees; name the file's coordinate system."


CGCS2000_DEGREES: Final = 4490
DEGREES: Final = (SRID, CGCS2000_DEGREES)
# Projections of CGCS2000 (Gauss-Krüger), of WGS-84 (UTM, web Mercator): their datum needs no shift of its own.
CGCS2000_GRIDS: Final = range(4491, 4555)
WGS84_GRIDS: Final = (3857, *range(32601, 32661))
CHINA: Final = (73.0, 3.0, 136.0, 54.0)

_PROJECT: Final = text("""
select st_asbinary(st_transform(st_setsrid(st_geomfromwkb(file.shape), :grid), :degrees))
from unnest(cast(:shapes as bytea[])) with ordinality as file(shape, place) order by file.place
""")


def in_degrees(session: Session, shapes: Sequence[BaseGeometry], crs: str | None) -> list[BaseGeometry]:
    """The shapes in degrees, longitude first, still in the datum of the file; projections are undone by PostGIS.

    A file without a CRS is taken for degrees if its numbers can be. EPSG:4490 is relabelled, never shifted.
    Raises CrsUnknown, AxesSwapped or NotInDegrees.
    """
    number = _number(crs)
    if number in CGCS2000_GRIDS or number in WGS84_GRIDS:
        shapes = _projected_back(session, shapes, number)
    elif number is not None and number not in DEGREES:
        raise CrsUnknown(f"Coordinates in {crs} cannot be taken; convert the file to EPSG:4490 first.")
    west, south, east, north = shapely.total_bounds(shapes)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the earth's own limits
        raise AxesSwapped if _is_swapped(west, south, east, north) else NotInDegrees
    if _is_swapped(west, south, east, north):
        raise AxesSwapped
    return list(shapes)


def _number(crs: str | None) -> int | None:
    if crs is None:
        return None
    found = re.fullmatch(r"EPSG:(\d{4,5})", crs.strip(), re.IGNORECASE)
    if not found:
        raise CrsUnknown(f"The file's coordinate system is not known here: {crs:.80}")
    return int(found[1])


def _projected_back(session: Session, shapes: Sequence[BaseGeometry], grid: int | None) -> list[BaseGeometry]:
    degrees = CGCS2000_DEGREES if grid in CGCS2000_GRIDS else SRID
    binary = [shapely.to_wkb(shape) for shape in shapes]
    rows = session.execute(_PROJECT, {"grid": grid, "degrees": degrees, "shapes": binary}).scalars()
    return [shapely.from_wkb(bytes(row)) for row in rows]


def _is_swapped(west: float, south: float, east: float, north: float) -> bool:
    """Whether the numbers lie in China only if they are read the other way round."""
    return _in_china(south, west, north, east) and not _in_china(west, south, east, north)


def _in_china(west: float, south: float, east: float, north: float) -> bool:
    return CHINA[0] <= west and CHINA[1] <= south and east <= CHINA[2] and north <= CHINA[3]


def in_wgs84(shapes: Sequence[BaseGeometry], datum: Datum) -> list[BaseGeometry]:
    """The shapes (degrees in `datum`) in WGS-84. Vertices that were shared stay shared, for each is shifted once."""
    if datum not in {Datum.GCJ02, Datum.BD09}:
        return list(shapes)
    pairs, places = np.unique(shapely.get_coordinates(shapes), axis=0, return_inverse=True)
    moved = np.array([to_wgs84(float(lon), float(lat), datum) for lon, lat in pairs])
    return list(shapely.set_coordinates(np.array(shapes, dtype=object), moved[places.reshape(-1)]))
