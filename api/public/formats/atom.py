"""The Atom document of exposures (RFC 4287), with a tombstone and a visible notice for each withdrawal (RFC 6721)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from api.public.formats.wording import AUTHOR, TITLE, body, is_gone, page, summary, title
from api.public.formats.xml import ATOM, GEORSS, local, written
from cases.feeds import TOMBSTONES_DAYS
from cases.feeds.items import uri
from kit.xml import put

PATH = "/feeds/exposures.atom"
TYPE = "application/atom+xml"
TOMB = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
OURS = "tag:jingzhong,2026:feed"
BEGINNING = "2026-01-01T00:00:00+08:00"

for prefix, name in {"": ATOM, "at": TOMB, "fh": HISTORY, "georss": GEORSS, "jz": OURS}.items():
    ET.register_namespace(prefix, name)


def document(
    items: Sequence[dict[str, Any]], *, base_url: str, now: datetime, log_head: str | None = None,
    earlier: str | None = None,
) -> bytes:  # fmt: skip
    """The feed's bytes for these items, newest first; the same items give the same bytes on the same day.

    `log_head` is the day's signed head of the log of all history: whoever keeps the feed keeps a witness (ADR 0012).
    `earlier` is the newest month that has an archive of its own (RFC 5005).
    """
    feed = _feed(items, base_url, PATH)
    if earlier is not None:
        _link(feed, "prev-archive", base_url + archive(earlier), TYPE)
    if log_head is not None:
        put(feed, f"{{{OURS}}}log-head", log_head)
    for item in items:
        if not is_gone(item):
            _entry(feed, item, base_url)
        elif local(item["updated_at"]) > now - timedelta(days=TOMBSTONES_DAYS):
            _tombstone(feed, item)
            _notice(feed, item, base_url)
    return written(feed)


def of_month(month: str, items: Sequence[dict[str, Any]], *, base_url: str, earlier: str | None) -> bytes:
    """The archive of what was published first in a month, such as 2026-10 (RFC 5005, 4), tombstones for ever."""
    feed = _feed(items, base_url, archive(month))
    put(feed, f"{{{HISTORY}}}archive")
    _link(feed, "current", base_url + PATH, TYPE)
    if earlier is not None:
        _link(feed, "prev-archive", base_url + archive(earlier), TYPE)
    for item in items:
        if is_gone(item):
            _tombstone(feed, item)
        else:
            _entry(feed, item, base_url)
    return written(feed)


def archive(month: str) -> str:
    """The path of a month's archive."""
    return f"/feeds/exposures/{month}.atom"


def _feed(items: Sequence[dict[str, Any]], base_url: str, path: str) -> ET.Element:
    feed = ET.Element(f"{{{ATOM}}}feed")
    _put(feed, "id", uri("feed"))
    _put(feed, "title", TITLE)
    _put(feed, "updated", _when(max((item["updated_at"] for item in items), key=local, default=BEGINNING)))
    _put(_put(feed, "author"), "name", AUTHOR)
    _link(feed, "self", f"{base_url}{path}", TYPE)
    _link(feed, "alternate", f"{base_url}/exposures", "text/html")
    return feed


def _entry(feed: ET.Element, item: dict[str, Any], base_url: str) -> None:
    entry = _put(feed, "entry")
    _put(entry, "id", item["uri"])
    _put(entry, "title", title(item))
    _put(entry, "published", _when(item["published_at"]))
    _put(entry, "updated", _when(item["updated_at"]))
    _link(entry, "alternate", page(item, base_url), "text/html")
    _link(entry, "alternate", f"{base_url}/open/exposures/{item['id']}", "application/json")
    category = item["category"]
    put(entry, f"{{{ATOM}}}category", term=category["code"] or "", label=category["zh"] or "")
    _put(entry, "summary", summary(item))
    _put(entry, "content", body(item)).set("type", "text")
    if item["point"] is not None:
        put(entry, f"{{{GEORSS}}}point", f"{item['point']['lat']:.4f} {item['point']['lon']:.4f}")


def _tombstone(feed: ET.Element, item: dict[str, Any]) -> None:
    gone = put(feed, f"{{{TOMB}}}deleted-entry", ref=item["uri"], when=_when(item["withdrawn_at"]))
    put(gone, f"{{{TOMB}}}comment", item["withdraw_reason"])


def _notice(feed: ET.Element, item: dict[str, Any], base_url: str) -> None:
    """Ordinary readers ignore tombstones, so the withdrawal is also an entry of its own."""
    entry = _put(feed, "entry")
    _put(entry, "id", uri(f"{item['id']}:withdrawn"))
    _put(entry, "title", title(item))
    _put(entry, "updated", _when(item["updated_at"]))
    _link(entry, "alternate", page(item, base_url), "text/html")
    _put(entry, "summary", summary(item))


def _put(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    return put(parent, f"{{{ATOM}}}{name}", text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    put(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=kind)


def _when(moment: str) -> str:
    return local(moment).isoformat(timespec="seconds")
