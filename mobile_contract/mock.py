"""A service of examples for app teams: what a phone says is checked, and what it hears is one of examples/*.json.

`Prefer: example=NAME` or `Prefer: code=410` chooses the answer. Without it the example whose request is most like the
one that was sent answers, under the ids that were sent; the same id once more is a replay, with other content refused.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from mobile_contract.errors import PROBLEMS
from mobile_contract.examples import Example, load_examples
from mobile_contract.v1.faults import field_errors, problem_code
from mobile_contract.v1.operations import OPERATIONS, Operation
from mobile_contract.v1.problem import FieldError
from mobile_contract.v1.report import ReportIn

Json = dict[str, Any]
REUSED = {"send_report": "report.id_reused", "send_photo": "photo.id_reused", "add_answer": "answer.id_reused"}


@dataclass(frozen=True)
class Answer:
    """What is answered; 304 has no body."""

    status: int
    body: Json | None
    etag: str | None = None


class Refused(Exception):
    """The request gets this problem and no example."""

    def __init__(self, code: str, errors: list[FieldError] | None = None) -> None:
        super().__init__(code)
        self.code, self.errors = code, errors or []


class Mock:
    """Remembers the ids it has seen, and nothing else."""

    def __init__(self) -> None:
        self._examples = load_examples()
        self._seen: dict[tuple[str, str], tuple[bytes, Json]] = {}

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What a phone that sends this hears; header names are in lower case."""
        try:
            op = _operation(method, urlsplit(target).path)
            said = _said(op, target, headers, body)
            example = self._preferred(op, headers.get("prefer", ""))
            if example is None and (first := self._first_answer(op, said)):
                return Answer(200, first | {"replay": True} if "replay" in first else first)
            example = example or self._fitting(op, said)
        except Refused as refused:
            return _problem(refused, english=headers.get("accept-language", "").startswith("en"))
        answer = _with_their_ids(op, example, said)
        if op.name in REUSED and example.status in op.statuses:
            self._seen[op.name, _id_of(said)] = _content(op, said), answer
        tag = f'"{hashlib.sha256(json.dumps(answer).encode()).hexdigest()[:16]}"' if op.etag else None
        if tag and tag == headers.get("if-none-match"):
            return Answer(304, None, tag)
        return Answer(example.status, answer, tag)

    def _of(self, op: Operation, *, status: int | None = None) -> list[Example]:
        told = [each for each in self._examples if each.operation == op.name]
        return [each for each in told if each.status == status] if status else told

    def _preferred(self, op: Operation, prefer: str) -> Example | None:
        key, _, value = prefer.partition("=")
        found = [
            each for each in self._of(op)
            if value and ((key == "example" and each.name == value) or (key == "code" and str(each.status) == value))
        ]  # fmt: skip
        return found[0] if found else None

    def _fitting(self, op: Operation, said: Json) -> Example:
        """The one for exactly this request, refusals too; else the most alike among the successes."""
        for example in self._of(op):
            if example.request == said and example.status not in op.statuses:
                return example
        told = self._of(op, status=op.statuses[0])
        return max(told, key=lambda each: _alike(each.request or {}, said))

    def _first_answer(self, op: Operation, said: Json) -> Json | None:
        """What this id got when it came first; None where it has not. Raises Refused where it had other content."""
        content, answer = self._seen.get((op.name, _id_of(said)), (b"", None))
        if answer is not None and content != _content(op, said):
            raise Refused(REUSED[op.name])
        return answer


def serve(port: int) -> ThreadingHTTPServer:
    """A server on the loopback address, to be run by `serve_forever`; port 0 takes a free one."""
    mock = Mock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = mock.answer(self.command, self.path, headers, body)
            content = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
            self.send_response(answer.status)
            kind = "application/json" if answer.status < 400 else "application/problem+json"  # noqa: PLR2004 - HTTP's own line
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Access-Control-Allow-Origin", "*")
            if answer.etag:
                self.send_header("ETag", answer.etag)
            if answer.body and answer.body.get("retryable"):
                self.send_header("Retry-After", str(answer.body.get("retry_after_s") or 1))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing: what phones send is shown nowhere."""

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - http.server's names

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _id_of(said: Json) -> str:
    return str(said.get("id", said.get("photo_id"))).lower()


def _content(op: Operation, said: Json) -> bytes:
    """What makes two requests the same: for a report without the app's version and the like."""
    if op.body is ReportIn:
        return ReportIn.model_validate(said).fingerprint()
    return json.dumps(said, sort_keys=True).encode()


def _operation(method: str, path: str) -> Operation:
    at_path = [op for op in OPERATIONS.values() if op.path == path]
    if not at_path:
        raise Refused("path.unknown")
    for op in at_path:
        if op.method.upper() == method:
            return op
    raise Refused("method.not_allowed")


def _said(op: Operation, target: str, headers: Mapping[str, str], body: bytes) -> Json:
    """The JSON, the form's fields without its file, or the query. Raises Refused for what the models do not take."""
    if op.body is None:
        return dict(parse_qsl(urlsplit(target).query))
    kind = headers.get("content-type", "")
    if not kind.startswith("multipart/form-data" if op.multipart else "application/json"):
        raise Refused("media.unsupported")
    try:
        said = _fields(kind, body) if op.multipart else json.loads(body)
        op.body.model_validate(said)
    except ValueError as wrong:
        rows = wrong.errors() if isinstance(wrong, ValidationError) else [{"type": "json_invalid", "loc": ()}]
        raise Refused(problem_code(rows), field_errors(rows)) from wrong
    return dict(said)


def _fields(kind: str, body: bytes) -> Json:
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = {str(part.get_param("name", header="content-disposition")): part for part in form.iter_parts()}
    if "file" not in parts:
        raise Refused("body.invalid", field_errors([{"type": "missing", "loc": ("body", "file")}]))
    return {name: part.get_content().strip() for name, part in parts.items() if name != "file"}


def _alike(shown: Json, said: Json) -> int:
    return sum(shown.get(name) == value for name, value in said.items())


def _with_their_ids(op: Operation, example: Example, said: Json) -> Json:
    """The example's answer, as if it had been given to this request."""
    answer = dict(example.response)
    if example.status not in op.statuses:
        return answer
    sent = {"id": said.get("id", said.get("photo_id"))} | {key: said.get(key) for key in ("report_id", "sha256")}
    answer |= {key: value for key, value in sent.items() if value and key in answer}
    if "photos" in said and "photos" in answer:
        answer["photos"] = [{"id": photo["id"], "state": "expected"} for photo in said["photos"]]
    return answer


def _problem(refused: Refused, *, english: bool) -> Answer:
    row = PROBLEMS[refused.code]
    title = row.en if english else row.zh
    errors = [each.model_dump() for each in refused.errors]
    return Answer(row.status, {
        "type": row.type, "title": title, "status": row.status, "detail": title, "code": row.code,
        "retryable": row.retryable, "errors": errors, "request_id": "mock",
    })  # fmt: skip
