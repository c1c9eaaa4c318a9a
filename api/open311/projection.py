"""A public exposure as a request of GeoReport v2, and as an update: nothing is told that its item does not tell."""

from typing import Any

from api.public.formats.wording import body, corrections, is_gone, page, title
from api.public.formats.xml import local

# The words that applications which follow updates know, beside the standard's open and closed.
EXTENDED = {"not_rectified": "open", "rectifying": "in_progress", "rectified": "fixed"}


def request_of(item: dict[str, Any], *, base_url: str, extended: bool) -> dict[str, Any]:
    """One that is shown. It is asked for since it was published: when somebody reported it is nobody's business (C12).

    What goes beyond the standard stands in `extended_attributes`, for whoever asks for it.
    """
    told = {
        "service_request_id": item["id"], "status": "closed" if item["progress"] == "rectified" else "open",
        "status_notes": item["progress_zh"], "service_name": item["category"]["zh"],
        "service_code": item["category"]["code"], "description": f"{title(item)}\n{body(item)}",
        "agency_responsible": item["authority"], "service_notice": None,
        "requested_datetime": w3(item["published_at"]), "updated_datetime": w3(item["updated_at"]),
        "expected_datetime": None, "address": f"{item['entity_name']}, {item['town']['zh']}", "address_id": None,
        "zipcode": None, **_place(item["point"]), "media_url": None,
    }  # fmt: skip
    return {**told, "extended_attributes": _extended(item, base_url)} if extended else told


def update_of(item: dict[str, Any]) -> dict[str, Any]:
    """How one is now; one that is gone says why, and that it is closed."""
    gone = is_gone(item)
    return {
        "update_id": f"{item['id']}-{item['version']}", "service_request_id": item["id"],
        "status": "closed" if gone else EXTENDED.get(item["progress"], "open"),
        "updated_datetime": w3(item["updated_at"]),
        "description": f"{title(item)}。{body(item)}" if gone else _how_it_stands(item),
        "media_url": None,
    }  # fmt: skip


def _how_it_stands(item: dict[str, Any]) -> str:
    return f"{title(item)}：{item['progress_zh']}\n{corrections(item)}".strip()


def w3(moment: str) -> str:
    """An instant of an item, in the district's time, with its zone."""
    return local(moment).isoformat(timespec="seconds")


def _place(point: dict[str, float] | None) -> dict[str, float | None]:
    return {"lat": point["lat"], "long": point["lon"]} if point else {"lat": None, "long": None}


def _extended(item: dict[str, Any], base_url: str) -> dict[str, Any]:
    return {
        "extended_status": EXTENDED.get(item["progress"], "open"), "uri": item["uri"], "url": page(item, base_url),
        "version": item["version"], "record_status": item["status"], "town_code": item["town"]["code"],
        "found_on": item["found_on"], "basis": item["basis"], "phone": item["phone"],
        "expires_datetime": w3(item["expires_at"]) if item["expires_at"] else None,
    }  # fmt: skip
