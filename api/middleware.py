"""Around every request: an id, a limit on its body, and the headers that every answer carries."""

import secrets
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.errors import TooLarge

PHOTO_BODY = 21 * 1024 * 1024
BODY = 256 * 1024
WITH_PHOTOS = ("/photos", "/pictures", "/scans", "/open311/v2/requests.xml", "/open311/v2/requests.json")
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# What an answer has that says nothing else: it is no page, and nobody keeps it.
UNLESS_SAID = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cache-control": b"no-store",
}


class Frame:
    """Plain ASGI, so that it costs microseconds on the hot path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request its id, count its bytes, and add the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        limit = PHOTO_BODY if scope["path"].endswith(WITH_PHOTOS) else BODY
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge(limit_bytes=limit)
            return message

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                rest = [(name, value) for name, value in UNLESS_SAID.items() if name not in said]
                message["headers"] = [*message["headers"], *HEADERS, *rest, (b"x-request-id", request_id.encode())]
            await send(message)

        with suppress(ClientDisconnect):  # the phone lost its network and will try again: no fault of ours
            await self.app(scope, counted, framed)
