"""/open/webhooks: a newsroom has itself told, with its key, of what changes in the public record (docs/webhooks.md)."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.delivered import delivery, page_of, shown
from api.dependencies import Now
from api.officers.bodies import Body
from api.paging import Page
from api.public.newsroom import AtWork, Newsroom
from api.rights import media
from api.routes import open_router
from cases import webhooks
from cases.models.webhook import Webhook
from cases.webhooks import Made

router = open_router("/open/webhooks", tags=["open"])
WHO = "newsroom"
Kind = Literal[
    "exposure.published", "exposure.updated", "exposure.corrected", "exposure.withdrawn", "exposure.expired", "log.head"
]  # fmt: skip


class WebhookIn(Body):
    """Where to, and of what; of all where nothing is said."""

    url: Annotated[str, Field(min_length=1, max_length=1000)]
    kinds: Annotated[tuple[Kind, ...], Field(max_length=6)] = ()


class Overlap(Body):
    """For how many hours the old secret signs beside the new one."""

    hours: Annotated[int, Field(ge=0, le=168)] = 24


@router.get("", name="list_webhooks")
@media
def list_webhooks(newsroom: Newsroom) -> dict[str, Any]:
    """Your webhooks, the newest first."""
    return {"items": [shown(each) for each in webhooks.theirs(newsroom.session, newsroom.client_id)]}


@router.post("", status_code=201, name="make_webhook")
@media
def make_webhook(body: WebhookIn, newsroom: Newsroom, now: Now, response: Response) -> dict[str, Any]:
    """A new one; its secret is told this once, and a first test is on its way."""
    made = webhooks.make(newsroom.session, newsroom.client_id, url=body.url, kinds=body.kinds, now=now)
    return _with_secret(made, response)


@router.get("/{webhook_id}", name="read_webhook")
@media
def read_webhook(webhook_id: UUID, newsroom: Newsroom) -> dict[str, Any]:
    """How one stands."""
    return shown(_mine(newsroom, webhook_id))


@router.post("/{webhook_id}/tests", status_code=201, name="test_webhook")
@media
def test_webhook(webhook_id: UUID, newsroom: Newsroom, now: Now) -> dict[str, Any]:
    """Send a test; what came of it stands among the deliveries. The first that is taken opens the webhook."""
    webhook = _mine(newsroom, webhook_id, lock=True)
    return delivery(webhooks.send_test(newsroom.session, webhook, now=now))


@router.post("/{webhook_id}/rotations", status_code=201, name="rotate_webhook_secret")
@media
def rotate_webhook_secret(
    webhook_id: UUID, body: Overlap, newsroom: Newsroom, now: Now, response: Response
) -> dict[str, Any]:
    """A new secret, told this once; for some hours each message is signed with both."""
    webhook = _mine(newsroom, webhook_id, lock=True)
    return _with_secret(webhooks.rotate(webhook, overlap=timedelta(hours=body.hours), now=now), response)


@router.post("/{webhook_id}/pauses", status_code=201, name="pause_webhook")
@media
def pause_webhook(webhook_id: UUID, newsroom: Newsroom, now: Now) -> dict[str, Any]:
    """Send nothing until it goes on."""
    return shown(webhooks.pause(_mine(newsroom, webhook_id, lock=True), who=WHO, now=now))


@router.post("/{webhook_id}/resumptions", status_code=201, name="resume_webhook")
@media
def resume_webhook(webhook_id: UUID, newsroom: Newsroom, now: Now) -> dict[str, Any]:
    """Go on where it was paused, with all that has changed since."""
    webhook = _mine(newsroom, webhook_id, lock=True)
    return shown(webhooks.resume(newsroom.session, webhook, who=WHO, now=now))


@router.post("/{webhook_id}/endings", status_code=201, name="end_webhook")
@media
def end_webhook(webhook_id: UUID, newsroom: Newsroom, now: Now) -> dict[str, Any]:
    """Send nothing there again."""
    webhook = _mine(newsroom, webhook_id, lock=True)
    return shown(webhooks.end(newsroom.session, webhook, who=WHO, now=now))


@router.get("/{webhook_id}/deliveries", name="list_webhook_deliveries")
@media
def list_webhook_deliveries(webhook_id: UUID, newsroom: Newsroom, page: Page) -> dict[str, Any]:
    """What was sent there, the newest first, with what came of it."""
    return page_of(newsroom.session, _mine(newsroom, webhook_id), page)


@router.post(
    "/{webhook_id}/deliveries/{webhook_delivery_id}/redeliveries", status_code=201, name="redeliver_webhook_delivery"
)
@media
def redeliver(webhook_id: UUID, webhook_delivery_id: UUID, newsroom: Newsroom, now: Now) -> dict[str, Any]:
    """Send one again, under the id that it has."""
    webhook = _mine(newsroom, webhook_id, lock=True)
    return delivery(webhooks.again(newsroom.session, webhook, webhook_delivery_id, now=now))


def _mine(newsroom: AtWork, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    return webhooks.find(newsroom.session, webhook_id, client_id=newsroom.client_id, lock=lock)


def _with_secret(made: Made, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "no-store"
    return {**shown(made.webhook), "secret": made.secret}
