"""Names of places in Latin letters: English for a file that has none, and initials for finding a town in a list."""

from __future__ import annotations

from typing import Final

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
    return f"{''.join(_syllables(name.removesuffix(ending))).capitalize()} {_ENGLISH[kind]}".strip()


def initials(name: str) -> str:
    """The first letters of a name's syllables: 元和街道 is `yhjd`."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes longer than all that loads this

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def _syllables(name: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - likewise

    return lazy_pinyin(name, errors="ignore")
