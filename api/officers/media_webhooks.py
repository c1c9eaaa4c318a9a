"""/o/v1/media-webhooks: the district sees where newsrooms have themselves told, what came of it, and may end it."""

from typing import Any
from uuid import UUID

from api.delivered import delivery, page_of, shown
from api.dependencies import Now, OfficerSession
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import webhooks
from people.roles import Role

router = officers_router("/media-webhooks", tags=["media"])
WHO = "office"


@router.get("", name="list_media_webhooks")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def list_media_webhooks(session: OfficerSession) -> dict[str, Any]:
    """Every webhook, the newest first, with the newsroom whose it is."""
    return {"items": [{**shown(each), "client_id": str(each.client_id)} for each in webhooks.every(session)]}


@router.get("/{webhook_id}/deliveries", name="list_media_webhook_deliveries")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def list_media_webhook_deliveries(webhook_id: UUID, session: OfficerSession, page: Page) -> dict[str, Any]:
    """What was sent to one, the newest first, with what came of it."""
    return page_of(session, webhooks.find(session, webhook_id), page)


@router.post("/{webhook_id}/tests", status_code=201, name="test_media_webhook")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def test_media_webhook(webhook_id: UUID, session: OfficerSession, now: Now) -> dict[str, Any]:
    """Send a test."""
    return delivery(webhooks.send_test(session, webhooks.find(session, webhook_id, lock=True), now=now))


@router.post("/{webhook_id}/pauses", status_code=201, name="pause_media_webhook")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def pause_media_webhook(webhook_id: UUID, session: OfficerSession, now: Now) -> dict[str, Any]:
    """Send nothing until the office lets it go on."""
    return shown(webhooks.pause(webhooks.find(session, webhook_id, lock=True), who=WHO, now=now))


@router.post("/{webhook_id}/resumptions", status_code=201, name="resume_media_webhook")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def resume_media_webhook(webhook_id: UUID, session: OfficerSession, now: Now) -> dict[str, Any]:
    """Go on where it was paused."""
    return shown(webhooks.resume(session, webhooks.find(session, webhook_id, lock=True), who=WHO, now=now))


@router.post("/{webhook_id}/endings", status_code=201, name="end_media_webhook")
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def end_media_webhook(webhook_id: UUID, session: OfficerSession, now: Now) -> dict[str, Any]:
    """Send nothing there again."""
    return shown(webhooks.end(session, webhooks.find(session, webhook_id, lock=True), who=WHO, now=now))


@router.post(
    "/{webhook_id}/deliveries/{webhook_delivery_id}/redeliveries", status_code=201, name="redeliver_media_webhook"
)
@may(Role.PUBLISHER, scope=Scope.DISTRICT)
def redeliver(webhook_id: UUID, webhook_delivery_id: UUID, session: OfficerSession, now: Now) -> dict[str, Any]:
    """Send one message again, under the id that it has."""
    webhook = webhooks.find(session, webhook_id, lock=True)
    return delivery(webhooks.again(session, webhook, webhook_delivery_id, now=now))
