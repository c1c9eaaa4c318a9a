"""What an act asks for, as the parts of a form: read off the schema of its body, so that no field is named twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

LINE: Final = 200  # what is longer than a line may be is written in a box
_FORMATS: Final = {"date-time": "moment", "date": "day", "uuid": "id"}
_KINDS: Final = {"string": "text", "integer": "integer", "number": "number", "boolean": "flag"}


@dataclass(frozen=True)
class Shape:
    """One field: its `kind`, its name in the body, and what it holds.

    Kinds: line, text, choice, flag, answer (yes or no, which must be said), moment, day, id, integer, number, yuan;
    and those of several: group (`parts`), rows and many (`item`), marks (flags that are named elsewhere).
    """

    key: str
    kind: str
    required: bool = True
    codes: tuple[str, ...] = ()
    parts: tuple["Shape", ...] = ()
    item: "Shape | None" = None
    most: int = 0
    first: str = ""  # what a choice is unless somebody chooses

    def walk(self, above: str = "") -> Iterator[tuple[str, "Shape"]]:
        """Every field that a person fills in, with its path; a row's is that of its list."""
        here = f"{above}.{self.key}" if above and self.key else above or self.key
        yield here, self
        for part in self.parts:
            yield from part.walk(here)
        if self.item is not None and self.item.parts:
            for part in self.item.parts:
                yield from part.walk(here)


@lru_cache(maxsize=256)
def shape_of(body: type[BaseModel]) -> Shape:
    """The form of a body."""
    schema = body.model_json_schema()
    return _read("", schema, schema.get("$defs", {}), required=True)


def _read(key: str, said: Mapping[str, Any], defs: Mapping[str, Any], *, required: bool) -> Shape:
    if "$ref" in said:
        return _read(key, defs[said["$ref"].rpartition("/")[2]], defs, required=required)
    if "anyOf" in said:
        ways = [each for each in said["anyOf"] if each.get("type") != "null"]
        way = next((each for each in ways if "$ref" in each), ways[0])  # what says more is what a form asks
        return _read(key, way, defs, required=required and len(ways) == len(said["anyOf"]))
    if "enum" in said or "const" in said:
        codes = tuple(said.get("enum") or (said["const"],))
        first = said.get("default") or ""
        return Shape(key, "choice", required or bool(first), codes=codes, first=first)
    if said.get("type") == "array":
        item = _read("", said["items"], defs, required=True)
        kind = "many" if item.kind in {"id", "integer"} else "rows"
        return Shape(key, kind, required, item=item, most=said.get("maxItems", 20))
    if said.get("type") == "object":
        return _object(key, said, defs, required=required)
    return _single(key, said, required=required)


def _object(key: str, said: Mapping[str, Any], defs: Mapping[str, Any], *, required: bool) -> Shape:
    if "properties" not in said and "additionalProperties" not in said and "patternProperties" not in said:
        return Shape(key, "group", required)
    if "properties" in said:
        must = set(said.get("required", ()))
        parts = tuple(_read(name, each, defs, required=name in must) for name, each in said["properties"].items())
        return Shape(key, "group", required, parts=parts)
    names = said.get("propertyNames", {}).get("enum")
    if names is None:
        return Shape(key, "marks", required)
    each = said["additionalProperties"]
    return Shape(key, "group", required, parts=tuple(_read(name, each, defs, required=True) for name in names))


def _single(key: str, said: Mapping[str, Any], *, required: bool) -> Shape:
    kind = _FORMATS.get(said.get("format", "")) or _KINDS[said["type"]]
    if (kind == "text" and said.get("maxLength", LINE + 1) <= LINE) or ("pattern" in said and "maxLength" not in said):
        kind = "line"
    if kind == "flag" and required:
        kind = "answer"
    if kind == "integer" and key.endswith("_fen"):
        kind = "yuan"

    return replace(Shape(key, kind, required), most=said.get("maxLength", 0))
