"""Operations that will go say so in every answer they give, refusals too: Deprecation (RFC 9745), Sunset (RFC 8594).

Which and when stands in the policy `app_retiring`, by operationId: `deprecated_on`, `gone_on`, and `see` for where to
read about it. A row that cannot be, or that gives apps less than a year, is told to the log and to no phone.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.clock import LOCAL_ZONE
from mobile_contract.v1.operations import OPERATIONS, PREFIX

Headers = list[tuple[bytes, bytes]]
LEAST = timedelta(days=365)

log = structlog.get_logger()


class Retiring:
    """Plain ASGI around doors and routes alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what is to be said of the operation, if anything is."""
        told = _of(scope) if scope["type"] == "http" and scope["path"].startswith(PREFIX) else None
        if not told:
            await self.app(scope, receive, send)
            return

        async def saying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *told]
            await send(message)

        await self.app(scope, receive, saying)


def _of(scope: Scope) -> Headers | None:
    rules = getattr(scope["app"].state, "rules", None)
    return rules.retiring.get((scope["method"], scope["path"])) if rules is not None else None


def headers_of(rows: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Headers]:
    """What each operation that will go has to say, by its method and path."""
    found = {}
    for name, row in rows.items():
        try:
            op = OPERATIONS[name]
            found[op.method.upper(), op.path] = _said(row)
        except (LookupError, ValueError, TypeError) as wrong:
            log.warning("operation does not retire", operation=name, error=str(wrong))
    return found


def _said(row: Mapping[str, Any]) -> Headers:
    deprecated, gone = (_midnight(row[key]) for key in ("deprecated_on", "gone_on"))
    if gone - deprecated < LEAST:
        raise ValueError("apps have at least a year")
    said = [
        (b"deprecation", f"@{int(deprecated.timestamp())}".encode()),
        (b"sunset", format_datetime(gone, usegmt=True).encode()),
    ]
    if see := row.get("see"):
        said.append((b"link", f'<{see}>; rel="deprecation"'.encode("ascii")))
    return said


def _midnight(day: str) -> datetime:
    from_here = datetime.combine(date.fromisoformat(day), time.min, LOCAL_ZONE)
    return from_here.astimezone(UTC)
