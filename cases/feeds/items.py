"""One public exposure as plain values: the one serializer that every projection starts from."""

from datetime import datetime
from typing import Any

from cases.feeds import Item
from cases.models.exposure import GONE
from kit.settings import settings

PROGRESS = {"not_rectified": "未整改", "rectifying": "整改中", "rectified": "已整改"}


def uri(public_id: str) -> str:
    """A tag: URI (RFC 4151) of an exposure, which is never reused and does not change with the host."""
    return f"tag:jingzhong,2026:exposure:{public_id}"


def address(public_id: str) -> str:
    """Where it says how an exposure is now."""
    return f"{settings().base_url}/open/exposures/{public_id}"


def item(found: Item) -> dict[str, Any]:
    """The public values of an exposure; one that is gone has its place, the reason, and nothing else (E7, E9)."""
    row = found.exposure
    head = {
        "id": row.public_id, "uri": uri(row.public_id), "version": row.version, "status": row.status,
        "published_at": _iso(row.published_at), "updated_at": _iso(row.updated_at),
    }  # fmt: skip
    if row.status in GONE:
        return {**head, "withdrawn_at": _iso(row.withdrawn_at), "withdraw_reason": row.withdraw_reason}
    return {
        **head,
        "expires_at": _iso(row.expires_at),
        "title": row.title, "body": row.body, "entity_name": row.entity_name, "ground": row.ground,
        "category": {"code": row.category_code, "zh": row.category_zh, "en": row.category_en},
        "town": {"code": row.town_code, "zh": row.town_zh, "en": row.town_en},
        "found_on": row.found_on.isoformat() if row.found_on else None,
        "corrections": row.corrections or [], "batch": row.batch,
        "basis": row.basis, "progress": row.progress, "progress_zh": PROGRESS.get(row.progress or ""),
        "authority": row.authority, "phone": row.phone,
        "point": None if found.lon is None else {"lon": round(found.lon, 4), "lat": round(found.lat or 0.0, 4)},
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
