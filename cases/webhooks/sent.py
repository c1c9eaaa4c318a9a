"""What was sent to a webhook, and sending one of it again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Step
from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks.refusals import BodyGone, NoSuchDelivery, StillWaiting, WrongState


def sent(session: Session, webhook: Webhook, *, limit: int, before: int | None = None) -> Sequence[WebhookDelivery]:
    """The messages of a webhook, the newest first."""
    found = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if before is not None:
        found = found.where(WebhookDelivery.number < before)
    return session.scalars(found.order_by(WebhookDelivery.number.desc()).limit(limit)).all()


def again(session: Session, webhook: Webhook, delivery_id: UUID, *, now: datetime) -> WebhookDelivery:
    """Send a message that was delivered or has failed once more, under the id that it has.

    Raises NoSuchDelivery, StillWaiting, BodyGone, WrongState.
    """
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.webhook_id != webhook.id:
        raise NoSuchDelivery
    if webhook.state != "live":
        raise WrongState
    if delivery.next_at is not None:
        raise StillWaiting
    if delivery.body is None:
        raise BodyGone
    delivery.next_at, delivery.delivered_at, delivery.tries = now, None, 0
    trail.enqueue(session, Step.SEND_WEBHOOK, webhook.id, now=now)
    return delivery
