"""From a posted form to the body of an act, and back: which field of the form each member of the body came from.

What was left blank is left out, so that the body's own defaults hold and what is missing is told by the API. A value
that cannot be read is sent as it was written: the API says what is wrong with it, beside its field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final

from kit.clock import LOCAL_ZONE
from web.desk.case.shapes import Shape

Given = Mapping[str, list[str]]
QUIET: Final = frozenset({"crs"})  # says nothing where nothing is said beside it
FEN: Final = 100
_YES: Final = {"yes": True, "no": False}


@dataclass
class Posted:
    """What is sent, where each member of it stands in the form (JSON pointer → name), and what nobody asked for."""

    body: Any
    places: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read(shape: Shape, given: Given) -> Posted:
    """Read a form of this shape; names that begin with `_` are the page's own."""
    posted = Posted({})
    used: set[str] = set()
    body = _read(shape, "", "", given, posted, used)
    posted.body = body if body is not None else {}
    posted.unknown = sorted(name for name in given if name not in used and not name.startswith("_"))
    return posted


def rows_of(given: Iterable[str], name: str) -> list[int]:
    """Which rows of a list a form holds, in order."""
    starts = f"{name}."
    found = {each.removeprefix(starts).partition(".")[0] for each in given if each.startswith(starts)}
    return sorted({int(each) for each in found if each.isdecimal() and len(each) < 4})  # noqa: PLR2004 - 999 rows


def flat(value: Any, name: str = "") -> dict[str, list[str]]:
    """A body as a form holds it: what a form is filled in with beforehand."""
    if isinstance(value, Mapping):
        return {key: text for part, each in value.items() for key, text in flat(each, _below(name, part)).items()}
    if isinstance(value, list) and any(isinstance(each, (Mapping, list)) for each in value):
        return {key: text for at, each in enumerate(value) for key, text in flat(each, f"{name}.{at}").items()}
    if isinstance(value, list):
        return {name: [str(each) for each in value]}
    return {} if value is None else {name: [str(value)]}


def _below(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part


def _read(shape: Shape, name: str, pointer: str, given: Given, posted: Posted, used: set[str]) -> Any:
    """The value of one field, None where nothing was said."""
    posted.places[pointer] = name
    if shape.kind == "group":
        return _group(shape, name, pointer, given, posted, used)
    if shape.kind == "rows":
        return _rows(shape, name, pointer, given, posted, used)
    used.add(name)
    said = given.get(name, [])
    if shape.kind == "many":
        item = shape.item or shape
        return [_one(item, each) for each in said if each] or ([] if shape.required else None)
    if shape.kind == "marks":
        return dict.fromkeys(said, True)
    if shape.kind == "flag":
        return True if said and said[0] else None
    text = said[0].replace("\r\n", "\n").strip() if said else ""
    return _one(shape, text) if text else None


def _group(shape: Shape, name: str, pointer: str, given: Given, posted: Posted, used: set[str]) -> Any:
    members = {
        part.key: _read(part, _below(name, part.key), f"{pointer}/{part.key}", given, posted, used)
        for part in shape.parts
    }
    said = {key: value for key, value in members.items() if value is not None}
    if not shape.required and not {key for key, value in said.items() if value != []} - QUIET:
        return None
    return said


def _rows(shape: Shape, name: str, pointer: str, given: Given, posted: Posted, used: set[str]) -> Any:
    item = replace_required(shape.item or shape)
    found: list[Any] = []
    for at in rows_of(given, name):
        place = f"{pointer}/{len(found)}"
        value = _read(item, f"{name}.{at}", place, given, posted, used)
        if value is not None and not _is_bare(value, f"{name}.{at}", given):
            found.append(value)
    return found if found or shape.required else None


def _is_bare(value: Any, name: str, given: Given) -> bool:
    """Whether a row holds nothing but what the page itself had put there."""
    return isinstance(value, Mapping) and set(value) <= set(given.get(f"_fixed.{name}", ()))


def replace_required(item: Shape) -> Shape:
    """A row may be left blank."""
    return replace(item, required=False)


def _one(shape: Shape, text: str) -> Any:
    if shape.kind == "answer":
        return _YES.get(text, text)
    if shape.kind == "moment":
        return _moment(text)
    if shape.kind in {"integer", "number", "yuan"}:
        return _number(shape.kind, text)
    return text


def _moment(text: str) -> str:
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (said if said.tzinfo else said.replace(tzinfo=LOCAL_ZONE)).isoformat()


def _number(kind: str, text: str) -> int | float | str:
    try:
        if kind == "integer":
            return int(text)
        if kind == "yuan":
            fen = Decimal(text) * FEN
            return int(fen) if fen == fen.to_integral_value() and abs(fen) < FEN**10 else text
        number = float(text)
    except (ValueError, InvalidOperation, ArithmeticError):
        return text
    return number if isfinite(number) else text
