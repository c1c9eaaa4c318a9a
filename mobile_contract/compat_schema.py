"""Comparing two JSON schemas in one direction, for the gate in compat.py.

One question is asked everywhere: does the container still hold all of the contained? In a request the new schema must
hold the old one, in a response the old one must hold the new one.
"""

from typing import Any

Json = dict[str, Any]
# The bound keeps values below (or at) it, or above.
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_EQUAL = ("pattern", "format", "multipleOf", "uniqueItems", "contentMediaType")


def resolved(document: Json, node: Json) -> Json:
    """The node with its `$ref` followed and a lone `allOf` opened; siblings of a reference win."""
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    if len(node.get("allOf", [])) == 1:
        rest = {key: value for key, value in node.items() if key != "allOf"}
        return resolved(document, node["allOf"][0] | rest)
    return node


def _arms(document: Json, node: Json) -> list[Json]:
    """`anyOf`, `oneOf` and `type: [...]` as a list of plain schemas."""
    node = resolved(document, node)
    for key in ("anyOf", "oneOf"):
        if key in node:
            rest = {k: v for k, v in node.items() if k not in {key, "title", "description", "default"}}
            return [arm for choice in node[key] for arm in _arms(document, resolved(document, choice) | rest)]
    if isinstance(node.get("type"), list):
        return [node | {"type": kind} for kind in node["type"]]
    return [node]


class Comparison:
    """Compares schemas of two documents in one direction; remembers pairs it is inside of, so that loops end."""

    def __init__(self, old_document: Json, new_document: Json, *, request: bool) -> None:
        self._old_document = old_document
        self._new_document = new_document
        self._request = request
        self._inside: set[tuple[int, int]] = set()

    def compare(self, where: str, old: Json, new: Json) -> list[str]:
        """What breaks at `where` and below it."""
        pair = (id(old), id(new))  # the nodes as they stand in the documents: resolved ones are made anew each time
        if pair in self._inside:
            return []
        self._inside.add(pair)
        old, new = resolved(self._old_document, old), resolved(self._new_document, new)
        try:
            return self._default(where, old, new) + self._match_arms(where, old, new)
        finally:
            self._inside.discard(pair)

    def _default(self, where: str, old: Json, new: Json) -> list[str]:
        """Another default gives a silent request another meaning."""
        if self._request and "default" in old and "default" in new and old["default"] != new["default"]:
            return [f"{where}: default {old['default']!r} -> {new['default']!r}"]
        return []

    def _match_arms(self, where: str, old: Json, new: Json) -> list[str]:
        """Each arm of the contained must fit one arm of the container; else tell the nearest miss."""
        olds, news = _arms(self._old_document, old), _arms(self._new_document, new)
        findings = []
        for contained in olds if self._request else news:
            misses: list[list[str]] = []
            for container in news if self._request else olds:
                pair = (contained, container) if self._request else (container, contained)
                misses.append(self._arm(where, *pair))
            nearest: list[str] = min(misses, key=_distance)
            findings += nearest
        return findings

    def _arm(self, where: str, old: Json, new: Json) -> list[str]:
        container, contained = (new, old) if self._request else (old, new)
        if not _type_fits(container.get("type"), contained.get("type")):
            change = f"{old.get('type', 'anything')} -> {new.get('type', 'anything')}"
            return [f"{where}: type {change}"] if self._request else [f"{where}: type {change} is possible now"]
        return [
            *self._enum(where, old, new),
            *self._limits(where, old, new),
            *self._required(where, old, new),
            *self._properties(where, old, new),
            *self._rest(where, old, new),
        ]

    def _enum(self, where: str, old: Json, new: Json) -> list[str]:
        before, after = _values(old), _values(new)
        container, contained = (after, before) if self._request else (before, after)
        if container is None:
            return []
        if contained is None:
            return [f"{where}: enum {_spelt(before)} -> {_spelt(after)}"]
        word = "gone" if self._request else "new"
        return [f"{where}: enum value {value!r} is {word}" for value in contained if value not in container]

    def _limits(self, where: str, old: Json, new: Json) -> list[str]:
        container, contained = (new, old) if self._request else (old, new)
        findings = []
        for key in (*_UPPER, *_LOWER, *_EQUAL):
            bound, value = container.get(key), contained.get(key)
            if bound is not None and (value is None or _exceeds(key, value, bound)):
                findings.append(f"{where}: {key} {old.get(key)} -> {new.get(key)}")
        return findings

    def _required(self, where: str, old: Json, new: Json) -> list[str]:
        before, after = set(old.get("required", [])), set(new.get("required", []))
        known = old.get("properties", {}), new.get("properties", {})
        if self._request:
            return [
                f"{where}.{name}: {'optional -> required' if name in known[0] else 'new and required'}"
                for name in sorted(after - before)
            ]
        return [f"{where}.{name}: may be absent now" for name in sorted(before - after) if name in known[1]]

    def _properties(self, where: str, old: Json, new: Json) -> list[str]:
        findings = []
        for name, schema in old.get("properties", {}).items():
            after = new.get("properties", {}).get(name)
            if after is None:
                findings.append(f"{where}.{name}: removed")
            else:
                findings += self.compare(f"{where}.{name}", schema, after)
        return findings

    def _rest(self, where: str, old: Json, new: Json) -> list[str]:
        """Members of arrays, and members nobody listed."""
        findings = []
        if "items" in old or "items" in new:
            findings += self.compare(f"{where}[]", old.get("items", {}), new.get("items", {}))
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        container, contained = (after, before) if self._request else (before, after)
        if container is False and contained is not False:
            findings.append(f"{where}: additionalProperties {before} -> {after}")
        elif isinstance(container, dict) and contained is not False:
            pair = [{} if row is True else row for row in (before, after)]
            findings += self.compare(f"{where}.*", *pair)
        return findings


def _distance(misses: list[str]) -> tuple[bool, int]:
    """Two types are further from each other than any two schemas of one type."""
    return (any(": type " in miss for miss in misses), len(misses))


def _type_fits(container: str | None, contained: str | None) -> bool:
    return container is None or container == contained or (container == "number" and contained == "integer")


def _values(schema: Json) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _spelt(values: list[Any] | None) -> str:
    return "open" if values is None else str(values)


def _exceeds(key: str, value: Any, bound: Any) -> bool:
    if key in _UPPER:
        return bool(value > bound)
    if key in _LOWER:
        return bool(value < bound)
    return bool(value != bound)
