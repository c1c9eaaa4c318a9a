"""Asking /o/v1 from within: the console is one of its clients, in the same process and by the same functions.

So no rule is written twice: who may, what is refused and how it is told are the API's, and a page only shows it.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive, Scope, Send

OFFICERS: Final = "/o/v1"
JSON: Final = "application/json"
Body = bytes | AsyncIterator[bytes]


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: Any

    @property
    def is_good(self) -> bool:
        """Whether it was done."""
        return self.status < 300  # noqa: PLR2004 - HTTP's own number


def routes(app: FastAPI) -> Mapping[str, APIRoute]:
    """Every route of the officers' API by its name."""
    known: dict[str, APIRoute] | None = getattr(app.state, "officers_routes", None)
    if known is None:
        known = {
            each.name: each
            for each in app.router.routes
            if isinstance(each, APIRoute) and each.path.startswith(OFFICERS) and "HEAD" not in (each.methods or ())
        }
        app.state.officers_routes = known
    return known


async def ask(
    request: Request, token: str, name: str, *, version: int | None = None, body: Any = None,
    query: Mapping[str, str] | None = None, path: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    """Ask the named route; `body` is sent as JSON, `version` as what was seen."""
    headers = {"content-type": JSON} if body is not None else {}
    if version is not None:
        headers["if-match"] = f'"{version}"'
    sent = json.dumps(body, allow_nan=False).encode() if body is not None else b""
    return await send(request, token, name, sent, headers, query=query, path=path)


async def send(
    request: Request, token: str, name: str, sent: Body, headers: Mapping[str, str], *,
    query: Mapping[str, str] | None = None, path: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    """The same with a body of any kind."""
    route, scope = _scope(request, token, name, headers, query, path or {})
    status, pieces = 500, []

    async def hear(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            pieces.append(message.get("body", b""))

    await route.handle(scope, _giving(sent), hear)
    text = b"".join(pieces)
    return Answer(status, json.loads(text) if text else None)


class Passed(Response):
    """A file that the API shows, handed on as it comes."""

    def __init__(self, request: Request, token: str, name: str, path: Mapping[str, str]) -> None:
        super().__init__()
        self._asked = _scope(request, token, name, {}, None, path)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API answer in our place."""
        route, scope = self._asked
        await route.handle(scope, receive, send)


def _scope(
    request: Request, token: str, name: str, headers: Mapping[str, str], query: Mapping[str, str] | None,
    path: Mapping[str, str],
) -> tuple[APIRoute, Scope]:  # fmt: skip
    route = routes(request.app)[name]
    where = str(route.url_path_for(name, **path))
    said = {"authorization": f"Bearer {token}", "accept": JSON, **headers}
    scope = {
        **request.scope, "method": next(iter(route.methods or ("GET",))), "path": where, "raw_path": where.encode(),
        "query_string": urlencode(query or {}).encode(),
        "headers": [(key.encode(), value.encode("latin-1", "replace")) for key, value in said.items()],
    }  # fmt: skip
    _, found = route.matches(scope)
    return route, {**scope, **found}


def _giving(sent: Body) -> Receive:
    pieces = sent.__aiter__() if not isinstance(sent, bytes) else None
    whole = sent if isinstance(sent, bytes) else b""
    is_over = False

    async def receive() -> Message:
        nonlocal is_over
        if is_over:
            return {"type": "http.disconnect"}
        if pieces is None:
            is_over = True
            return {"type": "http.request", "body": whole, "more_body": False}
        try:
            return {"type": "http.request", "body": await anext(pieces), "more_body": True}
        except StopAsyncIteration:
            is_over = True
            return {"type": "http.request", "body": b"", "more_body": False}

    return receive
