"""Webhooks, and what was sent to them, as the newsroom and the office read them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.cursors import bound
from api.paging import Paging
from cases import webhooks
from cases.models.webhook import Webhook, WebhookDelivery


def shown(webhook: Webhook) -> dict[str, Any]:
    """A webhook without its secret; `by` says who paused or ended it."""
    return {
        "id": str(webhook.id), "url": webhook.url, "kinds": webhook.kinds, "state": webhook.state,
        "by": webhook.ended_by or webhook.paused_by, "made_at": webhook.made_at.isoformat(),
        "proven_at": _iso(webhook.proven_at), "paused_at": _iso(webhook.paused_at), "ended_at": _iso(webhook.ended_at),
        "delivered_at": _iso(webhook.delivered_at), "failures": webhook.failures,
        "old_secret_until": _iso(webhook.old_until),
    }  # fmt: skip


def delivery(row: WebhookDelivery) -> dict[str, Any]:
    """One message with its last try; `message_id` is what its header `webhook-id` carries."""
    return {
        "id": str(row.id), "message_id": f"msg_{row.id.hex}", "kind": row.kind, "state": row.state,
        "made_at": row.made_at.isoformat(), "tries": row.tries, "tried_at": _iso(row.tried_at),
        "next_at": _iso(row.next_at), "delivered_at": _iso(row.delivered_at), "status": row.status,
        "error": row.error, "answer": row.answer, "body": row.body,
    }  # fmt: skip


def page_of(session: Session, webhook: Webhook, page: Paging) -> dict[str, Any]:
    """A page of what was sent to a webhook."""
    whose = bound("webhook deliveries", webhook.id)
    before = page.key(whose)
    rows = webhooks.sent(session, webhook, limit=page.limit, before=before[0] if before else None)
    return {"items": [delivery(row) for row in rows], "next": page.next(whose, rows, lambda row: (row.number,))}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
