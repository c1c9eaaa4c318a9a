"""Sending: one job takes one message of one webhook, so that who answers slowly holds up nobody else.

Messages go in their order. One that fails is tried again later by the waits of the policy value `webhooks`, and those
behind it go on; meanwhile the webhook itself is left in quiet for a while, so that somebody who is away costs one try
now and then. The row is written after the answer came: where a worker dies between, the message comes twice under one
id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import feeds, notices, policy, trail
from cases.journey import Step
from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks import events, signing
from cases.webhooks.waiting import give_up, waits
from kit import outward
from people.media import MediaClient

GONE = 410
LONGEST_QUIET = timedelta(minutes=5)
TOLD = "webhook"


@dataclass(frozen=True)
class Came:
    """What came of a try: a status, or the word for why there is none."""

    status: int | None
    said: str | None
    error: str | None
    wait_s: float = 0.0  # what the receiver asks for

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own classes


def deliver(session: Session, webhook_id: UUID, *, now: datetime) -> None:
    """Send the next message that waits, if one does, and come back for the one after it."""
    due = select(WebhookDelivery).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    mine = due.where(Webhook.id == webhook_id, waits(now)).order_by(WebhookDelivery.next_at, WebhookDelivery.number)
    delivery = session.scalars(mine.limit(1).with_for_update(skip_locked=True, of=WebhookDelivery)).first()
    if delivery is None:
        return
    came = _try(session.get_one(Webhook, webhook_id), delivery, now)
    webhook = session.get_one(Webhook, webhook_id, with_for_update=True, populate_existing=True)
    delivery.tries, delivery.tried_at = delivery.tries + 1, now
    delivery.status, delivery.answer, delivery.error = came.status, came.said, came.error
    if came.taken:
        _taken(session, webhook, delivery, now)
    elif came.status == GONE:
        _gone(session, webhook, now)
    else:
        _failed(session, webhook, delivery, came, now)
    session.flush()
    if session.scalar(select(exists().where(WebhookDelivery.webhook_id == Webhook.id, Webhook.id == webhook_id,
                                            waits(now)))):  # fmt: skip
        trail.enqueue(session, Step.SEND_WEBHOOK, webhook_id, now=now)


def _try(webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> Came:
    try:
        body = (delivery.body or "").encode()
        answer = outward.post(webhook.url, body, signing.headers(webhook, delivery, now=now))
    except (outward.NotReached, outward.BadAddress) as failure:
        return Came(None, None, str(failure))
    return Came(answer.status, answer.said, None, answer.wait_s or 0.0)


def _taken(session: Session, webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> None:
    delivery.delivered_at, delivery.next_at = now, None
    webhook.delivered_at, webhook.failures, webhook.quiet_until = now, 0, None
    if webhook.proven_at is None and delivery.kind == events.TEST:
        webhook.proven_at, webhook.told_change, webhook.told_released_at = now, feeds.horizon(session), now


def _gone(session: Session, webhook: Webhook, now: datetime) -> None:
    """The receiver says that it is there no more: nothing is sent again."""
    if webhook.ended_at is None:
        webhook.ended_at, webhook.ended_by = now, "receiver"
        _tell_office(session, webhook, "推送地址已由对方注销，不再推送", now)
    give_up(session, webhook)


def _failed(session: Session, webhook: Webhook, delivery: WebhookDelivery, came: Came, now: datetime) -> None:
    rules = policy.value(session, "webhooks", now)
    waits_s, is_test = rules["retry_s"], delivery.kind == events.TEST
    asked = timedelta(seconds=min(came.wait_s, max(waits_s)))  # no longer than we would wait ourselves
    if is_test or delivery.tries > len(waits_s):
        delivery.next_at = None
    else:
        delivery.next_at = now + max(_jittered(waits_s[delivery.tries - 1], rules["jitter"]), asked)
    if is_test:
        return
    webhook.failures += 1
    quiet = timedelta(seconds=waits_s[min(webhook.failures, len(waits_s)) - 1])
    # Over before the message that failed comes again.
    webhook.quiet_until = now + max(min(quiet, LONGEST_QUIET), asked)
    nothing_since = webhook.delivered_at is None or webhook.delivered_at <= delivery.made_at
    if delivery.next_at is None and nothing_since and webhook.state == "live":
        webhook.paused_at, webhook.paused_by = now, "failures"
        _tell_office(session, webhook, "推送地址多次未能送达，已暂停推送，恢复后补发", now)


def _jittered(seconds: float, share: float) -> timedelta:
    return timedelta(seconds=seconds * SystemRandom().uniform(1, 1 + share))


def _tell_office(session: Session, webhook: Webhook, what: str, now: datetime) -> None:
    name = session.scalars(select(MediaClient.name).where(MediaClient.id == webhook.client_id)).one()
    notices.tell_district(session, TOLD, f"媒体“{name}”的{what}", now=now)
