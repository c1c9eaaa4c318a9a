"""Which message may go: a test whenever it is asked for, the rest while the webhook is live and not left in quiet."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.orm import Session

from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks.events import TEST
from people import media_keys


def is_live(now: datetime) -> ColumnElement[bool]:
    """Proven, neither paused nor ended, and of a newsroom that has a key which opens the record."""
    open_ = (Webhook.proven_at.is_not(None), Webhook.paused_at.is_(None), Webhook.ended_at.is_(None))
    return and_(*open_, media_keys.opens("exposures:read", Webhook.client_id, now))


def waits(now: datetime) -> ColumnElement[bool]:
    """Whether a message is to be sent now, asked with its webhook beside it."""
    calm = or_(Webhook.quiet_until.is_(None), Webhook.quiet_until <= now)
    sendable = or_(WebhookDelivery.kind == TEST, and_(is_live(now), calm))
    return and_(WebhookDelivery.next_at <= now, Webhook.ended_at.is_(None), sendable)


def give_up(session: Session, webhook: Webhook) -> None:
    """Nothing that waits for this webhook is tried any more."""
    waiting = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.next_at.is_not(None))
    session.execute(update(WebhookDelivery).where(*waiting).values(next_at=None))
