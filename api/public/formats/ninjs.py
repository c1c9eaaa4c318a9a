"""IPTC ninjs 3.1, one news object for each exposure, for newsrooms' systems: a withdrawn one is `canceled` (E9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from api.public.formats.wording import AUTHOR, LANGUAGE, TERMS, body, corrections, is_gone, summary, title

PATH = "/feeds/exposures.ninjs"
TYPE = "application/json"
STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}


def document(items: Sequence[dict[str, Any]], *, base_url: str, now: datetime) -> bytes:  # noqa: ARG001 - as its like
    """A JSON array of news objects, newest first."""
    return orjson.dumps([_item(item) for item in items])


def _item(item: dict[str, Any]) -> dict[str, Any]:
    head = {
        "uri": item["uri"], "standard": STANDARD, "type": "text", "representationType": "full",
        "version": str(item["version"]), "firstCreated": item["published_at"], "versionCreated": item["updated_at"],
        "language": LANGUAGE, "copyrightHolder": AUTHOR, "usageTerms": TERMS,
        "headlines": [_text("main", title(item))],
    }  # fmt: skip
    if is_gone(item):
        return {**head, "pubStatus": "canceled", "edNote": body(item)}
    return {
        **head,
        "pubStatus": "usable",
        **({"edNote": corrections(item)} if item["corrections"] else {}),
        "descriptions": [_text("summary", summary(item))],
        "bodies": [_text("main", body(item))],
        "subjects": [{"name": item["category"]["zh"], "rel": "about", "literal": item["category"]["code"]}],
        "organisations": [
            {"name": item["entity_name"], "rel": "about"},
            {"name": item["authority"], "rel": "source", "contactInfo": [{"type": "phone", "value": item["phone"]}]},
        ],
        "places": [_place(item)],
    }


def _place(item: dict[str, Any]) -> dict[str, Any]:
    town, point = item["town"], item["point"]
    place = {"name": town["zh"], "rel": "about", "literal": town["code"]}
    if point is None:
        return place
    return {**place, "geoJSON": {"type": "Point", "coordinates": [point["lon"], point["lat"]]}}


def _text(role: str, value: str) -> dict[str, str]:
    return {"role": role, "contentType": "text/plain", "value": value}
