"""What the demo's people write, for each category: citizens in their way, officers in theirs. All of it is made up.

The words stand in words.json; the same number always gives the same text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final

from cases.wording import Known, propose

OPENINGS: Final = (
    "", "", "您好，", "举报：", "今天路过看到，", "下班回家发现，", "晚上散步时看到，", "我家就住附近，",
    "早上送孩子时发现，", "反映一个问题，", "邻居们都在说，",
)  # fmt: skip
ENDINGS: Final = (
    "", "", "希望尽快派人来看看。", "已经好多天了，没有人管。", "来往的老人小孩多，太危险了。", "请为我保密。",
    "打过电话，没有下文。", "每天都这样，越来越严重。", "万一出事后果不堪设想。", "请核实。",
)  # fmt: skip
NAMES: Final = ("顺达", "鑫旺", "宏发", "永兴", "恒源", "瑞丰", "大众", "金桥", "福临", "安泰", "正阳", "利民")


@dataclass(frozen=True, slots=True)
class Words:
    """One category: how citizens put it, who is inspected, what is found where, and what has to be done about it."""

    said: tuple[str, ...]
    entity: str
    found: str
    measures: str
    spot: str


@lru_cache(maxsize=1)
def words() -> dict[str, Words]:
    """The words for every category of the catalogue, by its code."""
    rows = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {code: Words(**{**row, "said": tuple(row["said"])}) for code, row in rows.items()}


def said(category: str, number: int) -> str:
    """What a citizen writes about the category."""
    rng = _rng(category, number)
    core = rng.choice(words()[category].said)
    return f"{rng.choice(OPENINGS)}{core}。{rng.choice(ENDINGS)}"


def extract(category: str, number: int) -> str:
    """What the intake desk makes of what that citizen wrote: the matter, without the person who told it (Q2)."""
    core = _rng(category, number).choice(words()[category].said)
    return propose(f"反映{words()[category].spot}：{core.split('，')[0]}，需现场核实。", Known()).text


def entity(category: str, number: int) -> str:
    """The made-up unit that is inspected."""
    return words()[category].entity.format(NAMES[(number * 7 + len(category)) % len(NAMES)])


def _rng(category: str, number: int) -> Random:
    return Random(f"{category}:{number}")  # noqa: S311 - a text, not a secret
