"""Small made-up territories in degrees near 117 E 31 N, and the files that would bring them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from geo.datums import Datum
from geo.loading import plan, reading
from geo.loading.source import Source

EFFECTIVE = datetime(2020, 1, 1, tzinfo=UTC)
DISTRICT = "990199"


def square(east: float, north: float, wide: float = 10, high: float = 10) -> shapely.Polygon:
    """A rectangle: its south-west corner and its sides in thousandths of a degree, about 100 m each."""
    west, south = 117 + east / 1000, 31 + north / 1000
    corners = [(west, south), (west + wide / 1000, south), (west + wide / 1000, south + high / 1000)]
    corners.append((west, south + high / 1000))
    return shapely.Polygon([(round(x, 6), round(y, 6)) for x, y in corners])


def ring_of(geometry: BaseGeometry) -> list[list[float]]:
    return [list(pair) for pair in geometry.exterior.coords]


def feature(geometry: object, **facts: object) -> dict[str, object]:
    drawn = shapely.geometry.mapping(geometry) if isinstance(geometry, BaseGeometry) else geometry
    return {"type": "Feature", "properties": facts, "geometry": drawn}


def document(*features: object, **more: object) -> bytes:
    text = json.dumps({"type": "FeatureCollection", "features": list(features), **more}, ensure_ascii=False)
    return text.encode()


def towns_file(areas: Mapping[str, BaseGeometry], *, names: Mapping[str, str] | None = None) -> Source:
    """A file of towns by the last three digits of their codes."""
    named = names or {}
    rows = [feature(area, code=DISTRICT + code, name=named.get(code, f"第{code}镇")) for code, area in areas.items()]
    return reading.read_geojson("made_up.geojson", document(*rows))


def order(datum: Datum = Datum.WGS84, effective_at: datetime = EFFECTIVE, **more) -> plan.Order:
    return plan.Order(datum, effective_at, **more)


def bring_in(session, source: Source, wanted: plan.Order | None = None, *, now: datetime):
    """Prepare and carry out, as the command does."""
    thought = plan.prepare(session, source, wanted or order())
    return plan.carry_out(session, thought, imported_by="test", approved_by="test", now=now)
