"""A point on the earth in WGS-84, longitude before latitude. The SRID of stored geometry is written here, once."""

from __future__ import annotations

from math import cos, isfinite, radians
from typing import NamedTuple, Self

from geocoordinates_ffi import coordinate_wgs84, geodesic_distance_m

from kit.errors import Invalid

SRID = 4326
_FEWEST_METRES_PER_DEGREE = 110_574.0  # of latitude, at the equator: dividing by it never makes a search too narrow
_NARROWEST = 0.01  # the cosine beyond which a search near the poles is not widened any more


class NotAPlace(Invalid):
    """The coordinates are no place on the earth: not finite, or out of range."""

    code = "position.out_of_range"
    message = "Longitude must lie in -180..180 and latitude in -90..90, in degrees."


class Point(NamedTuple):
    """A place: `lon` and `lat` in degrees, WGS-84. Make one with `Point.at`, which looks at the range."""

    lon: float
    lat: float

    @classmethod
    def at(cls, lon: float, lat: float) -> Self:
        """The point at these degrees; raises NotAPlace when they are none (1e308, nan, swapped beyond 90)."""
        return cls(*checked(lon, lat))

    def metres_to(self, other: Point) -> float:
        """The distance to another point in metres, on the ellipsoid (Karney)."""
        distance: float = geodesic_distance_m(
            coordinate_wgs84(self.lat, self.lon), coordinate_wgs84(other.lat, other.lon)
        )
        return distance

    def degrees_for(self, metres: float) -> float:
        """Degrees that reach at least `metres` from here in every direction: a search that is never too narrow."""
        return metres / (_FEWEST_METRES_PER_DEGREE * max(cos(radians(self.lat)), _NARROWEST))


def checked(lon: float, lat: float) -> tuple[float, float]:
    """The same pair if it lies on the earth; raises NotAPlace otherwise."""
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - the earth's own limits
        raise NotAPlace
    return lon, lat
