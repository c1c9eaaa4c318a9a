"""Every route of an application, asked as somebody: what it answers, in words that can be searched."""

import io
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from sqlalchemy import text

PLACEHOLDER = re.compile(r"{(\w+)(?::\w+)?}")
# Of these there is no table with the same name.
ELSEWHERE = {
    "officer_id": "account", "person_id": "account", "photo_id": "picture", "transfer_id": "criminal_transfer",
    "copy_id": "record_copy", "entry_id": "calendar_entry", "view_id": "saved_view", "number": "voucher",
    "interview_id": "leader_interview", "relation_id": "declared_relation", "release_id": "identity_release",
}  # fmt: skip
COLUMN = {"number": "number", "public_id": "public_id"}


@dataclass
class Answers:
    """What was answered, by who asked and what."""

    opened: int = 0
    routes: set[str] = field(default_factory=set)
    leaks: dict[tuple[str, str, str], str] = field(default_factory=dict)
    failed: list[tuple[str, str, str, int]] = field(default_factory=list)


def operations(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of included routers too: a new one joins by itself."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from operations(inner.routes, prefix)
        elif getattr(route, "methods", None):
            yield from ((method, prefix + route.path) for method in sorted(route.methods - {"HEAD"}))


def inside(app: Any) -> Any:
    """The FastAPI application within what is wrapped around it."""
    while not hasattr(app, "router"):
        app = app.app
    return app


def ids(session: Any, name: str) -> list[str]:
    """Some ids of the things that a placeholder of this name stands for."""
    table, column = ELSEWHERE.get(name, name.removesuffix("_id")), COLUMN.get(name, "id")
    for schema in ("handling", "record", "intake", "vault"):
        if session.scalar(text("select to_regclass(:name)"), {"name": f'{schema}."{table}"'}):
            return [str(found) for found in session.scalars(text(f'select {column} from {schema}."{table}" limit 3'))]  # noqa: S608
    return []


def paths(template: str, known: dict[str, list[str]]) -> Iterator[str]:
    """The path with each placeholder filled; one of which nothing is known with an id that nobody has."""
    names = PLACEHOLDER.findall(template)
    chosen = {name: known.get(name) or [str(uuid.uuid4())] for name in names}
    for at in range(max((len(each) for each in chosen.values()), default=1)):
        path = template
        for name, each in chosen.items():
            path = re.sub(rf"{{{name}(:\w+)?}}", each[at % len(each)], path)
        yield path


def words(answer: Any) -> str:
    """All that an answer says: headers, text, and the text of a PDF."""
    said = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = answer.content
    if body.startswith(b"%PDF"):
        said += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return said + body.decode("utf-8", "replace")


def holds(said: str, secret: str) -> bool:
    """Whether a secret stands there, as it is or as JSON escapes it."""
    return secret in said or json.dumps(secret)[1:-1] in said


def look(answers: Answers, who: str, what: str, said: str, secrets: dict[str, str]) -> None:
    """Write down every secret that was told."""
    for name, secret in secrets.items():
        if holds(said, secret):
            answers.leaks[who, what, name] = secret
