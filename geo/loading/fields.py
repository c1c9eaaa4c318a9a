"""From a file's fields to towns: which column is the code, the name, the kind, the district (F92, X06)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from geo.loading.findings import NOTE, Finding
from geo.loading.source import Feature
from geo.models import ADMIN, KINDS
from geo.names import in_english
from kit.errors import Invalid


class NoNames(Invalid):
    """No column looks like the names of towns."""

    code = "boundaries.no_names"
    message = "No field holds the names of the units; say which one does."


class NoDistrict(Invalid):
    """Neither the codes nor a column tell the district."""

    code = "boundaries.no_district"
    message = "The file does not tell its district; give the six-digit code of the district."


@dataclass(frozen=True, slots=True)
class Town:
    """A unit as the file draws it. `shape` is in the file's coordinates until it has been placed.

    `code` is None where the file has none; `unit_id` is None until the unit is found among those known.
    """

    number: int
    code: str | None
    name_zh: str
    name_en: str
    kind: str
    district_code: str
    shape: BaseGeometry
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; a name given by a person stands before what is found."""

    code: str | None = None
    name: str | None = None
    name_en: str | None = None
    kind: str | None = None
    district: str | None = None


BY_SPELLING: Final = Columns()
SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "xzqdm", "xzdm", "zldwdm", "adcode", "town_code", "towncode", "xiang_code", "dm", "qhdm", "pac",
             "行政区划代码", "区划代码", "乡镇代码", "行政代码", "统计用区划代码", "代码"),
    "name": ("name", "name_zh", "xzqmc", "xzmc", "zldwmc", "mc", "town", "town_name", "townname", "xiang", "乡镇",
             "乡", "镇", "街道", "乡镇名称", "乡镇街道", "行政区名称", "名称"),
    "name_en": ("name_en", "en", "ename", "english", "英文名称"),
    "kind": ("kind", "type", "类型", "类别"),
    "district": ("district_code", "county_code", "xian_code", "xqdm", "countycode", "区县代码", "县代码"),
}  # fmt: skip
WORDS: Final = {"街道": "street", "街道办事处": "street", "镇": "town", "乡": "township", "民族乡": "township",
                "开发区": "zone", "度假区": "zone", "景区": "scenic", "风景区": "scenic"}  # fmt: skip
ENDINGS: Final = (
    (r"街道(办事处)?$", "street"),
    (r"(风景|景|名胜)区$", "scenic"),
    (r"(开发|度假|新|园|工业|产业|试验|管理|保税)区$|[新园]城$|农场$|林场$", "zone"),
    (r"乡$|苏木$", "township"),
    (r"镇$", "town"),
)
DIGITS_OF_TOWN: Final = 9


def towns(
    features: Sequence[Feature], layer: str, columns: Columns, district: str | None
) -> tuple[list[Town], list[Finding]]:
    """The towns of a file, with what was understood; raises NoNames or NoDistrict.

    With `district`, and a file that tells the district of each row, only its rows are taken.
    """
    chosen = _found(features, columns)
    if chosen.name is None:
        raise NoNames(fields=sorted(features[0].facts))
    read = [_town(each, chosen, layer, district) for each in features]
    kept = [town for town in read if district is None or town.district_code == district]
    if not kept:
        raise NoDistrict(f"No row of the file belongs to the district {district}.")
    return kept, list(_told(chosen, kept, len(read) - len(kept)))


def _told(chosen: Columns, kept: Sequence[Town], left_out: int) -> list[Finding]:
    names = "、".join(town.name_zh for town in kept[:5])
    told = [Finding(NOTE, "fields", f"Names from '{chosen.name}', codes from '{chosen.code or '(none)'}': {names}")]
    if left_out:
        told.append(Finding(NOTE, "other_districts", f"{left_out} rows of other districts were left out."))
    if any(town.code is None for town in kept):
        text = "Units without a division code are known by their names; new ones get a provisional code."
        told.append(Finding(NOTE, "no_codes", text))
    return told


def _found(features: Sequence[Feature], given: Columns) -> Columns:
    """Columns by spelling, then by content: nine digits are codes, words that end as towns do are names."""
    known = {name.strip().casefold(): name for name in features[0].facts}
    missing = [each for each in (given.code, given.name) if each and each not in features[0].facts]
    if missing:
        raise NoNames(f"The file has no field {missing[0]}.", fields=sorted(features[0].facts))
    by_name = {
        role: next((known[spelling] for spelling in spellings if spelling in known), None)
        for role, spellings in SPELLINGS.items()
    }
    code = given.code or by_name["code"]
    if code is None or (given.code is None and not _mostly(features, code, r"[0-9A-Za-z]{7,16}")):
        code = next((name for name in known.values() if _mostly(features, name, r"\d{9}(\d{3})?")), None)
    name = given.name or by_name["name"]
    if name is None:
        name = next((each for each in known.values() if _mostly(features, each, r".*(街道|镇|乡|区)")), None)
    return Columns(code, name, by_name["name_en"], by_name["kind"], by_name["district"])


def _mostly(features: Sequence[Feature], column: str, pattern: str) -> bool:
    fitting = sum(bool(re.fullmatch(pattern, as_text(feature.facts.get(column)))) for feature in features)
    return fitting >= 0.8 * len(features)


def _town(feature: Feature, columns: Columns, layer: str, district: str | None) -> Town:
    def fact(column: str | None) -> str:
        return as_text(feature.facts.get(column)) if column else ""

    name = fact(columns.name)
    if not name:
        raise NoNames(f"Feature {feature.number} has no name in '{columns.name}'.", feature=feature.number)
    code = division_code(fact(columns.code))
    kind = _kind(fact(columns.kind), code, name, layer)
    return Town(
        number=feature.number,
        code=code,
        name_zh=name,
        name_en=fact(columns.name_en) or in_english(name, kind),
        kind=kind,
        district_code=_district(code, fact(columns.district), district),
        shape=feature.shape,
    )


def as_text(value: Any) -> str:
    """A field as text; a code that a table kept as a number gets its digits back, and no `.0` (X06)."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().strip("\x00")


def division_code(text: str) -> str | None:
    """A division code in its shortest form (320507001000 is 320507001), or None for what is none (F92)."""
    if re.fullmatch(r"\d{9}0{3}", text):
        return text[:DIGITS_OF_TOWN]
    return text.upper() if re.fullmatch(r"[0-9A-Za-z]{7,16}", text) else None


def _kind(stated: str, code: str | None, name: str, layer: str) -> str:
    if stated in KINDS:
        return stated
    if stated in WORDS:
        return WORDS[stated]
    by_name = next((kind for pattern, kind in ENDINGS if re.search(pattern, name)), None)
    return _kind_of(code) or by_name or ("town" if layer == ADMIN else "zone")


def _kind_of(code: str | None) -> str | None:
    """What digits 7 to 9 of a division code say: 001-099 street, to 199 town, to 399 township, to 599 zone (F92)."""
    if code is None or not re.fullmatch(r"\d{9}", code):
        return None
    last = int(code[6:])
    steps = ((100, "street"), (200, "town"), (400, "township"), (600, "zone"))
    return next((kind for limit, kind in steps if 0 < last < limit), None)


def _district(code: str | None, stated: str, given: str | None) -> str:
    for each in (stated[:6], (code or "")[:6], given or ""):
        if re.fullmatch(r"\d{6}", each):
            return each
    raise NoDistrict
