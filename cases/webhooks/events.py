"""What a newsroom may be told of, in which words: a type, an instant, and where to ask how it is now.

A message is thin: it names an exposure and tells nothing of it, so that nobody keeps what is withdrawn. A head of the
log is there whole: it is of use where it is kept, and it names nobody (security.md §3.2).
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.feeds.items import address, uri
from cases.models.exposure import Change
from cases.models.history import LogHead
from kit.settings import settings

TEST: Final = "webhook.test"
HEAD: Final = "log.head"
# Whoever shows an exposure must hear when it has to go (E7, E9): these two come with any of the others.
GOES: Final = ("exposure.withdrawn", "exposure.expired")
EXPOSURES: Final = ("exposure.published", "exposure.updated", "exposure.corrected", *GOES)
KINDS: Final = (*EXPOSURES, HEAD)


def wanted(kinds: Iterable[str]) -> list[str]:
    """The kinds that a newsroom gets for those that it asks for; all for none."""
    asked = set(kinds) or set(KINDS)
    with_ends = asked | set(GOES) if asked & set(EXPOSURES) else asked
    return [kind for kind in KINDS if kind in with_ends]


def kind_of(change: Change) -> str:
    """The type that a line of the change log is told as."""
    return f"{change.kind}.{change.op}"


def of_change(change: Change) -> str:
    """A line of the change log, as it is told."""
    told = {"uri": uri(change.ref), "version": change.version, "url": address(change.ref)}
    return _message(kind_of(change), change.at, told)


def of_head(head: LogHead) -> str:
    """A signed head of the log, as it is told."""
    name, where = f"tag:jingzhong,2026:log:{head.size}", f"{settings().base_url}/log/head"
    return _message(HEAD, head.signed_at, {"uri": name, "version": head.size, "url": where, "note": head.note})


def of_test(webhook_id: UUID, now: datetime) -> str:
    """What is said to an address to see whether somebody is there."""
    name, where = f"tag:jingzhong,2026:webhook:{webhook_id}", f"{settings().base_url}/open/webhooks/{webhook_id}"
    return _message(TEST, now, {"uri": name, "version": 0, "url": where})


def _message(kind: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, separators=(",", ":"))
