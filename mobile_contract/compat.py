"""The breaking-change gate: whether an app built against the old document still works with the new (ecosystem 1.4).

In request position every value valid before must stay valid (narrowing breaks). In response position every value valid
now must have been valid before (widening breaks), and no property may go. Allow-listed findings pass until a date.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from mobile_contract.compat_schema import Comparison, resolved

Json = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A deliberate break: the finding word for word, why, and until when it may stand here."""

    finding: str
    why: str
    until: date


def breaking_changes(old: Json, new: Json) -> list[str]:
    """How `new` breaks apps built against `old`, in lines like `POST /reports body.text: maxLength 500 -> 100`."""
    findings: list[str] = []
    for path, methods in old.get("paths", {}).items():
        for method in (m for m in _METHODS if m in methods):
            where = f"{method.upper()} {path}"
            after = new.get("paths", {}).get(path, {}).get(method)
            if after is None:
                findings.append(f"{where}: removed")
            else:
                findings += _operation(where, Pair(old, new, methods[method], after))
    return list(dict.fromkeys(findings))


def not_allowed(findings: list[str], allowed: list[Allowed], *, today: date) -> list[str]:
    """The findings that no allow-list row covers today."""
    covered = {row.finding for row in allowed if row.until >= today}
    return [finding for finding in findings if finding not in covered]


def read_allowed(rows: list[dict[str, str]]) -> list[Allowed]:
    """Rows of v1/allowed.json."""
    return [Allowed(row["finding"], row["why"], date.fromisoformat(row["until"])) for row in rows]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two documents, and the same operation in both."""

    old_document: Json
    new_document: Json
    old: Json
    new: Json

    def schemas(self, where: str, old: Json, new: Json, *, request: bool) -> list[str]:
        """Compare two schemas that stand at the same place."""
        return Comparison(self.old_document, self.new_document, request=request).compare(where, old, new)


def _operation(where: str, pair: Pair) -> list[str]:
    findings = []
    if pair.old.get("operationId") != pair.new.get("operationId"):
        findings.append(f"{where}: operationId {pair.old.get('operationId')} -> {pair.new.get('operationId')}")
    findings += _security(where, pair)
    findings += _parameters(where, pair)
    findings += _request_body(where, pair)
    return findings + _responses(where, pair)


def _security(where: str, pair: Pair) -> list[str]:
    """Whoever could call before can still: for each old way in, some new way asks for no more."""

    def ways(document: Json, operation: Json) -> list[dict[str, set[str]]]:
        stated = operation.get("security", document.get("security")) or [{}]
        return [{scheme: set(scopes) for scheme, scopes in way.items()} for way in stated]

    new_ways = ways(pair.new_document, pair.new)
    for way in ways(pair.old_document, pair.old):
        if not any(all(s in way and scopes <= way[s] for s, scopes in new.items()) for new in new_ways):
            return [f"{where}: security {sorted(way)} is not enough any more"]
    return []


def _parameters(where: str, pair: Pair) -> list[str]:
    def by_key(document: Json, operation: Json) -> dict[tuple[str, str], Json]:
        rows = (resolved(document, row) for row in operation.get("parameters", []))
        return {(row["in"], row["name"]): row for row in rows}

    old, new = by_key(pair.old_document, pair.old), by_key(pair.new_document, pair.new)
    findings = []
    for key, row in old.items():
        place = f"{where} {key[0]}.{key[1]}"
        if key not in new:
            findings.append(f"{place}: removed")
            continue
        if new[key].get("required") and not row.get("required"):
            findings.append(f"{place}: optional -> required")
        findings += pair.schemas(place, row.get("schema", {}), new[key].get("schema", {}), request=True)
    for key, row in new.items():
        if key not in old and row.get("required"):
            findings.append(f"{where} {key[0]}.{key[1]}: new and required")
    return findings


def _request_body(where: str, pair: Pair) -> list[str]:
    old, new = pair.old.get("requestBody"), pair.new.get("requestBody")
    if new is None:
        return [f"{where} body: removed"] if old else []
    new = resolved(pair.new_document, new)
    if old is None:
        return [f"{where} body: new and required"] if new.get("required") else []
    old = resolved(pair.old_document, old)
    findings = []
    if new.get("required") and not old.get("required"):
        findings.append(f"{where} body: optional -> required")
    return findings + _content(f"{where} body", pair, old, new, request=True)


def _responses(where: str, pair: Pair) -> list[str]:
    findings = []
    old, new = pair.old.get("responses", {}), pair.new.get("responses", {})
    for status, response in old.items():
        place = f"{where} {status}"
        if status not in new:
            findings.append(f"{place}: removed")
            continue
        before, after = resolved(pair.old_document, response), resolved(pair.new_document, new[status])
        findings += [
            f"{place} header {name}: removed"
            for name in before.get("headers", {})
            if name not in after.get("headers", {})
        ]
        findings += [
            f"{place} code {code}: removed"
            for code in before.get("x-problem-codes", [])
            if code not in after.get("x-problem-codes", [])
        ]
        findings += _content(place, pair, before, after, request=False)
    successes = [status for status in new if status.startswith(("2", "3")) and status not in old]
    return findings + [f"{where} {status}: new success that old apps do not know" for status in successes]


def _content(where: str, pair: Pair, old: Json, new: Json, *, request: bool) -> list[str]:
    findings = []
    for media, row in old.get("content", {}).items():
        after = new.get("content", {}).get(media)
        if after is None:
            findings.append(f"{where}: media type {media} removed")
        else:
            findings += pair.schemas(where, row.get("schema", {}), after.get("schema", {}), request=request)
    return findings
