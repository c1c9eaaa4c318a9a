"""The sitemap (sitemaps.org, 0.9) of the pages of what is shown now: what is gone is dropped (E11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from api.public.formats.wording import is_gone, page
from api.public.formats.xml import local, written
from kit.xml import put

PATH = "/sitemap.xml"
TYPE = "application/xml"
NAMES = "http://www.sitemaps.org/schemas/sitemap/0.9"


def document(items: Sequence[dict[str, Any]], *, base_url: str, now: datetime) -> bytes:  # noqa: ARG001 - as its like
    """The board itself, and each exposure that it shows."""
    root = ET.Element("urlset", xmlns=NAMES)
    put(put(root, "url"), "loc", f"{base_url}/exposures")
    for item in items:
        if not is_gone(item):
            place = put(root, "url")
            put(place, "loc", page(item, base_url))
            put(place, "lastmod", local(item["updated_at"]).isoformat(timespec="seconds"))
    return written(root)
