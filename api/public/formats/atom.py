"""The Atom document of exposures (RFC 4287), with a tombstone and a visible notice for each withdrawal (RFC 6721)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from api.public.items import PROGRESS
from cases.feeds import TOMBSTONES_DAYS, Item
from kit.clock import LOCAL_ZONE

ATOM = "http://www.w3.org/2005/Atom"
TOMB = "http://purl.org/atompub/tombstones/1.0"
GEORSS = "http://www.georss.org/georss"
OURS = "tag:jingzhong,2026:feed"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for prefix, name in {"": ATOM, "at": TOMB, "georss": GEORSS, "jz": OURS}.items():
    ET.register_namespace(prefix, name)


def document(items: Sequence[Item], *, base_url: str, now: datetime, log_head: str | None = None) -> bytes:
    """The feed's bytes for these items, newest first; the same items give the same bytes on the same day.

    `log_head` is the day's signed head of the log of all history: whoever keeps the feed keeps a witness (ADR 0012).
    """
    feed = ET.Element(f"{{{ATOM}}}feed")
    updated = max((row.exposure.updated_at for row in items), default=BEGINNING)
    _put(feed, "id", tag("feed"))
    _put(feed, "title", "警钟 · 安全隐患曝光台")
    _put(feed, "updated", _when(updated))
    ET.SubElement(_put(feed, "author", None), f"{{{ATOM}}}name").text = "区安全生产委员会办公室"
    _link(feed, "self", f"{base_url}/feeds/exposures.atom", "application/atom+xml")
    _link(feed, "alternate", f"{base_url}/exposures", "text/html")
    if log_head is not None:
        ET.SubElement(feed, f"{{{OURS}}}log-head").text = log_head
    for row in items:
        if row.exposure.status != "withdrawn":
            _entry(feed, row, base_url)
        elif row.exposure.updated_at > now - timedelta(days=TOMBSTONES_DAYS):
            _tombstone(feed, row)
            _notice(feed, row, base_url)
    return bytes(ET.tostring(feed, xml_declaration=True, encoding="utf-8"))


def tag(name: str) -> str:
    """A tag: URI that is never reused and does not change with the host."""
    return f"tag:jingzhong,2026:exposure:{name}"


def _entry(feed: ET.Element, row: Item, base_url: str) -> None:
    public = row.exposure
    entry = _put(feed, "entry", None)
    _put(entry, "id", tag(public.public_id))
    corrected = "【更正】" if public.status == "corrected" else ""
    _put(entry, "title", f"{corrected}{public.title}")
    _put(entry, "published", _when(public.published_at))
    _put(entry, "updated", _when(public.updated_at))
    _link(entry, "alternate", f"{base_url}/exposures/{public.public_id}", "text/html")
    _link(entry, "alternate", f"{base_url}/open/exposures/{public.public_id}", "application/json")
    ET.SubElement(entry, f"{{{ATOM}}}category", term=public.category_code or "", label=public.category_zh or "")
    summary = f"{public.town_zh}：{public.entity_name}。{PROGRESS.get(public.progress or '', '')}。"
    _put(entry, "summary", summary)
    _put(entry, "content", public.body).set("type", "text")
    if row.lon is not None and row.lat is not None:
        ET.SubElement(entry, f"{{{GEORSS}}}point").text = f"{row.lat:.4f} {row.lon:.4f}"


def _tombstone(feed: ET.Element, row: Item) -> None:
    public = row.exposure
    gone = ET.SubElement(
        feed,
        f"{{{TOMB}}}deleted-entry",
        ref=tag(public.public_id),
        when=_when(public.withdrawn_at or public.updated_at),
    )
    ET.SubElement(gone, f"{{{TOMB}}}comment").text = _sayable(public.withdraw_reason)


def _notice(feed: ET.Element, row: Item, base_url: str) -> None:
    """Ordinary readers ignore tombstones, so the withdrawal is also an entry of its own."""
    public = row.exposure
    entry = _put(feed, "entry", None)
    _put(entry, "id", tag(f"{public.public_id}:withdrawn"))
    _put(entry, "title", "【撤稿】一条曝光信息已撤回")
    _put(entry, "updated", _when(public.updated_at))
    _link(entry, "alternate", f"{base_url}/exposures/{public.public_id}", "text/html")
    _put(entry, "summary", f"撤回原因：{public.withdraw_reason}")


def _put(parent: ET.Element, name: str, text: str | None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = _sayable(text)
    return child


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=kind)


def _sayable(text: str | None) -> str | None:
    """Without the characters that XML has no way to write: one of them would make the whole feed unreadable."""
    return None if text is None else _NO_XML.sub("", text)


def _when(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
