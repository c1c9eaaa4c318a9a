"""RSS 2.0, for readers that know nothing else: a withdrawn item keeps its guid and says only why (E9)."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from api.public.formats.wording import ABOUT, LANGUAGE, TITLE, body, is_gone, page, title
from api.public.formats.xml import ATOM, GEORSS, local, written
from kit.xml import put

PATH = "/feeds/exposures.rss"
TYPE = "application/rss+xml"
TTL_MINUTES = "5"


def document(items: Sequence[dict[str, Any]], *, base_url: str, now: datetime) -> bytes:
    """The feed's bytes for these items, newest first."""
    # ElementTree has one prefix for a namespace, and that of Atom is none.
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
    channel = put(root, "channel")
    put(channel, "title", TITLE)
    put(channel, "link", f"{base_url}/exposures")
    put(channel, "description", ABOUT)
    put(channel, "language", LANGUAGE)
    put(channel, "ttl", TTL_MINUTES)
    newest = max((local(item["updated_at"]) for item in items), default=now)
    put(channel, "lastBuildDate", format_datetime(newest))
    put(channel, "atom:link", rel="self", href=f"{base_url}{PATH}", type=TYPE)
    for item in items:
        _item(channel, item, base_url)
    return written(root)


def _item(channel: ET.Element, item: dict[str, Any], base_url: str) -> None:
    entry = put(channel, "item")
    put(entry, "title", title(item))
    put(entry, "link", page(item, base_url))
    put(entry, "guid", item["uri"], isPermaLink="false")
    put(entry, "pubDate", format_datetime(local(item["updated_at"])))
    put(entry, "description", body(item))
    if is_gone(item):
        return
    put(entry, "category", item["category"]["zh"])
    if item["point"] is not None:
        put(entry, f"{{{GEORSS}}}point", f"{item['point']['lat']:.4f} {item['point']['lon']:.4f}")
