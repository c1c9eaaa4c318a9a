"""From pydantic's error rows to ours: one problem code, JSON pointers, a small closed set of field codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from mobile_contract.errors import PROBLEMS
from mobile_contract.v1.problem import FieldError

# Field code -> what a person reads.
WORDS: dict[str, tuple[str, str]] = {
    "missing": ("缺少此项", "This is missing."),
    "unknown": ("没有这一项", "There is no such member."),
    "type": ("类型不对", "This is of the wrong type."),
    "choice": ("不在可选值之中", "This is not one of the possible values."),
    "range": ("超出范围", "This is out of range."),
    "length": ("长度不合要求", "This is too short or too long."),
    "format": ("格式不对或含有不允许的字符", "The format is wrong, or there are characters that are not allowed."),
    "time": ("时间须为带时区的 RFC 3339 格式", "A time is RFC 3339 with an offset."),
    "repeated": ("重复", "This appears twice."),
}
_BY_TYPE = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "literal_error": "choice",
    "enum": "choice",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "greater_than": "range",
    "less_than": "range",
    "finite_number": "range",
    "string_too_short": "length",
    "string_too_long": "length",
    "too_long": "length",
    "too_short": "length",
    "string_pattern_mismatch": "format",
    "string_unicode": "format",
    "uuid_parsing": "format",
    "json_invalid": "format",
    "time_format": "time",
    "timezone_aware": "time",
    "datetime_from_date_parsing": "time",
    "datetime_parsing": "time",
    "datetime_object_invalid": "time",
    "repeated": "repeated",
}
_WHERE = {"body", "query", "path", "header"}


def problem_code(rows: Iterable[Mapping[str, Any]]) -> str:
    """The problem these error rows amount to: the first that has a name of its own, else `body.invalid`."""
    return next((row["type"] for row in rows if row["type"] in PROBLEMS), "body.invalid")


def field_errors(rows: Iterable[Mapping[str, Any]], *, locale: str = "zh-CN") -> list[FieldError]:
    """Rows of `ValidationError.errors()` (FastAPI's too) for the phone: never the value that was sent."""
    return [_field_error(row, 1 if locale.startswith("en") else 0) for row in rows]


def _field_error(row: Mapping[str, Any], language: int) -> FieldError:
    named = PROBLEMS.get(row["type"])
    if named is not None:
        return FieldError(pointer=_pointer(row), code=named.code, message=(named.zh, named.en)[language])
    code = _BY_TYPE.get(row["type"], "type")
    return FieldError(pointer=_pointer(row), code=code, message=WORDS[code][language])


def _pointer(row: Mapping[str, Any]) -> str:
    stated = (row.get("ctx") or {}).get("pointer")
    if stated is not None:
        return str(stated)
    place = tuple(row["loc"])
    where = place[0] if place and place[0] in _WHERE else "body"
    steps = place[1:] if place and place[0] in _WHERE else place
    if where != "body":
        return f"?{steps[0]}" if steps else "?"
    if row["type"] == "json_invalid":
        return ""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
