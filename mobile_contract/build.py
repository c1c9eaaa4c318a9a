"""From what the app says about itself to the frozen v1/openapi.json, and the other generated files (ecosystem 1.3).

The app decides which routes and parameters exist; the contract decides shapes, answers and problems. Where the two
disagree, `canonical` refuses. Everything is pure: paths are read and written by `freeze` and `stale` only.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from mobile_contract.errors import PROBLEMS
from mobile_contract.examples import Example, load_examples
from mobile_contract.v1.enums import LABELS
from mobile_contract.v1.operations import LINKS, OPERATIONS, PREFIX, VERSION, Operation
from mobile_contract.v1.problem import Problem
from mobile_contract.v1.subscription import PushMessage

HOME = Path(__file__).parent / "v1"
OPENAPI = HOME / "openapi.json"
BASELINE = HOME / "baseline.json"
ALLOWED = HOME / "allowed.json"
PROBLEM_JSON = "application/problem+json"
IMAGE_TYPES = "image/jpeg, image/png, image/webp"
_REF = "#/components/schemas/"
Json = dict[str, Any]


class Disagreement(ValueError):
    """The app and the contract do not describe the same service."""


def canonical(app: Json) -> Json:
    """The contract as one OpenAPI 3.1 document, made from the document a FastAPI app gives of itself.

    Raises Disagreement when the app lacks an operation, has one more under /m/v1, or answers with another shape.
    """
    found = _routes(app)
    wanted = {(op.method, op.path): op for op in OPERATIONS.values()}
    if found.keys() != wanted.keys():
        lacks, extra = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
        raise Disagreement(f"The app lacks {lacks} and has {extra} which the contract does not know.")
    examples = load_examples()
    paths: Json = {}
    for key, op in wanted.items():
        told = [example for example in examples if example.operation == op.name]
        paths.setdefault(op.path, {})[op.method] = _operation(op, found[key], told)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/", "description": "The host of the district's service"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": _schemas(app, paths)},
    }


def dumps(document: Any) -> str:
    """Canonical text: sorted keys, two spaces, real characters, one line end at the end. So a diff is readable."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def generated(app: Json) -> dict[Path, str]:
    """Every generated file with the text it should have."""
    return {
        OPENAPI: dumps(canonical(app)),
        HOME / "push.json": dumps(PushMessage.model_json_schema()),
        HOME / "problems.json": dumps([asdict(row) for row in PROBLEMS.values()]),
        HOME / "enums.json": dumps(
            {name: {value: words.model_dump() for value, words in values.items()} for name, values in LABELS.items()}
        ),
    }


def freeze(app: Json) -> list[Path]:
    """Write the generated files that differ; tell which."""
    old = stale(app)
    for path, text in generated(app).items():
        if path in old:
            path.write_text(text, encoding="utf-8", newline="\n")
    return old


