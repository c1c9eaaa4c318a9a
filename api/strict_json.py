"""One meaning for every body: JSON whose members are named once, whose numbers are numbers, and that nests no mine.

Parsers differ in what they make of a member that is given twice, of NaN, and of a number beyond all measure. Whoever
reads it first, a proxy or an audit, must have read what the code acts on; so such a body is refused, before it is read.
"""

import json
from math import isfinite
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from kit.errors import Invalid, Refusal

DIGITS: Final = 40
JSON: Final = b"application/json"


class BadJson(Invalid):
    """The body is no JSON that has one meaning."""

    code = "body.invalid"


def check(body: bytes) -> None:
    """Raise BadJson unless the body is strict JSON (RFC 8259, and I-JSON's names: RFC 7493)."""
    try:
        _STRICT.decode(body.decode())
    except BadJson:
        raise
    except RecursionError as deep:
        raise BadJson("It nests too deep.") from deep
    except ValueError as wrong:  # that of Unicode as well
        raise BadJson("It is no JSON in UTF-8.") from wrong


def _named_once(pairs: list[tuple[str, Any]]) -> None:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise BadJson("A member is named twice.")
    "".join(names).encode()  # half of a surrogate pair is no name, and nothing could repeat it


def _no_constant(_word: str) -> None:
    raise BadJson("NaN and Infinity are no numbers of JSON.")


def _number(digits: str) -> None:
    if len(digits) > DIGITS or not isfinite(float(digits)):
        raise BadJson("A number is beyond all measure.")


_STRICT: Final = json.JSONDecoder(
    object_pairs_hook=_named_once, parse_constant=_no_constant, parse_int=_number, parse_float=_number
)


class StrictJson:
    """Plain ASGI: reads the body of a JSON request, checks it, and hands it on as one piece.

    What goes through a door (api/doors.py) is checked there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, or let pass what is no JSON."""
        if scope["type"] != "http" or scope["method"] != "POST" or not _is_json(scope):
            await self.app(scope, receive, send)
            return
        pieces, more, given = [], True, False
        try:
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return
                pieces.append(message.get("body", b""))
                more = message.get("more_body", False)
            body = b"".join(pieces)
            if body:
                check(body)
        except Refusal as failure:  # of the limit on bodies as well
            await (await errors.told(Request(scope), failure))(scope, receive, send)
            return

        async def replayed() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replayed, send)


def _is_json(scope: Scope) -> bool:
    return any(name == b"content-type" and JSON in value.lower() for name, value in scope["headers"])
