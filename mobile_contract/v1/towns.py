"""The towns a report may fall to, and the edition of their boundaries."""

from datetime import date

from mobile_contract.v1.base import Outgoing
from mobile_contract.v1.enums import TownKind


class LonLat(Outgoing):
    """A point in WGS 84 (CGCS2000 within decimetres). Longitude first."""

    lon: float
    lat: float


class Box(Outgoing):
    """The smallest box around an area, in WGS 84."""

    west: float
    south: float
    east: float
    north: float


class Town(Outgoing):
    """One town, or a special jurisdiction that takes precedence over towns."""

    code: str
    """Division code, 9 or 12 digits as text."""
    name: str
    kind: TownKind
    label_point: LonLat
    bbox: Box | None = None
    outline: list[list[list[list[float]]]] | None = None
    """Its area, made simple for a small map: the coordinates of a GeoJSON MultiPolygon in WGS 84, longitude first.
    Whose a place is cannot be told by it: the server decides, by the true boundary."""


class Edition(Outgoing):
    """Which boundaries these are."""

    number: int
    effective_on: date


class Towns(Outgoing):
    """Every unit of the edition in force, cacheable by its ETag."""

    edition: Edition
    items: list[Town]
