"""JSON Feed 1.1 (jsonfeed.org): the whole item stands beside what every reader knows, under `_exposure`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from api.public.formats.wording import ABOUT, AUTHOR, LANGUAGE, TITLE, body, is_gone, page, summary, title

PATH = "/feeds/exposures.json"
TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def document(items: Sequence[dict[str, Any]], *, base_url: str, now: datetime) -> bytes:  # noqa: ARG001 - as its like
    """The feed's bytes for these items, newest first."""
    return orjson.dumps({
        "version": VERSION, "title": TITLE, "description": ABOUT, "language": LANGUAGE,
        "home_page_url": f"{base_url}/exposures", "feed_url": f"{base_url}{PATH}", "authors": [{"name": AUTHOR}],
        "items": [_item(item, base_url) for item in items],
    })  # fmt: skip


def _item(item: dict[str, Any], base_url: str) -> dict[str, Any]:
    told = {
        "id": item["uri"], "url": page(item, base_url), "title": title(item), "content_text": body(item),
        "summary": summary(item), "date_published": item["published_at"], "date_modified": item["updated_at"],
        "_exposure": item,
    }  # fmt: skip
    return told if is_gone(item) else {**told, "tags": [item["category"]["zh"], item["town"]["zh"]]}
