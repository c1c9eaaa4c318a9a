"""What every format of the public record says in the same words."""

from typing import Any

from api.public.formats.xml import local
from cases.feeds.items import PROGRESS
from cases.models.exposure import GONE

TITLE = "警钟 · 安全隐患曝光台"
ABOUT = "经核查属实并依法公开的安全隐患。条目会更正或撤回，转载者须同步更新。"
AUTHOR = "区安全生产委员会办公室"
LANGUAGE = "zh-CN"
TERMS = "可自由转载，须注明来源和日期，并在收到更正或撤稿后同步更正或删除。"
WITHDRAWN, EXPIRED = "【撤稿】一条曝光信息已撤回", "【到期】一条曝光信息展示期满"


def title(item: dict[str, Any]) -> str:
    """The headline: an item that is gone says only that, a corrected one that it was corrected (E9)."""
    if is_gone(item):
        return WITHDRAWN if item["status"] == "withdrawn" else EXPIRED
    return f"【更正】{item['title']}" if item["status"] == "corrected" else str(item["title"])


def body(item: dict[str, Any]) -> str:
    """The text with the notes of its corrections, or the public reason of the withdrawal (E9)."""
    if not is_gone(item):
        return "\n\n".join([str(item["body"]), *_notes(item)])
    return f"撤回原因：{item['withdraw_reason']}" if item["status"] == "withdrawn" else f"{item['withdraw_reason']}。"


def corrections(item: dict[str, Any]) -> str:
    """What was wrong and has been put right, a line for each correction; empty where there was none."""
    return "\n".join(_notes(item))


def batch(item: dict[str, Any]) -> str | None:
    """What it appeared with, as it is numbered and called (M83)."""
    return f"{item['batch']['issue']} {item['batch']['title']}" if item["batch"] else None


def _notes(item: dict[str, Any]) -> list[str]:
    return [f"【更正说明】{local(each['at']):%Y-%m-%d}：{each['note']}" for each in item["corrections"]]


def summary(item: dict[str, Any]) -> str:
    """One sentence: where, who, and how far it is put right; of a withdrawn item the reason."""
    if is_gone(item):
        return body(item)
    return f"{item['town']['zh']}：{item['entity_name']}。{PROGRESS.get(item['progress'] or '', '')}。"


def is_gone(item: dict[str, Any]) -> bool:
    """Whether an item was withdrawn, or its time is over."""
    return item["status"] in GONE


def page(item: dict[str, Any], base_url: str) -> str:
    """Where people read it."""
    return f"{base_url}/exposures/{item['id']}"
