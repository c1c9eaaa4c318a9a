"""Signing what is sent, by Standard Webhooks: with the secret of the address, and the one before while it is good."""

import base64
import secrets
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks.webhooks import Webhook as Signer

from cases.models.webhook import Webhook, WebhookDelivery
from kit.secrets import seal, unseal

_PURPOSE = "webhook"
_BYTES = 32


def new_secret() -> str:
    """A fresh one, in the form that libraries for receivers take."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_BYTES)).decode()}"


def sealed(webhook_id: UUID, secret: str) -> bytes:
    """As it is stored: a dump of the database signs nothing."""
    return seal(_PURPOSE, str(webhook_id), secret)


def headers(webhook: Webhook, delivery: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    """The id, which is the same at every try, the instant of this try, and one signature for each good secret."""
    name, body = f"msg_{delivery.id.hex}", delivery.body or ""
    good = [webhook.secret]
    if webhook.old_secret is not None and webhook.old_until is not None and now < webhook.old_until:
        good.append(webhook.old_secret)
    keys = (Signer(unseal(_PURPOSE, str(webhook.id), bytes(each))) for each in good)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Jingzhong-Webhooks/1",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": " ".join(key.sign(name, now.astimezone(UTC), body) for key in keys),
    }
