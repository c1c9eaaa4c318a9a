"""Opaque cursors: where a page ended, signed so that nobody can make one up, and covered so that nobody can read it.

A page may end at an instant that is nobody's business, such as when a case was opened, to the microsecond (X40).
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.errors import Invalid
from kit.secrets import derived, mark

_MARK = 16


class BadCursor(Invalid):
    """A cursor that this server never gave for this list."""

    code = "page.cursor_invalid"
    message = "This cursor is not valid here."
    pointer = "?after"


def bound(purpose: str, *to: Any) -> str:
    """The purpose of a list with its filters, and whose it is: a cursor of other filters, or of others, is none."""
    return f"{purpose} {json.dumps(to, default=str, separators=(',', ':'))}"


def pack(purpose: str, *values: Any) -> str:
    """A cursor for one list, holding plain values and instants."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    content = json.dumps(plain, default=str, separators=(",", ":")).encode()
    sign = _sign(purpose, content)
    return base64.urlsafe_b64encode(sign + _covered(sign, content)).decode().rstrip("=")


def unpack(purpose: str, cursor: str) -> list[Any]:
    """The values of a cursor of the same list. Raises BadCursor."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (ValueError, binascii.Error) as wrong:
        raise BadCursor from wrong
    content = _covered(raw[:_MARK], raw[_MARK:])
    if not hmac.compare_digest(raw[:_MARK], _sign(purpose, content)):
        raise BadCursor
    values: list[Any] = json.loads(content)
    return values


def where_after(purpose: str, cursor: str | None) -> tuple[datetime, UUID] | None:
    """The instant and the id after which a page begins; None for the first page. Raises BadCursor."""
    if cursor is None:
        return None
    at, id_ = unpack(purpose, cursor)
    return datetime.fromisoformat(at), UUID(id_)


def _covered(sign: bytes, content: bytes) -> bytes:
    """The content under a stream of its own, or what was under it: the sign is the nonce, as in SIV (RFC 5297)."""
    stream = hashlib.shake_256(derived("cover of cursors") + sign).digest(len(content))
    return bytes(one ^ other for one, other in zip(content, stream, strict=True))


def _sign(purpose: str, content: bytes) -> bytes:
    return mark("cursor", purpose.encode(), content)[:_MARK]
