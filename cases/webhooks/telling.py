"""From the change log to each newsroom: a row for each message that it wants, and a job where something is due.

Rows are made in the order of the log and each once, since the webhook notes how far it has come. A change is told when
anybody may read it: after its instant, and once no transaction can still add one before it (cases/feeds).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import feeds, history, trail
from cases.journey import Step
from cases.models.history import LogHead
from cases.models.job import Job
from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks import events
from cases.webhooks.waiting import is_live, waits

AT_ONCE = 500


def tell(session: Session, *, now: datetime) -> None:
    """Make what each live webhook is to be told of, and wake those that have something to send."""
    live = select(Webhook).where(is_live(now)).order_by(Webhook.id)
    head = history.of_the_day(session, now=now)
    for webhook in session.scalars(live.with_for_update(skip_locked=True)).all():
        _tell_changes(session, webhook, now)
        if head is not None:
            _tell_head(session, webhook, head, now)
    session.flush()
    idle = ~exists().where(
        Job.subject == Webhook.id, Job.step == str(Step.SEND_WEBHOOK), Job.done_at.is_(None), Job.failed_at.is_(None)
    )
    due = select(Webhook.id).where(idle, exists().where(WebhookDelivery.webhook_id == Webhook.id, waits(now)))
    for webhook_id in session.scalars(due).all():
        trail.enqueue(session, Step.SEND_WEBHOOK, webhook_id, now=now)


def _tell_changes(session: Session, webhook: Webhook, now: datetime) -> None:
    place = feeds.Place(webhook.told_change, webhook.told_released_at, webhook.told_release)
    for change in feeds.changes(session, since=place, limit=AT_ONCE):
        if change.at > now:
            break
        if events.kind_of(change) in webhook.kinds:
            _put(session, webhook, now, kind=events.kind_of(change), subject=f"change {change.seq}",
                 body=events.of_change(change))  # fmt: skip
        place = place.after(change)
    webhook.told_change, webhook.told_released_at, webhook.told_release = place.seq, place.released_at, place.release


def _tell_head(session: Session, webhook: Webhook, head: LogHead, now: datetime) -> None:
    if events.HEAD in webhook.kinds and head.size > webhook.told_head:
        _put(session, webhook, now, kind=events.HEAD, subject=f"head {head.size}", body=events.of_head(head))
        webhook.told_head = head.size


def _put(session: Session, webhook: Webhook, now: datetime, **message: Any) -> None:
    row = {"webhook_id": webhook.id, "client_id": webhook.client_id, "made_at": now, "next_at": now, **message}
    session.execute(insert(WebhookDelivery).values(row).on_conflict_do_nothing())
