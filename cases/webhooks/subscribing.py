"""A newsroom's webhooks: made with its key, proven by a test, paused and ended by it or by the office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Step
from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks import events, signing
from cases.webhooks.refusals import (
    AddressTaken,
    NoSuchWebhook,
    PausedByOffice,
    TooManyTests,
    TooManyWebhooks,
    WrongState,
)
from cases.webhooks.waiting import give_up
from kit import outward

MOST = 5
TESTS_AN_HOUR = 20
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A webhook with a fresh secret, which is told this once."""

    webhook: Webhook
    secret: str


def make(session: Session, client_id: UUID, *, url: str, kinds: Iterable[str], now: datetime) -> Made:
    """A webhook that is told of nothing before a test has reached it; the first is on its way.

    Raises BadAddress, AddressTaken, TooManyWebhooks.
    """
    outward.check(url)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"webhooks of {client_id}"))))
    live = [each for each in theirs(session, client_id) if each.ended_at is None]
    if any(each.url == url for each in live):
        raise AddressTaken
    if len(live) >= MOST:
        raise TooManyWebhooks
    id_, secret = uuid4(), signing.new_secret()
    webhook = Webhook(
        id=id_, client_id=client_id, url=url, kinds=events.wanted(kinds), secret=signing.sealed(id_, secret),
        made_at=now,
    )  # fmt: skip
    session.add(webhook)
    session.flush()
    send_test(session, webhook, now=now)
    return Made(webhook, secret)


def theirs(session: Session, client_id: UUID) -> Sequence[Webhook]:
    """A newsroom's webhooks, the newest first, with those that have ended."""
    found = select(Webhook).where(Webhook.client_id == client_id)
    return session.scalars(found.order_by(Webhook.made_at.desc(), Webhook.id)).all()


def every(session: Session) -> Sequence[Webhook]:
    """The webhooks of all, the newest first."""
    return session.scalars(select(Webhook).order_by(Webhook.made_at.desc(), Webhook.id)).all()


def find(session: Session, webhook_id: UUID, *, client_id: UUID | None = None, lock: bool = False) -> Webhook:
    """One, of a newsroom where that is who asks. Raises NoSuchWebhook."""
    found = session.get(Webhook, webhook_id, with_for_update=lock, populate_existing=lock)
    if found is None or client_id not in {None, found.client_id}:
        raise NoSuchWebhook
    return found


def send_test(session: Session, webhook: Webhook, *, now: datetime) -> WebhookDelivery:
    """Send a test, once; an answer of 2xx proves the address. Raises WrongState, TooManyTests."""
    if webhook.ended_at is not None:
        raise WrongState
    lately = select(func.count()).where(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.kind == events.TEST,
        WebhookDelivery.made_at > now - AN_HOUR,
    )  # fmt: skip
    if session.scalars(lately).one() >= TESTS_AN_HOUR:
        raise TooManyTests(retry_after_s=int(AN_HOUR.total_seconds()))
    delivery = WebhookDelivery(
        webhook_id=webhook.id, client_id=webhook.client_id, kind=events.TEST, body=events.of_test(webhook.id, now),
        made_at=now, next_at=now,
    )  # fmt: skip
    session.add(delivery)
    session.flush()
    trail.enqueue(session, Step.SEND_WEBHOOK, webhook.id, now=now)
    return delivery


def rotate(webhook: Webhook, *, overlap: timedelta, now: datetime) -> Made:
    """A new secret for a locked webhook; the one before signs too for the time of `overlap`. Raises WrongState."""
    if webhook.ended_at is not None:
        raise WrongState
    secret = signing.new_secret()
    webhook.old_secret, webhook.old_until = webhook.secret, now + overlap
    webhook.secret = signing.sealed(webhook.id, secret)
    return Made(webhook, secret)


def pause(webhook: Webhook, *, who: str, now: datetime) -> Webhook:
    """Nothing is sent until it goes on; what changes meanwhile is told then. Raises WrongState."""
    if webhook.ended_at is not None or (webhook.paused_by == "office" and who != "office"):
        raise WrongState
    webhook.paused_at, webhook.paused_by = now, who
    return webhook


def resume(session: Session, webhook: Webhook, *, who: str, now: datetime) -> Webhook:
    """Go on where it was paused. Raises WrongState, PausedByOffice."""
    if webhook.state != "paused":
        raise WrongState
    if webhook.paused_by == "office" and who != "office":
        raise PausedByOffice
    webhook.paused_at = webhook.paused_by = webhook.quiet_until = None
    webhook.failures = 0
    if webhook.proven_at is not None:
        trail.enqueue(session, Step.SEND_WEBHOOK, webhook.id, now=now)
    return webhook


def end(session: Session, webhook: Webhook, *, who: str, now: datetime) -> Webhook:
    """Nothing is ever sent there again; whoever wants it back makes a new one. Raises WrongState."""
    if webhook.ended_at is not None:
        raise WrongState
    webhook.ended_at, webhook.ended_by = now, who
    webhook.old_secret = webhook.old_until = None
    give_up(session, webhook)
    return webhook
