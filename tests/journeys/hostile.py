"""What somebody may send who means no good, and where it fits: bodies, values of fields, paths and heads."""

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sweeping import ids

from kit.db import OWNER, unit_of_work

FAR = [
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-26",
]  # fmt: skip
TEXTS = [
    "\0", "a\0b", "\u202e\u2066gpj.exe", "\ufffe", "\x1b[31m", "\x85", "x" * 5000, "é" * 2000, "", " ", "%00", "_%\\",
    "'; drop table handling.case; --", "=cmd|' /C calc'!A0", "../../etc/passwd", "\U0001f9e8" * 900,
]  # fmt: skip
NUMBERS = [-1, 0, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, 0.1, True, "1", "NaN"]
ANY = [None, [], {}, [[]], "x", 1, {"$ref": "#"}, ["x"] * 2000, {"a" * 500: {}}]
# What is no JSON, or has no single meaning.
BODIES = {
    "nothing": b"", "no json": b"{", "not utf-8": b'{"a": "\xff\xfe"}', "bom": b"\xef\xbb\xbf{}", "array": b"[]",
    "text": b'"x"', "null": b"null", "number": b"1", "unclosed": b"[" * 100_000,
    "nul": b'{"text": "\\u0000"}', "too large": b'{"a": "' + b"x" * 300_000 + b'"}',
    "xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///'>]>", "half a pair": b'{"text": "\\ud800"}',
}  # fmt: skip
AMBIGUOUS = {
    "nan": b'{"lon": NaN}', "infinity": b'{"lon": -Infinity}', "twice": b'{"a": 1, "a": 2}',
    "twice within": b'{"a": {"b": 1, "b": 1}}', "beyond a float": b'{"a": 1e999}',
    "5000 digits": b'{"a": ' + b"9" * 5000 + b"}", "half a pair's name": b'{"\\ud800": 1}',
    "deep arrays": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
}  # fmt: skip
KINDS = [
    "application/json", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=\xff",
    "application/x-www-form-urlencoded", "application/json; charset=utf-16", "", "a" * 300,
]  # fmt: skip
PATHS = ["%00", "%ff", "%C3%A9", "9" * 40, "-1", "..%2f..%2fetc", "%F0%9F%A7%A8", "0", "null", "a" * 2000, "%25", "'"]
QUERIES = [*PATHS, "9999-12-31T23:59:59-12:00", "1e400", "true", "NaN", "x&x=y"]
HEADS = [
    {"If-Match": "*"}, {"If-Match": '"99999999999999999999"'}, {"If-Match": '"-1"'}, {"If-Match": "\xff"},
    {"Accept-Language": "en" * 2000}, {"Authorization": "Bearer \xff"}, {"Authorization": "Basic " + "A" * 3000},
    {"Content-Encoding": "gzip"}, {"X-Forwarded-For": "'"}, {"If-None-Match": "\xff"}, {"Range": "bytes=9-1"},
]  # fmt: skip
# What a validator may let through, and a database or a language cannot hold. Put into every field; all else into one
# field of each kind, for fields of a kind share their validator.
WORST = {"string": ["\0", "\u202e\u2066gpj.exe", FAR[1]], "number": [2**63, 10**30]}
T = TypeVar("T")
SEVERAL = ("anyOf", "oneOf", "allOf")
DEEPEST = 3
LIKE = {"uuid": str(uuid.UUID(int=7)), "date-time": "2026-11-26T10:00:00+08:00", "date": "2026-11-26"}


class Described:
    """The bodies that an application takes, by its own description."""

    def __init__(self, openapi: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = openapi["paths"]
        self._named = openapi["components"]["schemas"]
        names = {name for path in self.paths for name in re.findall(r"{(\w+)}", path)}
        with unit_of_work(OWNER) as session:
            self._things = {name: ids(session, name) for name in names}

    def path(self, template: str, odd: str | None = None) -> str:
        """A path to something that is there, or with something odd in each place."""
        nobody = [str(uuid.uuid4())]
        return re.sub(r"{(\w+)}", lambda found: odd or (self._things.get(found[1]) or nobody)[0], template)

    def bodies(self) -> Iterator[tuple[str, Any]]:
        """The path of each act that takes JSON, with the schema of what it takes."""
        for path, acts in self.paths.items():
            kinds = acts.get("post", {}).get("requestBody", {}).get("content", {})
            if "application/json" in kinds:
                yield path, kinds["application/json"]["schema"]

    def fields(self, of: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every member of a body, those within others as well, with the schema of its value."""
        of = self._resolved(of)
        for one in (each for several in SEVERAL for each in of.get(several, ())):
            yield from self.fields(one, at)
        for name, inner in of.get("properties", {}).items():
            yield (*at, name), self._resolved(inner)
            if len(at) < DEEPEST:
                yield from self.fields(inner, (*at, name))
        if "items" in of and len(at) < DEEPEST:
            yield from self.fields(of["items"], (*at, 0))

    def example(self, of: Any) -> Any:
        """The least that a schema takes."""
        of = self._resolved(of)
        for several in SEVERAL:
            if several in of:
                return self.example(of[several][0])
        if "const" in of or "enum" in of:
            return of.get("const", of.get("enum", [None])[0])
        if "properties" in of:
            return {name: self.example(of["properties"][name]) for name in of.get("required", ())}
        if of.get("type") == "array":
            return [self.example(of["items"])] * of.get("minItems", 0)
        plain = {"integer": 1, "number": 1, "boolean": False, "object": {}}
        return plain.get(of.get("type"), LIKE.get(of.get("format"), "这是一段足够长的说明文字，用于检查。" * 2))

    def _resolved(self, of: Any) -> Any:
        while "$ref" in of:
            of = self._named[of["$ref"].rpartition("/")[2]]
        return of


def some(of: Sequence[T], turn: int, count: int) -> list[T]:
    """A few of many, others at each turn: what stands before every route alike need not be asked all by each."""
    return [of[(turn * count + at) % len(of)] for at in range(count)]


def worst(of: Any) -> list[Any]:
    """The few that matter most."""
    return [None, {}, *WORST.get("number" if {"integer", "number"} & _kinds(of) else "string", ())]


def kind_of(of: Any) -> str:
    """What two fields with one validator have in common."""
    return json.dumps({key: value for key, value in of.items() if key not in {"title", "description"}}, sort_keys=True)


def _kinds(of: Any) -> set[Any]:
    return {one.get("type") for one in (of, *(each for several in SEVERAL for each in of.get(several, ())))}


def spoilt(of: Any) -> list[Any]:
    """Values that a field of this schema is not there for."""
    every = (of, *(each for several in SEVERAL for each in of.get(several, ())))
    kinds, formats = _kinds(of), {one.get("format") for one in every}
    texts = FAR if formats & {"date-time", "date"} else TEXTS
    return [*ANY, *(texts if "string" in kinds else ()), *(NUMBERS if kinds & {"integer", "number"} else ())]


def put(body: Any, at: tuple[str | int, ...], value: Any) -> Any:
    """The body with one member changed, and what must be around it."""
    if not at:
        return value
    if at[0] == 0:
        return [put((body or [{}])[0] if isinstance(body, list) else {}, at[1:], value)]
    held = json.loads(json.dumps(body)) if isinstance(body, dict) else {}
    return held | {at[0]: put(held.get(at[0]), at[1:], value)}
