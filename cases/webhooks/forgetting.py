"""What was said and answered goes after some days, and that it was sent after some more (security.md §3.6)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from cases import policy
from cases.models.webhook import WebhookDelivery


def forget(session: Session, *, now: datetime) -> None:
    """Let go of bodies and answers, then of rows, that are past their days. What is still tried keeps its body."""
    rules = policy.value(session, "webhooks", now)
    old, older = (now - timedelta(days=rules[name]) for name in ("body_days", "log_days"))
    over = (WebhookDelivery.next_at.is_(None), WebhookDelivery.made_at < old)
    said = or_(WebhookDelivery.body.is_not(None), WebhookDelivery.answer.is_not(None))
    session.execute(update(WebhookDelivery).where(*over, said).values(body=None, answer=None))
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.next_at.is_(None), WebhookDelivery.made_at < older))
