"""POST /m/v1/subscriptions and /m/v1/unsubscriptions: whether a device is told that there is news of a report."""

from fastapi import Request, Response

from api.dependencies import CitizenSession, Now, host_of
from api.rights import reporter
from api.routes import citizens_router
from cases import intake, subscriptions
from kit.web_push import Target
from mobile_contract.v1.subscription import (
    SubscriptionIn,
    SubscriptionReceipt,
    UnsubscriptionIn,
    UnsubscriptionReceipt,
)

router = citizens_router()


@router.post("/subscriptions", status_code=201, name="subscribe")
@reporter
def subscribe(
    body: SubscriptionIn, request: Request, response: Response, session: CitizenSession, now: Now
) -> SubscriptionReceipt:
    """Be told by a push that there is news of a report."""
    intake.slow_guessing(host_of(request), now=now)
    response.headers["Cache-Control"] = "no-store"
    target = Target(body.endpoint, body.keys.p256dh, body.keys.auth)
    address = subscriptions.Address(body.way, target)
    report, is_new = subscriptions.subscribe(session, body.tracking_code, address, locale=body.locale, now=now)
    response.status_code = 201 if is_new else 200
    return SubscriptionReceipt(reference=report.reference, replay=not is_new)


@router.post("/unsubscriptions", name="unsubscribe")
@reporter
def unsubscribe(
    body: UnsubscriptionIn, request: Request, response: Response, session: CitizenSession, now: Now
) -> UnsubscriptionReceipt:
    """Be told no more."""
    intake.slow_guessing(host_of(request), now=now)
    response.headers["Cache-Control"] = "no-store"
    report, ended = subscriptions.unsubscribe(session, body.tracking_code, body.endpoint)
    return UnsubscriptionReceipt(reference=report.reference, ended=ended)
