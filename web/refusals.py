"""A person with a browser is told a refusal as a page; a program still gets its problem document."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import Any

from fastapi import FastAPI, Request, Response

from web import words
from web.desk import refused
from web.desk.door import HOME
from web.rendering import page

PAGES = ("/exposures", "/track", "/duties", "/static/", HOME)
PROGRAMS = ("/m/", "/o/", "/open/", "/feeds/")
KEPT = ("Retry-After", "Allow")
Tell = Callable[[Request, Any], Any]


def install(app: FastAPI) -> None:
    """Put a page around what the API's handlers have decided and logged."""
    for kind, tell in list(app.exception_handlers.items()):
        app.exception_handlers[kind] = _as_page(tell)


def _as_page(tell: Tell) -> Callable[[Request, Any], Awaitable[Response]]:
    async def told(request: Request, failure: Any) -> Response:
        said = tell(request, failure)
        answer: Response = await said if isawaitable(said) else said
        return _page_for(request, answer) if _wants_page(request) else answer

    return told


def _wants_page(request: Request) -> bool:
    path = request.url.path
    if path.startswith(PROGRAMS):
        return False
    return path.startswith(PAGES) or "text/html" in request.headers.get("accept", "")


def _page_for(request: Request, answer: Response) -> Response:
    if request.url.path.startswith(HOME):
        return refused.told(request, answer)
    said = words.REFUSED.get(answer.status_code)
    if said is None:
        client_erred = answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        said = words.REFUSED[HTTPStatus.UNPROCESSABLE_ENTITY] if client_erred else words.FAILED
    shown = page(request, "refused.html", status=answer.status_code, said=said)
    shown.headers.update({name: answer.headers[name] for name in KEPT if name in answer.headers})
    return shown
