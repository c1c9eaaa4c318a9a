"""Runs mobile_contract/journeys/*.json against a service, and holds every answer against the contract's models.

`send` is anything that works like `httpx.Client.request`: send(method, path, json=, params=, data=, files=) with
an answer that has `status_code`, `json()` and `headers`. The format is in mobile_contract/README.md.
"""

import hashlib
import io
import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from mobile_contract.errors import PROBLEMS
from mobile_contract.v1.operations import NOWHERE, OPERATIONS, Operation
from mobile_contract.v1.problem import Problem

HOME = Path(__file__).parents[2] / "mobile_contract" / "journeys"
_WHOLE = re.compile(r"\$\{([a-z_.0-9]+)\}")


class Answer(Protocol):
    """As much of an HTTP answer as a journey needs."""

    status_code: int
    headers: Any

    def json(self) -> Any: ...


Send = Callable[..., Answer]


@dataclass(frozen=True)
class Picture:
    """A file that a journey sends."""

    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def bytes(self) -> int:
        return len(self.content)


def load(name: str) -> dict[str, Any]:
    return json.loads((HOME / f"{name}.json").read_text(encoding="utf-8"))


def names() -> list[str]:
    return sorted(path.stem for path in HOME.glob("*.json"))


def run(journey: dict[str, Any], send: Send, *, given: dict[str, Any], patience: float = 1.0) -> dict[str, Any]:
    """Walk the journey; AssertionError names the step that went wrong. Returns all variables at the end.

    `given` holds `now` (RFC 3339) and a place inside the district: `lon`, `lat` (WGS 84). `patience` stretches or
    shortens every `until_s`.
    """
    known = dict(given)
    for name, kind in journey["make"].items():
        known[name] = _made(kind)
    for number, step in enumerate(journey["steps"], 1):
        said = f"{journey['name']}, step {number} ({step['say']})"
        body = _step(step, send, known, until=time.monotonic() + step.get("until_s", 0) * patience, said=said)
        for name, pointer in step.get("keep", {}).items():
            known[name] = _at(body, pointer)
    return known


def _made(kind: str) -> Any:
    if kind == "uuid":
        return str(uuid.uuid4())
    assert kind == "jpeg", f"a journey asks for {kind!r}"
    return picture()


def picture() -> Picture:
    """A small photo, each time another."""
    out = io.BytesIO()
    tint = uuid.uuid4().bytes
    Image.frombytes("RGB", (2, 2), tint[:12]).resize((320, 240)).save(out, "JPEG")
    return Picture(out.getvalue())


def _step(step: dict[str, Any], send: Send, known: dict[str, Any], *, until: float, said: str) -> Any:
    while True:
        answer = _ask(OPERATIONS[step["do"]], step, send, known)
        body = answer.json()
        misses = _misses(step["expect"], known, answer.status_code, body)
        if not misses:
            check_shape(OPERATIONS[step["do"]], answer, body)
            return body
        if time.monotonic() >= until:
            raise AssertionError(f"{said}: {'; '.join(misses)}\n{json.dumps(body, ensure_ascii=False, indent=1)}")
        time.sleep(0.2)


def _ask(op: Operation, step: dict[str, Any], send: Send, known: dict[str, Any]) -> Answer:
    request: dict[str, Any] = {}
    if "body" in step:
        request["json"] = filled(step["body"], known)
    if "query" in step:
        request["params"] = filled(step["query"], known)
    if "form" in step:
        form = filled(step["form"], known)
        request["files"] = {"file": ("photo.jpg", form.pop("file").content, "image/jpeg")}
        request["data"] = form
    return send(op.method.upper(), op.path, **request)


def check_shape(op: Operation, answer: Answer, body: Any) -> None:
    """The answer is one the contract lists for this operation, and says nothing that the contract does not."""
    if answer.status_code in op.statuses:
        assert unlisted(op.answer.model_validate(body), body) == [], f"{op.name} says more than the contract"
        return
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem = Problem.model_validate(body)
    assert problem.code in {*op.all_problems, *NOWHERE}, f"{op.name} tells {problem.code}, which is not listed for it"
    row = PROBLEMS[problem.code]
    assert (problem.status, problem.retryable) == (row.status, row.retryable) == (answer.status_code, row.retryable)


def unlisted(model: Any, body: Any) -> list[str]:
    """The pointers to members of `body` that the model does not know."""
    return _more(body, model.model_dump(mode="json"), "")


def _more(said: Any, listed: Any, at: str) -> list[str]:
    if isinstance(said, dict) and isinstance(listed, dict):
        extra = [f"{at}/{key}" for key in said if key not in listed]
        return extra + [p for key in said if key in listed for p in _more(said[key], listed[key], f"{at}/{key}")]
    if isinstance(said, list) and isinstance(listed, list):
        pairs = zip(said, listed, strict=True)
        return [p for index, pair in enumerate(pairs) for p in _more(*pair, f"{at}/{index}")]
    return []


def _misses(expect: dict[str, Any], known: dict[str, Any], status: int, body: Any) -> list[str]:
    found = [] if status == expect["status"] else [f"status {status}, not {expect['status']}"]
    for pointer, wanted in expect.get("body", {}).items():
        try:
            value = _at(body, pointer)
        except (KeyError, IndexError, TypeError):
            found.append(f"{pointer} is not there")
            continue
        if not _fits(value, filled(wanted, known)):
            found.append(f"{pointer} is {value!r}, not {wanted!r}")
    return found


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and "matches" in wanted:
        return re.fullmatch(wanted["matches"], str(value)) is not None
    return bool(value == wanted)


def filled(node: Any, known: dict[str, Any]) -> Any:
    """The node with `${name}` and `${name.attribute}` replaced; a string that is one variable takes its type."""
    if isinstance(node, dict):
        return {key: filled(value, known) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(value, known) for value in node]
    if isinstance(node, str) and (match := _WHOLE.fullmatch(node)):
        name, _, attribute = match[1].partition(".")
        return getattr(known[name], attribute) if attribute else known[name]
    return node


def _at(body: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        body = body[int(step)] if isinstance(body, list) else body[step.replace("~1", "/").replace("~0", "~")]
    return body
