"""GeoJSON (RFC 7946) of what is shown now: longitude first, WGS-84, a place of 50 m; what is gone is no feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from api.public.formats.wording import batch, corrections, is_gone, page

PATH = "/feeds/exposures.geojson"
TYPE = "application/geo+json"


def document(items: Sequence[dict[str, Any]], *, base_url: str, now: datetime) -> bytes:  # noqa: ARG001 - as its like
    """A feature collection, newest first."""
    features = [feature(item, base_url) for item in items if not is_gone(item)]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def feature(item: dict[str, Any], base_url: str) -> dict[str, Any]:
    """One exposure as a feature; its values are flat, since most map programs show nothing else."""
    point = item["point"]
    flat = {
        name: value
        for name, value in item.items()
        if name not in {"id", "point", "category", "town", "corrections", "batch"}
    }
    return {
        "type": "Feature", "id": item["id"],
        "geometry": None if point is None else {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
        "properties": {
            **flat, "url": page(item, base_url),
            "corrections": corrections(item) or None, "batch": batch(item),
            "category_code": item["category"]["code"], "category": item["category"]["zh"],
            "town_code": item["town"]["code"], "town": item["town"]["zh"],
        },
    }  # fmt: skip
