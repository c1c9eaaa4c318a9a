"""Doors: what is asked most goes straight to its function, past what a framework does for any endpoint.

Finding the route, solving dependencies and the stacks that hold them open cost a quarter of a report's processor time
and half of a queue page's. A door takes only what needs none of it; all else of its path goes on to the route, which
calls the same function, and both ways tell refusals by the same table.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors
from api.mobile.photos import send_photo
from api.mobile.reports import send_report
from api.officers.queue import plain_page
from kit import clock


@dataclass(frozen=True)
class Door:
    """A way past the framework: `answer` gives None for what must go through it. `path` is for whoever counts."""

    path: str
    answer: Callable[[Request], Awaitable[Response | None]]


async def _report(request: Request) -> Response:
    return await send_report(request, clock.now())


async def _photo(request: Request) -> Response:
    return await send_photo(request, clock.now())


async def _queue(request: Request) -> Response | None:
    return await plain_page(request, clock.now())


DOORS: Final[Mapping[tuple[str, str], Door]] = {
    ("POST", "/m/v1/reports"): Door("/m/v1/reports", _report),
    ("POST", "/m/v1/photos"): Door("/m/v1/photos", _photo),
    ("GET", "/o/v1/queue"): Door("/o/v1/queue", _queue),
}


class Doors:
    """Plain ASGI, inside `Frame`: the limit on the body, the request's id and the headers are there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at a door, or let it go on."""
        door = DOORS.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        answer = await _answer(door, Request(scope, receive)) if door else None
        if answer is None:
            await self.app(scope, receive, send)
        else:
            scope["route"] = door
            await answer(scope, receive, send)


async def _answer(door: Door, request: Request) -> Response | None:
    try:
        return await door.answer(request)
    except ClientDisconnect:
        raise  # there is nobody to tell
    except Exception as failure:  # noqa: BLE001 - the framework's own net hangs behind the doors
        return await errors.told(request, failure)
