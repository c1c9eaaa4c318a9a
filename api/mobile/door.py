"""The door of intake: a report goes straight to its function, past what a framework does for any endpoint.

Finding the route, solving dependencies and the stacks that hold them open cost a quarter of a report's processor time,
and `send_report` uses none of it: it checks the body itself. The route stays where it is for other methods of its path,
and both ways call the same function and tell refusals by the same table.
"""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors
from api.mobile.reports import send_report
from kit import clock
from kit.errors import Refusal

PATH = "/m/v1/reports"


class Door:
    """Plain ASGI, inside `Frame`: the limit on the body, the request's id and the headers are there."""

    path = PATH

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a report; everything else goes on."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            scope["route"] = self  # which route it was, for whoever counts
            answer = await _answer(Request(scope, receive))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _answer(request: Request) -> Response:
    try:
        return await send_report(request, clock.now())
    except (Refusal, ValidationError) as failure:
        return await errors.told(request, failure)