def stale(app: Json) -> list[Path]:
    """The generated files that are missing or not what they should be."""
    return [
        path for path, text in generated(app).items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _info() -> Json:
    return {
        "title": "Jingzhong 警钟: mobile contract",
        "version": VERSION,
        "description": "What the citizen's app says and hears. GET and POST only; see README.md.",
        "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    }


def _routes(app: Json) -> dict[tuple[str, str], Json]:
    """What the app has under the prefix, by (method, path)."""
    return {
        (method, path): operation
        for path, methods in app["paths"].items()
        if path.startswith(PREFIX + "/")
        for method, operation in methods.items()
    }


def _operation(op: Operation, app: Json, told: list[Example]) -> Json:
    _check_shapes(op, app)
    out: Json = {
        "operationId": op.name,
        "summary": op.summary,
        "tags": ["mobile"],
        "responses": _answers(op, told) | _refusals(op, told),
    }
    if app.get("description"):
        out["description"] = app["description"]
    if app.get("parameters"):
        out["parameters"] = sorted(app["parameters"], key=lambda p: (p["in"], p["name"]))
    if op.body is not None:
        out["requestBody"] = {"required": True, "content": _body(op, told)}
    return out


def _check_shapes(op: Operation, app: Json) -> None:
    """Where the app names a shape itself, it must be the contract's."""
    for status, response in app.get("responses", {}).items():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").removeprefix(_REF)
        if status.startswith("2") and (int(status) not in op.statuses or name not in {"", op.answer.__name__}):
            raise Disagreement(
                f"{op.name} answers {status} {name}; the contract says {op.statuses} {op.answer.__name__}."
            )
    schema = app.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").removeprefix(_REF)
    if name and (op.body is None or name != op.body.__name__):
        raise Disagreement(f"{op.name} takes {name}; the contract says {op.body}.")


def _body(op: Operation, told: list[Example]) -> Json:
    if op.body is None:
        return {}
    if op.multipart:
        schema: Json = {"$ref": _REF + op.body.__name__}
        return {"multipart/form-data": {"schema": schema, "encoding": {"file": {"contentType": IMAGE_TYPES}}}}
    requests = {e.name: {"summary": e.summary, "value": e.request} for e in told if e.status in op.statuses}
    return {"application/json": _with_examples({"schema": {"$ref": _REF + op.body.__name__}}, requests)}


def _answers(op: Operation, told: list[Example]) -> Json:
    out: Json = {}
    for status in op.statuses:
        said = {e.name: {"summary": e.summary, "value": e.response} for e in told if e.status == status}
        content = _with_examples({"schema": {"$ref": _REF + op.answer.__name__}}, said)
        out[str(status)] = {"description": _DESCRIPTIONS[status], "content": {"application/json": content}}
        if op.name in LINKS:
            out[str(status)]["links"] = {name: _link(name, members) for name, members in LINKS[op.name].items()}
    if op.etag:
        tag = {"ETag": {"description": "Send it back in If-None-Match.", "schema": {"type": "string"}}}
        out["200"]["headers"] = tag
        out["304"] = {"description": "Not changed since the ETag in If-None-Match.", "headers": tag}
    return out


def _link(name: str, members: dict[str, str]) -> Json:
    """How an operation is asked on with members of an answer: in its body, or in its query where it has none."""
    said = {member: f"$response.body#{pointer}" for member, pointer in members.items()}
    return {"operationId": name, "requestBody" if OPERATIONS[name].body else "parameters": said}


def _refusals(op: Operation, told: list[Example]) -> Json:
    """One answer per status, naming its codes; `default` for what a proxy on the way may say."""
    by_status: dict[int, list[str]] = {}
    for code in op.all_problems:
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    out: Json = {"default": _refusal("Any other refusal.")}
    for status, codes in by_status.items():
        said = {e.name: {"summary": e.summary, "value": e.response} for e in told if e.status == status}
        out[str(status)] = _refusal(" · ".join(PROBLEMS[code].en for code in codes), said, sorted(codes))
        if any(PROBLEMS[code].retryable for code in codes):
            wait = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
            out[str(status)]["headers"] = {"Retry-After": wait}
    return out


def _refusal(description: str, said: Json | None = None, codes: list[str] | None = None) -> Json:
    content = _with_examples({"schema": {"$ref": _REF + Problem.__name__}}, said or {})
    out: Json = {"description": description, "content": {PROBLEM_JSON: content}}
    return out | {"x-problem-codes": codes} if codes else out


def _with_examples(media: Json, examples: Json) -> Json:
    return media | {"examples": examples} if examples else media


def _schemas(app: Json, paths: Json) -> Json:
    """The contract's own schemas, and of the app's only those that its parameters need."""
    template = _REF + "{model}"
    models = [(op.body, "validation") for op in OPERATIONS.values() if op.body is not None]
    answers = [(op.answer, "serialization") for op in OPERATIONS.values()]
    _, top = models_json_schema([*models, *answers, (Problem, "validation")], ref_template=template)  # type: ignore[list-item]
    schemas: Json = top["$defs"]
    form = schemas["PhotoForm"]
    form["properties"]["file"] = {"type": "string", "format": "binary", "description": "The photo. Send it last."}
    form["required"] = [*form["required"], "file"]
    theirs = app.get("components", {}).get("schemas", {})
    needed = {name for name in _refs(paths) if name not in schemas}
    return schemas | {name: theirs[name] for name in sorted(needed)}


def _refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].removeprefix(_REF)} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_refs(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_refs(value) for value in node))
    return set()


_DESCRIPTIONS = {200: "Here it is; for something sent, it had been received before.", 201: "Received and stored."}
