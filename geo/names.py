"""Names of places in Latin letters: English for a file that has none, and initials for finding a town in a list."""

from __future__ import annotations

from typing import Final

from pypinyin import Style, lazy_pinyin

_ENDINGS: Final = {
    "street": ("街道办事处", "街道"),
    "town": ("镇",),
    "township": ("民族乡", "乡"),
    "zone": (),
    "scenic": (),
    "district": ("区", "县"),
}
_ENGLISH: Final = {
    "street": "Subdistrict",
    "town": "Town",
    "township": "Township",
    "zone": "Zone",
    "scenic": "Scenic Area",
    "district": "District",
}


def in_english(name: str, kind: str) -> str:
    """A readable English name: 元和街道 is `Yuanhe Subdistrict`."""
    ending = next((each for each in _ENDINGS[kind] if name.endswith(each) and name != each), "")
    syllables = lazy_pinyin(name.removesuffix(ending), errors="ignore")
    return f"{''.join(syllables).capitalize()} {_ENGLISH[kind]}".strip()


def initials(name: str) -> str:
    """The first letters of a name's syllables: 元和街道 is `yhjd`."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
