"""Documents of Open311 GeoReport v2, one tree in two spellings, and how it tells a refusal.

In XML every member of a list has its own element below the list's. In JSON the root is dropped and a list is an array
(the Spark convention), so that services, requests and errors are bare arrays.
"""

from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

import orjson
from fastapi import Response

from kit.xml import put, sayable

PLACE: Final = "/open311"
TYPES: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
MEMBERS: Final = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
# The standard knows 400, 403 and 404. What it does not speak of is HTTP's own: too large, too many, a fault of ours.
_OWN: Final = frozenset({403, 404, 405, 413, 429})
_TOLD_AS: Final = {401: 403, 410: 404}


def answer(
    form: str, root: str, content: Any, *, headers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """A document in `form`, `xml` or `json`."""
    return Response(written(form, root, content), status, {**(headers or {}), "Content-Type": TYPES[form]})


def written(form: str, root: str, content: Any) -> bytes:
    """The bytes of a document. `content` is a list of members, or what one thing has, by name."""
    if form == "json":
        return orjson.dumps(content)
    top = ET.Element(root)
    _fill(top, content)
    return _DECLARATION + bytes(ET.tostring(top, encoding="utf-8"))


def speaks_at(path: str) -> bool:
    """Whether a path is of this standard."""
    return path.startswith(f"{PLACE}/")


def refused(path: str, problem: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A problem (RFC 9457) as this standard tells one, in the form that the path asks for; by itself in XML."""
    status = problem["status"]
    status = _TOLD_AS.get(status, status if status in _OWN or status >= 500 else 400)  # noqa: PLR2004 - HTTP's own
    form = "json" if path.endswith(".json") else "xml"
    told = [{"code": status, "description": words} for words in _descriptions(problem)]
    return answer(form, "errors", told, headers=headers, status=status)


def _descriptions(problem: Mapping[str, Any]) -> list[str]:
    """For people: which argument and what is the matter with it, or what was refused and why."""
    faults = [f"{fault['pointer'].lstrip('/?')}: {fault['message']}" for fault in problem.get("errors", ())]
    return faults or [": ".join(filter(None, (problem["title"], problem.get("reason"))))]


def _fill(parent: ET.Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(put(parent, name), value)
    elif isinstance(content, list):
        for member in content:
            _fill(put(parent, MEMBERS[parent.tag]), member)
    elif isinstance(content, bool):
        parent.text = "true" if content else "false"
    elif content is not None:
        parent.text = sayable(str(content))
