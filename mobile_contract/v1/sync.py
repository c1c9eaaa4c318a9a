"""What has become public, changed or gone since a cursor (ecosystem 1.5 "Sync")."""

from typing import Any

from pydantic import AwareDatetime

from mobile_contract.v1.base import Outgoing
from mobile_contract.v1.enums import RemovalReason, SyncKind


class SyncItem(Outgoing):
    """A public thing as it is now; replaces what the device holds under (kind, id)."""

    kind: SyncKind
    """Skip kinds you do not know."""
    id: str
    data: dict[str, Any]


class Removed(Outgoing):
    """A thing to delete from the device."""

    kind: SyncKind
    id: str
    reason: RemovalReason


class Sync(Outgoing):
    """One page of changes, oldest first. Store `next_cursor` only after the page is stored."""

    items: list[SyncItem]
    removed: list[Removed]
    next_cursor: str
    """Opaque and signed. Valid for a time; a 410 `sync.cursor_expired` means: drop the cache, start without cursor."""
    has_more: bool
    server_time: AwareDatetime
    poll_after_s: int
